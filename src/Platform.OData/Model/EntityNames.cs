using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Platform.Engine.Metadata;

namespace Platform.OData.Model;

/// <summary>What a name in a body or a query of an entity stands for.</summary>
internal enum NameKind
{
    /// <summary>A column under its logical name.</summary>
    Attribute,

    /// <summary><c>_primarycontactid_value</c>: the id that a lookup shows when read.</summary>
    LookupValue,

    /// <summary>A single-valued navigation property: how a lookup is written.</summary>
    Navigation,

    /// <summary>A collection-valued navigation property.</summary>
    Collection,
}

/// <param name="Attribute">The column; for a collection, the primary key (it has no column here).</param>
/// <param name="Target">For a navigation property the entity it leads to; <c>null</c> where it leads to any target of the lookup.</param>
internal sealed record EntityName(NameKind Kind, AttributeDefinition Attribute, string? Target = null);

/// <summary>The names that an entity understands in the Web API. Made once per definition.</summary>
internal sealed class EntityNames
{
    private static readonly ConditionalWeakTable<EntityDefinition, EntityNames> Made = [];

    private readonly FrozenDictionary<string, EntityName> names;

    private EntityNames(EntityDefinition entity)
    {
        var found = new Dictionary<string, EntityName>(StringComparer.Ordinal);
        foreach (var relationship in entity.OneToMany)
            found[relationship.Name] = new EntityName(NameKind.Collection, entity.PrimaryId, relationship.ReferencingEntity);
        foreach (var relationship in entity.ManyToMany)
            foreach (var (near, far) in ((ManyToManyEnd, ManyToManyEnd)[])[(relationship.First, relationship.Second), (relationship.Second, relationship.First)])
                if (near.Entity == entity.LogicalName) found[near.Navigation] = new EntityName(NameKind.Collection, entity.PrimaryId, far.Entity);
        foreach (var attribute in entity.Attributes)
        {
            if (attribute.Kind != AttributeKind.Lookup)
            {
                found[attribute.LogicalName] = new EntityName(NameKind.Attribute, attribute);
                continue;
            }
            found[attribute.WebApiName] = new EntityName(NameKind.LookupValue, attribute);
            // `ownerid` has two targets and is still written by its own name: the URL in the value says which one is meant.
            found[attribute.LogicalName] = new EntityName(NameKind.Navigation, attribute);
        }
        foreach (var relationship in entity.ManyToOne)
            found[relationship.ReferencingNavigation] =
                new EntityName(NameKind.Navigation, entity.Attribute(relationship.ReferencingAttribute), relationship.ReferencedEntity);
        names = found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public static EntityNames Of(EntityDefinition entity) => Made.GetValue(entity, static entity => new EntityNames(entity));

    public EntityName? Find(ReadOnlySpan<char> name) =>
        names.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var found) ? found : null;
}
