namespace Platform.OData.Metadata.Types;

internal abstract record RelationshipMetadataBase : MetadataBase
{
    public bool? IsCustomRelationship { get; init; }

    public bool? IsValidForAdvancedFind { get; init; } = true;

    [AlternateKey]
    public string? SchemaName { get; init; }

    public SecurityTypes? SecurityTypes { get; init; }

    public bool? IsManaged { get; init; }

    public RelationshipType? RelationshipType { get; init; }

    public string? IntroducedVersion { get; init; }

    public BooleanManagedProperty? IsCustomizable { get; init; }
}

internal sealed record OneToManyRelationshipMetadata : RelationshipMetadataBase
{
    public string? ReferencedAttribute { get; init; }

    public string? ReferencedEntity { get; init; }

    public string? ReferencingAttribute { get; init; }

    public string? ReferencingEntity { get; init; }

    public bool? IsHierarchical { get; init; }

    public string? EntityKey { get; init; }

    public bool? IsRelationshipAttributeDenormalized { get; init; } = false;

    public string? ReferencedEntityNavigationPropertyName { get; init; }

    public string? ReferencingEntityNavigationPropertyName { get; init; }

    public int? RelationshipBehavior { get; init; }

    public bool? IsDenormalizedLookup { get; init; }

    public string? DenormalizedAttributeName { get; init; }

    public AssociatedMenuConfiguration? AssociatedMenuConfiguration { get; init; }

    public CascadeConfiguration? CascadeConfiguration { get; init; }
}

internal sealed record ManyToManyRelationshipMetadata : RelationshipMetadataBase
{
    public string? Entity1LogicalName { get; init; }

    public string? Entity2LogicalName { get; init; }

    public string? IntersectEntityName { get; init; }

    public string? Entity1IntersectAttribute { get; init; }

    public string? Entity2IntersectAttribute { get; init; }

    public string? Entity1NavigationPropertyName { get; init; }

    public string? Entity2NavigationPropertyName { get; init; }

    public AssociatedMenuConfiguration? Entity1AssociatedMenuConfiguration { get; init; }

    public AssociatedMenuConfiguration? Entity2AssociatedMenuConfiguration { get; init; }
}

internal enum RelationshipType
{
    OneToManyRelationship = 0,
    ManyToManyRelationship = 1,
}

[Flags]
internal enum SecurityTypes
{
    None = 0,
    Append = 1,
    ParentChild = 2,
    Pointer = 4,
    Inheritance = 8,
}
