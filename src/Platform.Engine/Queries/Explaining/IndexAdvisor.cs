using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries.Explaining;

/// <summary>
/// Proposes indexes for a query whose plan reads a whole table or sorts: first the columns that are compared with one
/// value, then those that it sorts by, else the first of which a range is asked.
/// </summary>
internal static class IndexAdvisor
{
    /// <summary>Columns of one index; more do not narrow rows down any further.</summary>
    private const int MostColumns = 4;

    private const int LongestName = 50;

    public static ImmutableArray<IndexAdvice> Of(Query query, StatementPlan plan)
    {
        var rows = query;
        while (rows.Grouping is { } grouping) rows = grouping.Of;
        var advice = ImmutableArray.CreateBuilder<IndexAdvice>();
        if ((plan.Scanned.Contains("t") || plan.Sorts) && ForTable(rows, query.Grouping is null) is { } own) advice.Add(own);
        foreach (var link in rows.Links.SelectMany(link => link.All))
        {
            if (plan.Scanned.IsEmpty || link.From == link.Entity.PrimaryId || IsCovered(link.Entity, [link.From.LogicalName]) || !IsStored(link.Entity, link.From)) continue;
            advice.Add(Advice(link.Entity, [link.From.LogicalName], $"'{link.Entity.LogicalName}' is joined by '{link.From.LogicalName}'."));
        }
        return advice.ToImmutable();
    }

    private static IndexAdvice? ForTable(Query query, bool isSorted)
    {
        var (equal, ranges) = (new List<string>(), new List<string>());
        foreach (var node in Parts(query.Filter))
        {
            var (attribute, list) = node switch
            {
                Compare { Operator: Comparison.Equal, Value: not null } compare => (compare.Attribute, equal),
                OneOf some => (some.Attribute, equal),
                Compare { Operator: not Comparison.NotEqual } compare => (compare.Attribute, ranges),
                _ => (null, equal),
            };
            if (attribute is not null && IsStored(query.Entity, attribute) && !list.Contains(attribute.LogicalName)) list.Add(attribute.LogicalName);
        }
        var orders = isSorted && query.Orders.All(by => by.Path.IsEmpty && by.Link is null && by.Attribute.Lookup is null && by.Descending == query.Orders[0].Descending && IsStored(query.Entity, by.Attribute))
            ? query.Orders.Select(by => by.Attribute.LogicalName).ToList()
            : [];
        ImmutableArray<string> columns = [.. equal.Concat(orders.Count > 0 ? orders : ranges.Take(1)).Distinct().Take(MostColumns)];
        if (columns.IsEmpty || columns is [var only] && only == query.Entity.PrimaryIdAttribute || IsCovered(query.Entity, columns)) return null;
        var reasons = new[] { equal.Count > 0 ? $"looks for {Names(equal)}" : null, orders.Count > 0 ? $"sorts by {Names(orders)}" : ranges.Count > 0 ? $"asks for a range of {Names(ranges.Take(1))}" : null };
        return Advice(query.Entity, columns, $"The query {string.Join(" and ", reasons.OfType<string>())}.");
    }

    /// <summary>Conditions that all have to hold.</summary>
    private static IEnumerable<FilterNode> Parts(FilterNode? filter) => filter switch
    {
        null => [],
        AllOf all => all.Nodes.SelectMany(Parts),
        _ => [filter],
    };

    private static IndexAdvice Advice(EntityDefinition entity, ImmutableArray<string> columns, string reason)
    {
        var name = $"{entity.LogicalName}_{string.Join('_', columns)}";
        return new IndexAdvice(entity.LogicalName, name.Length > LongestName ? name[..LongestName].TrimEnd('_') : name, columns, reason);
    }

    private static bool IsStored(EntityDefinition entity, AttributeDefinition attribute) =>
        attribute.Computed is null && !attribute.IsFile && attribute.Kind is not (AttributeKind.MultiChoice or AttributeKind.GeoPoint or AttributeKind.Memo) && entity.Find(attribute.LogicalName) == attribute;

    /// <summary>An index of the table begins with the columns.</summary>
    private static bool IsCovered(EntityDefinition entity, ImmutableArray<string> columns) =>
        entity.Indexes.Select(index => index.Attributes).Concat(entity.Keys.Select(key => key.Attributes)).Any(known => known.Take(columns.Length).SequenceEqual(columns))
        || columns is [var only] && entity.Find(only) is { Lookup: not null };

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
