using System.Collections.Immutable;

namespace Platform.OData.Metadata.Types;

/// <summary>An alternate key.</summary>
internal sealed record EntityKeyMetadata : MetadataBase
{
    public string? EntityLogicalName { get; init; }

    public ImmutableArray<string> KeyAttributes { get; init; } = [];

    public bool? IsManaged { get; init; }

    public string? IntroducedVersion { get; init; }

    [AlternateKey]
    public string? LogicalName { get; init; }

    public string? SchemaName { get; init; }

    /// <summary>Rows can be named by the key when it is active.</summary>
    public EntityKeyIndexStatus? EntityKeyIndexStatus { get; init; }

    /// <summary>Why the key could not be built, with the rows that share its values; beyond Dataverse.</summary>
    public string? EntityKeyIndexFailure { get; init; }

    public bool? IsSynchronous { get; init; } = false;

    public bool? IsExportKey { get; init; } = false;

    public bool? IsSecondaryKey { get; init; } = false;

    public Label? DisplayName { get; init; }

    public BooleanManagedProperty? IsCustomizable { get; init; }
}

internal enum EntityKeyIndexStatus
{
    Pending = 0,
    InProgress = 1,
    Active = 2,
    Failed = 3,
}
