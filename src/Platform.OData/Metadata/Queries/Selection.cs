using System.Collections.Frozen;
using System.Collections.Immutable;
using Platform.OData.Metadata.Model;

namespace Platform.OData.Metadata.Queries;

/// <summary>What of a definition an answer holds.</summary>
/// <param name="Properties">Names; <c>null</c>: all that <c>$expand</c> need not ask for.</param>
/// <param name="Expansions">What else.</param>
internal sealed record Selection(FrozenDictionary<string, Selection>? Properties, ImmutableArray<Expansion> Expansions)
{
    /// <summary>All that <c>$expand</c> need not ask for.</summary>
    public static Selection Everything { get; } = new(null, []);

    /// <summary>These properties, all of each.</summary>
    public static Selection Of(IEnumerable<string> names) => new(names.Distinct(StringComparer.Ordinal).ToFrozenDictionary(name => name, _ => Everything, StringComparer.Ordinal), []);

    /// <summary>What of a property's own properties is meant; <c>null</c> when the property is not selected.</summary>
    public Selection? Within(MetadataProperty property) => Properties is null ? Everything : Properties.GetValueOrDefault(property.Name);
}

/// <summary>Definitions that stand inside others in an answer.</summary>
/// <param name="Property">The property that leads to them.</param>
/// <param name="Owner">Only definitions of this type have it.</param>
/// <param name="Item">Type that the definitions are asked for as; others are left out.</param>
/// <param name="Filter">Which of them; <c>null</c>: all.</param>
/// <param name="Count">How many there are is said, too.</param>
internal sealed record Expansion(MetadataProperty Property, MetadataType Owner, MetadataType Item, Func<object, bool>? Filter, bool Count, Selection Selection)
{
    /// <summary>The definitions that are meant, of those that the owner has.</summary>
    public List<object> Of(object owner)
    {
        var all = Property.Of(owner) switch
        {
            null => [],
            System.Collections.IEnumerable many => many.Cast<object>(),
            var one => [one],
        };
        return [.. all.Where(item => MetadataType.Of(item).Is(Item) && (Filter is null || Filter(item)))];
    }
}
