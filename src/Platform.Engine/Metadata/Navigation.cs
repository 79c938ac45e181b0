using System.Collections.Frozen;
using System.Runtime.CompilerServices;

namespace Platform.Engine.Metadata;

/// <summary>A relationship as a row at one of its ends sees it: where a navigation property leads.</summary>
/// <param name="Name">Name of the navigation property.</param>
/// <param name="Target">Logical name of the entity that it leads to; <c>null</c> where it leads to any target of a lookup (<c>ownerid</c>).</param>
public abstract record Navigation(string Name, string? Target)
{
    /// <summary>The navigation property of an entity with this name, or else the relationship with this schema name; <c>null</c> when there is none.</summary>
    public static Navigation? Find(EntityDefinition entity, ReadOnlySpan<char> name) =>
        EntityNavigations.Of(entity).ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var found) ? found : null;

    /// <summary>Leads to many rows.</summary>
    public bool IsCollection => this is not LookupNavigation;
}

/// <summary>To the row that a lookup of this row points to (N:1).</summary>
public sealed record LookupNavigation(string Name, string? Target, AttributeDefinition Lookup) : Navigation(Name, Target);

/// <summary>To the rows whose lookup points to this row (1:N).</summary>
/// <param name="Attribute">The lookup, an attribute of <see cref="Navigation.Target"/>.</param>
public sealed record RowsNavigation(string Name, string Target, string Attribute) : Navigation(Name, Target);

/// <summary>To the rows that an intersect table ties to this row (N:N).</summary>
/// <param name="Near">The end at which this row stands.</param>
/// <param name="Far">The other one.</param>
public sealed record PairsNavigation(string Name, string Target, ManyToManyDefinition Relationship, ManyToManyEnd Near, ManyToManyEnd Far) : Navigation(Name, Target);

/// <summary>All navigation properties of an entity. Made once per definition.</summary>
internal sealed class EntityNavigations
{
    private static readonly ConditionalWeakTable<EntityDefinition, EntityNavigations> Made = [];

    private EntityNavigations(EntityDefinition entity)
    {
        var found = new Dictionary<string, Navigation>(StringComparer.Ordinal);
        foreach (var relationship in entity.ManyToOne)
            found[relationship.ReferencingNavigation] = new LookupNavigation(relationship.ReferencingNavigation, relationship.ReferencedEntity, entity.Attribute(relationship.ReferencingAttribute));
        foreach (var relationship in entity.OneToMany)
            found[relationship.Name] = new RowsNavigation(relationship.Name, relationship.ReferencingEntity, relationship.ReferencingAttribute);
        foreach (var pairs in entity.ManyToMany.SelectMany(relationship => Ends(entity, relationship))) found[pairs.Name] = pairs;
        foreach (var lookup in entity.Attributes.Where(attribute => attribute.IsPolymorphic))
            found.TryAdd(lookup.LogicalName, new LookupNavigation(lookup.LogicalName, null, lookup));
        // Scripts may say the relationship's name instead, where it is none of the above.
        foreach (var relationship in entity.ManyToOne) found.TryAdd(relationship.Name, found[relationship.ReferencingNavigation]);
        foreach (var relationship in entity.ManyToMany) found.TryAdd(relationship.Name, Ends(entity, relationship).First());
        ByName = found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public FrozenDictionary<string, Navigation> ByName { get; }

    public static EntityNavigations Of(EntityDefinition entity) => Made.GetValue(entity, static entity => new EntityNavigations(entity));

    // A table at both ends has two properties, one for each direction.
    private static IEnumerable<PairsNavigation> Ends(EntityDefinition entity, ManyToManyDefinition relationship)
    {
        var (first, second) = (relationship.First, relationship.Second);
        if (first.Entity == entity.LogicalName) yield return new PairsNavigation(first.Navigation, second.Entity, relationship, first, second);
        if (second.Entity == entity.LogicalName) yield return new PairsNavigation(second.Navigation, first.Entity, relationship, second, first);
    }
}
