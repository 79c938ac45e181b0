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
        AnyRow { Node: { } condition } any => Bind(condition) is var inner && ReferenceEquals(inner, condition) ? any : any with { Node = inner },
        Not not => Bind(not.Node) is var inner && ReferenceEquals(inner, not.Node) ? not : new Not(inner),
        _ => node,
    };

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
