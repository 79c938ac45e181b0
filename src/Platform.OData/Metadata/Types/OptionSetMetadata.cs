using System.Collections.Immutable;

namespace Platform.OData.Metadata.Types;

/// <summary>The values of a choice.</summary>
internal abstract record OptionSetMetadataBase : MetadataBase
{
    public bool? IsCustomOptionSet { get; init; }

    public bool? IsGlobal { get; init; }

    public bool? IsManaged { get; init; }

    [AlternateKey]
    public string? Name { get; init; }

    public string? ExternalTypeName { get; init; }

    public OptionSetType? OptionSetType { get; init; }

    public string? IntroducedVersion { get; init; }

    public Label? Description { get; init; }

    public Label? DisplayName { get; init; }

    public BooleanManagedProperty? IsCustomizable { get; init; }
}

internal sealed record OptionSetMetadata : OptionSetMetadataBase
{
    public string? ParentOptionSetName { get; init; }

    public ImmutableArray<OptionMetadata> Options { get; init; } = [];
}

internal sealed record BooleanOptionSetMetadata : OptionSetMetadataBase
{
    public OptionMetadata? TrueOption { get; init; }

    public OptionMetadata? FalseOption { get; init; }
}

internal enum OptionSetType
{
    Picklist = 0,
    State = 1,
    Status = 2,
    Boolean = 3,
}
