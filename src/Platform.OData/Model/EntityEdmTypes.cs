using Microsoft.OData.Edm;
using Platform.Engine.Metadata;

namespace Platform.OData.Model;

/// <summary>
/// The entity types and sets of a model. A type gets its properties when somebody asks for them: after a publish the
/// first request needs one or two of hundreds of types, and only <c>$metadata</c> all.
/// </summary>
internal sealed class EntityEdmTypes
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (EntityEdmType Type, EdmEntitySet Set)> byEntity = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (EdmNavigationProperty First, EdmNavigationProperty Second)> navigations = new(StringComparer.Ordinal);

    private readonly ILookup<string, RelationshipDefinition> incoming;

    public EntityEdmTypes(MetadataSnapshot metadata, EdmModel model, EdmEntityContainer container, IEdmEntityType baseType)
    {
        incoming = metadata.Entities.SelectMany(entity => entity.ManyToOne).ToLookup(relationship => relationship.ReferencedEntity, StringComparer.Ordinal);
        foreach (var entity in metadata.Entities)
        {
            var type = new EntityEdmType(this, entity, baseType);
            model.AddElement(type);
            byEntity[entity.LogicalName] = (type, container.AddEntitySet(entity.EntitySetName, type));
        }
    }

    /// <summary>Makes all properties of all types.</summary>
    public void Complete()
    {
        foreach (var (type, _) in byEntity.Values) Complete(type);
    }

    /// <summary>Makes the columns of a type.</summary>
    internal void AddColumns(EntityEdmType type)
    {
        if (type.Progress >= EdmProgress.Columns) return;
        lock (gate)
        {
            if (type.Progress >= EdmProgress.Columns) return;
            type.AddColumns();
            type.Progress = EdmProgress.Columns;
        }
    }

    /// <summary>Makes the columns and navigation properties of a type. What they lead to gets its columns, no more.</summary>
    internal void Complete(EntityEdmType type)
    {
        if (type.Progress == EdmProgress.Complete) return;
        lock (gate)
        {
            // Under way, in this thread: the library looks at what is there so far.
            if (type.IsUnderWay || type.Progress == EdmProgress.Complete) return;
            type.IsUnderWay = true;
            AddColumns(type);
            foreach (var relationship in type.Entity.ManyToOne) Add(type, Navigation(relationship)?.First);
            foreach (var relationship in incoming[type.Name]) Add(type, Navigation(relationship)?.Second);
            foreach (var relationship in type.Entity.ManyToMany)
            {
                if (Navigation(relationship) is not var (first, second)) continue;
                if (relationship.First.Entity == type.Name) type.AddProperty(first);
                if (relationship.Second.Entity == type.Name) type.AddProperty(second);
            }
            type.Progress = EdmProgress.Complete;
        }
    }

    private static void Add(EntityEdmType type, EdmNavigationProperty? property)
    {
        if (property is not null) type.AddProperty(property);
    }

    /// <summary>Both ends of a 1:N relationship, the side of the lookup first; <c>null</c> when an end is not in the model.</summary>
    private (EdmNavigationProperty First, EdmNavigationProperty Second)? Navigation(RelationshipDefinition relationship)
    {
        if (navigations.TryGetValue(relationship.Name, out var known)) return known;
        if (!byEntity.TryGetValue(relationship.ReferencingEntity, out var referencing) || !byEntity.TryGetValue(relationship.ReferencedEntity, out var referenced)) return null;
        AddColumns(referencing.Type);
        return Tie(
            relationship.Name,
            referencing,
            new EdmNavigationPropertyInfo
            {
                Name = relationship.ReferencingNavigation,
                Target = referenced.Type,
                TargetMultiplicity = EdmMultiplicity.ZeroOrOne,
                DependentProperties = [referencing.Type.Columns[$"_{relationship.ReferencingAttribute}_value"]],
                PrincipalProperties = referenced.Type.DeclaredKey,
            },
            referenced,
            new EdmNavigationPropertyInfo { Name = relationship.Name, Target = referencing.Type, TargetMultiplicity = EdmMultiplicity.Many });
    }

    private (EdmNavigationProperty First, EdmNavigationProperty Second)? Navigation(ManyToManyDefinition relationship)
    {
        if (navigations.TryGetValue(relationship.Name, out var known)) return known;
        if (!byEntity.TryGetValue(relationship.First.Entity, out var first) || !byEntity.TryGetValue(relationship.Second.Entity, out var second)) return null;
        return Tie(
            relationship.Name,
            first,
            new EdmNavigationPropertyInfo { Name = relationship.First.Navigation, Target = second.Type, TargetMultiplicity = EdmMultiplicity.Many },
            second,
            new EdmNavigationPropertyInfo { Name = relationship.Second.Navigation, Target = first.Type, TargetMultiplicity = EdmMultiplicity.Many });
    }

    private (EdmNavigationProperty First, EdmNavigationProperty Second) Tie(
        string name, (EntityEdmType Type, EdmEntitySet Set) first, EdmNavigationPropertyInfo there, (EntityEdmType Type, EdmEntitySet Set) second, EdmNavigationPropertyInfo back)
    {
        var property = EdmNavigationProperty.CreateNavigationPropertyWithPartner(there, back);
        var partner = (EdmNavigationProperty)property.Partner;
        first.Set.AddNavigationTarget(property, second.Set);
        second.Set.AddNavigationTarget(partner, first.Set);
        return navigations[name] = (property, partner);
    }
}

/// <summary>How much of a type is made.</summary>
internal enum EdmProgress
{
    Nothing,
    Columns,
    Complete,
}

/// <summary>The type of an entity, made piece by piece.</summary>
internal sealed class EntityEdmType(EntityEdmTypes types, EntityDefinition entity, IEdmEntityType baseType)
    : EdmEntityType(EdmModelBuilder.Namespace, entity.LogicalName, baseType, isAbstract: false, isOpen: false)
{
    private volatile EdmProgress progress;

    public EntityDefinition Entity { get; } = entity;

    /// <summary>Columns by their name in the Web API.</summary>
    public Dictionary<string, IEdmStructuralProperty> Columns { get; } = new(StringComparer.Ordinal);

    /// <summary>The key as conditions speak of it: behind an empty lookup it is nothing.</summary>
    public IEdmStructuralProperty? KeyOrNothing { get; private set; }

    public EdmProgress Progress
    {
        get => progress;
        set => progress = value;
    }

    public bool IsUnderWay { get; set; }

    public override IEnumerable<IEdmProperty> DeclaredProperties
    {
        get
        {
            types.Complete(this);
            return base.DeclaredProperties;
        }
    }

    public override IEnumerable<IEdmStructuralProperty> DeclaredKey
    {
        get
        {
            types.AddColumns(this);
            return base.DeclaredKey;
        }
    }

    internal void AddColumns()
    {
        foreach (var attribute in Entity.Attributes)
        {
            var isKey = attribute.LogicalName == Entity.PrimaryIdAttribute;
            var property = AddStructuralProperty(attribute.WebApiName, EdmModelBuilder.PropertyType(attribute, nullable: !isKey));
            Columns[property.Name] = property;
            if (!isKey) continue;
            AddKeys(property);
            KeyOrNothing = new EdmStructuralProperty(this, property.Name, EdmModelBuilder.PropertyType(attribute, nullable: true));
        }
    }
}
