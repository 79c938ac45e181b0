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

    /// <summary>Keys are in force as soon as they are published.</summary>
    public EntityKeyIndexStatus? EntityKeyIndexStatus { get; init; } = Types.EntityKeyIndexStatus.Active;

    public bool? IsSynchronous { get; init; } = true;

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
