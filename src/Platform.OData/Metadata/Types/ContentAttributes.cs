namespace Platform.OData.Metadata.Types;

internal sealed record FileAttributeMetadata : AttributeMetadata
{
    /// <summary>In units of 1,024 bytes.</summary>
    public int? MaxSizeInKB { get; init; }
}

internal sealed record ImageAttributeMetadata : AttributeMetadata
{
    /// <summary>In units of 1,024 bytes.</summary>
    public int? MaxSizeInKB { get; init; }

    /// <summary>The whole image is kept beside the small one.</summary>
    public bool? CanStoreFullImage { get; init; } = true;

    /// <summary>The image stands for the record itself.</summary>
    public bool? IsPrimaryImage { get; init; }

    /// <summary>Of the small image.</summary>
    public int? MaxHeight { get; init; } = 144;

    public int? MaxWidth { get; init; } = 144;
}

/// <summary>A point on the earth, which Dataverse does not have.</summary>
internal sealed record GeoPointAttributeMetadata : AttributeMetadata;
