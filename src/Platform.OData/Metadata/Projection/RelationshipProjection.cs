using Platform.Engine.Metadata;
using Platform.OData.Metadata.Types;

namespace Platform.OData.Metadata.Projection;

/// <summary>Relationships as Dataverse describes them. Each is made once, whichever end it is seen from.</summary>
internal sealed class RelationshipProjection(MetadataSnapshot metadata, LabelProjection labels)
{
    private readonly Dictionary<string, OneToManyRelationshipMetadata> oneToMany = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ManyToManyRelationshipMetadata> manyToMany = new(StringComparer.Ordinal);

    public OneToManyRelationshipMetadata Of(RelationshipDefinition relationship)
    {
        if (oneToMany.TryGetValue(relationship.Name, out var made)) return made;
        var pack = PackOf(relationship);
        return oneToMany[relationship.Name] = new OneToManyRelationshipMetadata
        {
            MetadataId = MetadataIds.Relationship(relationship.Name),
            SchemaName = relationship.Name,
            RelationshipType = RelationshipType.OneToManyRelationship,
            SecurityTypes = relationship.Cascade.IsParental ? SecurityTypes.ParentChild : SecurityTypes.Append,
            IsCustomRelationship = Layer.IsCustom(pack),
            IsManaged = Layer.IsManaged(pack),
            IsCustomizable = Layer.Setting(pack, true, "iscustomizable"),
            ReferencedEntity = relationship.ReferencedEntity,
            ReferencedAttribute = metadata.Find(relationship.ReferencedEntity)?.PrimaryIdAttribute,
            ReferencingEntity = relationship.ReferencingEntity,
            ReferencingAttribute = relationship.ReferencingAttribute,
            IsHierarchical = relationship.IsHierarchical,
            ReferencedEntityNavigationPropertyName = relationship.Name,
            ReferencingEntityNavigationPropertyName = relationship.ReferencingNavigation,
            AssociatedMenuConfiguration = new AssociatedMenuConfiguration(),
            CascadeConfiguration = Cascades(relationship),
        };
    }

    public ManyToManyRelationshipMetadata Of(ManyToManyDefinition relationship)
    {
        if (manyToMany.TryGetValue(relationship.Name, out var made)) return made;
        var id = MetadataIds.Relationship(relationship.Name);
        var pack = metadata.Find(relationship.IntersectEntity)?.Pack ?? PackDefinition.Customization;
        var menu = new AssociatedMenuConfiguration
        {
            Behavior = AssociatedMenuBehavior.UseLabel, Label = labels.Of(relationship.Title, id, nameof(AssociatedMenuConfiguration.Label), Layer.IsManaged(pack)),
        };
        return manyToMany[relationship.Name] = new ManyToManyRelationshipMetadata
        {
            MetadataId = id,
            SchemaName = relationship.Name,
            RelationshipType = RelationshipType.ManyToManyRelationship,
            SecurityTypes = SecurityTypes.None,
            IsCustomRelationship = Layer.IsCustom(pack),
            IsManaged = Layer.IsManaged(pack),
            IsCustomizable = Layer.Setting(pack, true, "iscustomizable"),
            Entity1LogicalName = relationship.First.Entity,
            Entity1IntersectAttribute = relationship.First.IntersectAttribute,
            Entity1NavigationPropertyName = relationship.First.Navigation,
            Entity1AssociatedMenuConfiguration = menu,
            Entity2LogicalName = relationship.Second.Entity,
            Entity2IntersectAttribute = relationship.Second.IntersectAttribute,
            Entity2NavigationPropertyName = relationship.Second.Navigation,
            Entity2AssociatedMenuConfiguration = menu,
            IntersectEntityName = relationship.IntersectEntity,
        };
    }

    /// <summary>A relationship comes with its lookup.</summary>
    private string PackOf(RelationshipDefinition relationship) =>
        metadata.Find(relationship.ReferencingEntity)?.Find(relationship.ReferencingAttribute)?.Pack ?? PackDefinition.Customization;

    private static CascadeConfiguration Cascades(RelationshipDefinition relationship) => new()
    {
        Assign = Of(relationship.Cascade.Assign),
        Share = Of(relationship.Cascade.Share),
        Unshare = Of(relationship.Cascade.Unshare),
        Reparent = Of(relationship.Cascade.Reparent),
        Merge = relationship.Cascade.Merge ? CascadeType.Cascade : CascadeType.NoCascade,
        Delete = relationship.OnDelete switch
        {
            DeleteBehavior.Cascade => CascadeType.Cascade,
            DeleteBehavior.Restrict => CascadeType.Restrict,
            _ => CascadeType.RemoveLink,
        },
    };

    private static CascadeType Of(CascadeScope scope) => scope switch
    {
        CascadeScope.Cascade => CascadeType.Cascade,
        CascadeScope.Active => CascadeType.Active,
        CascadeScope.UserOwned => CascadeType.UserOwned,
        _ => CascadeType.NoCascade,
    };
}
