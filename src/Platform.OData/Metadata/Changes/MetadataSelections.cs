using System.Collections.Immutable;
using Platform.Engine;
using Platform.OData.Metadata.Model;
using Platform.OData.Metadata.Queries;
using Platform.OData.Metadata.Types;

namespace Platform.OData.Metadata.Changes;

/// <summary>What the functions about metadata answer with, as selections.</summary>
internal static class MetadataSelections
{
    private static readonly string[] Names = [nameof(EntityMetadata.LogicalName), nameof(EntityMetadata.SchemaName), nameof(OptionSetMetadata.Name)];

    /// <summary>All of a definition, and of all definitions inside it.</summary>
    public static Selection Whole(MetadataType type) => new(null, [.. Navigations(type).Select(way => Whole(way.Owner, way.Property))]);

    /// <summary>The parts of a table that a caller asked for.</summary>
    public static Selection Of(EntityFilters filters)
    {
        var type = MetadataType.Of(typeof(EntityMetadata));
        var parts = new List<string>();
        if (filters.HasFlag(EntityFilters.Attributes)) parts.AddRange([nameof(EntityMetadata.Attributes), nameof(EntityMetadata.Keys)]);
        if (filters.HasFlag(EntityFilters.Relationships))
            parts.AddRange([nameof(EntityMetadata.ManyToManyRelationships), nameof(EntityMetadata.ManyToOneRelationships), nameof(EntityMetadata.OneToManyRelationships)]);
        var own = type.Properties.Where(property => !property.IsNavigation && (property.Name != nameof(EntityMetadata.Privileges) || filters.HasFlag(EntityFilters.Privileges)));
        return Selection.Of(own.Select(property => property.Name)) with { Expansions = [.. parts.Select(part => Whole(type, type[part]))] };
    }

    /// <summary>What a query asks for of the definitions of a type.</summary>
    /// <param name="inner">The query about the definitions behind a property, if there is one.</param>
    /// <exception cref="PlatformException">It names a property that there is not (400).</exception>
    public static Selection Of(MetadataType type, MetadataPropertiesExpression? properties, Func<MetadataProperty, MetadataQueryExpression?> inner)
    {
        var ways = Navigations(type).ToList();
        if (properties is { AllProperties: true }) return new Selection(null, [.. ways.Select(way => Expand(way, inner))]);
        var asked = properties?.PropertyNames ?? [];
        var known = Derived(type).SelectMany(derived => derived.Properties).Select(property => property.Name).ToHashSet(StringComparer.Ordinal);
        if (asked.FirstOrDefault(name => !known.Contains(name)) is { } unknown) throw Errors.UnknownMetadataProperty(type.Name, unknown, known);
        return Selection.Of(asked.Concat(Names.Where(known.Contains).Take(1))) with { Expansions = [.. ways.Where(way => asked.Contains(way.Property.Name)).Select(way => Expand(way, inner))] };
    }

    private static Expansion Expand((MetadataType Owner, MetadataProperty Property) way, Func<MetadataProperty, MetadataQueryExpression?> inner)
    {
        if (inner(way.Property) is not { } query) return Whole(way.Owner, way.Property);
        var item = MetadataType.Of(way.Property.ItemType);
        return new Expansion(way.Property, way.Owner, item, MetadataCondition.Compile(query.Criteria, item), false, Of(item, query.Properties, _ => null));
    }

    private static Expansion Whole(MetadataType owner, MetadataProperty property)
    {
        var item = MetadataType.Of(property.ItemType);
        return new Expansion(property, owner, item, null, false, Whole(item));
    }

    /// <summary>Properties that lead to other definitions, those of derived types among them.</summary>
    private static IEnumerable<(MetadataType Owner, MetadataProperty Property)> Navigations(MetadataType type) =>
        type.Properties.Where(property => property.IsNavigation).Select(property => (type, property))
            .Concat(Derived(type).Where(derived => derived != type).SelectMany(derived => derived.Declared.Where(property => property.IsNavigation).Select(property => (derived, property))));

    /// <summary>A type and those that derive from it.</summary>
    public static ImmutableArray<MetadataType> Derived(MetadataType type) => [.. MetadataType.All.Where(derived => derived.Is(type))];
}
