using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Queries.Conditions;
using Platform.Engine.Security;

namespace Platform.Engine.Queries;

/// <summary>Puts the caller and the time into the conditions of a filter that speak of them.</summary>
/// <param name="now">UTC.</param>
internal sealed class CallerBinding(MetadataSnapshot metadata, Caller caller, DateTime now)
{
    /// <summary>The query for one caller; the same instance when it does not speak of the caller.</summary>
    public Query Bind(Query query)
    {
        if (query.Filter is { } filter && Bind(filter) is var bound && !ReferenceEquals(bound, filter)) query = query with { Filter = bound };
        if (Bind(query.Links) is { } links) query = query with { Links = links };
        if (query.Grouping is { } grouping) query = Bind(query, grouping);
        if (query.Expansions.IsEmpty) return query;
        var expansions = query.Expansions.Select(expansion => Bind(expansion.Rows) is var rows && ReferenceEquals(rows, expansion.Rows) ? expansion : expansion with { Rows = rows }).ToImmutableArray();
        return expansions.Index().All(item => ReferenceEquals(item.Item, query.Expansions[item.Index])) ? query : query with { Expansions = expansions };
    }

    /// <summary>The filter for one caller; the same instance when it does not speak of the caller.</summary>
    public FilterNode Bind(FilterNode node) => node switch
    {
        Condition condition => new ConditionBinding(metadata, caller, now).Bind(condition),
        IsCaller mine => new Compare(mine.Attribute, Comparison.Equal, caller.User),
        AllOf all => BindList(all.Nodes) is { } bound ? new AllOf(bound) : all,
        AnyOf any => BindList(any.Nodes) is { } bound ? new AnyOf(bound) : any,
        Behind behind => Bind(behind.Node) is var inner && ReferenceEquals(inner, behind.Node) ? behind : behind with { Node = inner },
        OfOuter outer => Bind(outer.Node) is var inner && ReferenceEquals(inner, outer.Node) ? outer : outer with { Node = inner },
        AnyRow { Node: { } condition } any => Bind(condition) is var inner && ReferenceEquals(inner, condition) ? any : any with { Node = inner },
        OfLink link => Bind(link.Node) is var inner && ReferenceEquals(inner, link.Node) ? link : link with { Node = inner },
        AnyLinked any => Bind([any.Link]) is { } links ? new AnyLinked(links[0]) : any,
        Not not => Bind(not.Node) is var inner && ReferenceEquals(inner, not.Node) ? not : new Not(inner),
        _ => node,
    };

    private Query Bind(Query query, Grouping grouping) => Bind(grouping) is var bound && ReferenceEquals(bound, grouping) ? query : query with { Grouping = bound };

    private Grouping Bind(Grouping grouping)
    {
        var of = Bind(grouping.Of);
        var zone = grouping.Attributes.Any(attribute => attribute.Computed is GroupedColumn { Part: not null, IsUtc: false }) ? Zone() : null;
        var others = grouping.Others.Select(Bind).ToImmutableArray();
        return ReferenceEquals(of, grouping.Of) && zone is null && others.Index().All(other => ReferenceEquals(other.Item, grouping.Others[other.Index])) ? grouping : grouping with { Of = of, Zone = zone, Others = others };
    }

    /// <summary>The caller's time zone by the name that both databases know; <c>null</c> for UTC.</summary>
    private string? Zone() => caller.TimeZone switch
    {
        var zone when zone.Equals(TimeZoneInfo.Utc) => null,
        { HasIanaId: true, Id: var id } => id,
        { Id: var id } => TimeZoneInfo.TryConvertWindowsIdToIanaId(id, out var iana) ? iana : null,
    };

    /// <returns><c>null</c> when nothing speaks of the caller.</returns>
    private ImmutableArray<Link>? Bind(ImmutableArray<Link> links)
    {
        var changed = false;
        var bound = links.Select(link =>
        {
            var filter = link.Filter is { } node ? Bind(node) : null;
            var below = Bind(link.Links);
            if (ReferenceEquals(filter, link.Filter) && below is null) return link;
            changed = true;
            return link with { Filter = filter, Links = below ?? link.Links };
        }).ToImmutableArray();
        return changed ? bound : null;
    }

    private ImmutableArray<FilterNode>? BindList(ImmutableArray<FilterNode> nodes)
    {
        ImmutableArray<FilterNode>.Builder? changed = null;
        for (var at = 0; at < nodes.Length; at++)
        {
            var bound = Bind(nodes[at]);
            if (ReferenceEquals(bound, nodes[at])) continue;
            changed ??= nodes.ToBuilder();
            changed[at] = bound;
        }
        return changed?.ToImmutable();
    }
}
