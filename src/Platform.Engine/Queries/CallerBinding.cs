using System.Collections.Immutable;
using Platform.Engine.Security;

namespace Platform.Engine.Queries;

/// <summary>Puts the caller into the conditions of a filter that speak of the caller.</summary>
internal static class CallerBinding
{
    /// <summary>The query for one caller; the same instance when it does not speak of the caller.</summary>
    public static Query Bind(Query query, Caller caller)
    {
        if (query.Filter is { } filter && Bind(filter, caller) is var bound && !ReferenceEquals(bound, filter)) query = query with { Filter = bound };
        if (query.Expansions.IsEmpty) return query;
        var expansions = query.Expansions.Select(expansion => Bind(expansion.Rows, caller) is var rows && ReferenceEquals(rows, expansion.Rows) ? expansion : expansion with { Rows = rows }).ToImmutableArray();
        return expansions.Index().All(item => ReferenceEquals(item.Item, query.Expansions[item.Index])) ? query : query with { Expansions = expansions };
    }

    /// <summary>The filter for one caller; the same instance when it does not speak of the caller.</summary>
    public static FilterNode Bind(FilterNode node, Caller caller) => node switch
    {
        IsCaller mine => new Compare(mine.Attribute, Comparison.Equal, caller.User),
        AllOf all => BindList(all.Nodes, caller) is { } bound ? new AllOf(bound) : all,
        AnyOf any => BindList(any.Nodes, caller) is { } bound ? new AnyOf(bound) : any,
        Behind behind => Bind(behind.Node, caller) is var inner && ReferenceEquals(inner, behind.Node) ? behind : behind with { Node = inner },
        AnyRow { Node: { } condition } any => Bind(condition, caller) is var inner && ReferenceEquals(inner, condition) ? any : any with { Node = inner },
        Not not => Bind(not.Node, caller) is var inner && ReferenceEquals(inner, not.Node) ? not : new Not(inner),
        _ => node,
    };

    private static ImmutableArray<FilterNode>? BindList(ImmutableArray<FilterNode> nodes, Caller caller)
    {
        ImmutableArray<FilterNode>.Builder? changed = null;
        for (var at = 0; at < nodes.Length; at++)
        {
            var bound = Bind(nodes[at], caller);
            if (ReferenceEquals(bound, nodes[at])) continue;
            changed ??= nodes.ToBuilder();
            changed[at] = bound;
        }
        return changed?.ToImmutable();
    }
}
