using System.Collections.Immutable;

namespace Platform.OData.Metadata.Types;

/// <summary>One value of a choice.</summary>
internal record OptionMetadata
{
    public int? Value { get; init; }

    /// <summary>A colour of the app's palette, by name.</summary>
    public string? Color { get; init; }

    public bool? IsManaged { get; init; }

    public string? ExternalValue { get; init; } = "";

    public ImmutableArray<int> ParentValues { get; init; } = [];

    public Guid? MetadataId { get; init; }

    public bool? HasChanged { get; init; }

    public Label? Label { get; init; }

    public Label? Description { get; init; } = Types.Label.Empty;
}

internal sealed record StateOptionMetadata : OptionMetadata
{
    /// <summary>Status of a row that comes into this state.</summary>
    public int? DefaultStatus { get; init; }

    public string? InvariantName { get; init; }
}

internal sealed record StatusOptionMetadata : OptionMetadata
{
    /// <summary><c>statecode</c> that the status belongs to.</summary>
    public int? State { get; init; }

    /// <summary>XML: the statuses that may follow; <c>null</c> for any.</summary>
    public string? TransitionData { get; init; }
}
