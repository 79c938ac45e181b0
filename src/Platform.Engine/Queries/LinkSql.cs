using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>How rows are joined by a query's links.</summary>
internal static class LinkSql
{
    /// <summary>Joins the rows of links to a row; before anything speaks of them.</summary>
    public static void Join(ImmutableArray<Link> links, RowScope row)
    {
        foreach (var link in links) Join(link, row, row.Joins);
    }

    /// <summary>Writes that a row of a link is there, without joining it: no row comes twice.</summary>
    public static void WriteAny(Link link, RowScope row, SqlText sql, int depth)
    {
        var inner = row.Inner(link.Entity);
        var condition = Condition(link, row, inner, depth);
        Join(link.Links, inner);
        sql.Append("EXISTS (SELECT 1 FROM ").Append(inner.Table).Append(inner.Joins).Append(" WHERE ").Append(condition).Append(")");
    }

    private static void Join(Link link, RowScope row, SqlText joins)
    {
        var joined = row.Linked(link);
        var condition = link.Kind == LinkKind.First ? First(link, row, joined) : Condition(link, row, joined, 0);
        // What is joined to an outer row may leave out that row, and nothing else.
        var isGroup = link.Kind == LinkKind.Outer && link.Links.Any(below => below.Kind != LinkKind.Outer);
        joins.Append(link.Kind == LinkKind.Outer ? " LEFT JOIN " : " JOIN ").Append(isGroup ? "(" : "").Append(joined.Table);
        if (!isGroup) joins.Append(" ON ").Append(condition);
        foreach (var below in link.Links) Join(below, joined, joins);
        if (isGroup) joins.Append(") ON ").Append(condition);
    }

    private static SqlText First(Link link, RowScope row, RowScope joined)
    {
        var inner = row.Inner(link.Entity);
        var key = inner.Column(link.Entity.PrimaryId);
        var condition = Condition(link, row, inner, 0);
        var sql = row.Sql.Part().Append($"{joined.Column(link.Entity.PrimaryId)} = (SELECT {key} FROM {inner.Table} WHERE ").Append(condition).Append(" ORDER BY ");
        foreach (var by in link.Orders) sql.Append(sql.Dialect.OrderTerm(QueryCompiler.OrderKey(by, inner), by.Descending)).Append(", ");
        return sql.Append($"{key} LIMIT 1)");
    }

    private static SqlText Condition(Link link, RowScope row, RowScope joined, int depth)
    {
        var condition = row.Sql.Part().Append($"{joined.KeyOf(link.From)} = {row.KeyOf(link.To)}");
        WriteType(link.From, joined, link.To, row, condition);
        WriteType(link.To, row, link.From, joined, condition);
        joined.WriteRights(condition);
        if (link.Filter is { } filter)
        {
            condition.Append(" AND ");
            FilterCompiler.Write(filter, joined, condition, depth + 1);
        }
        return condition;
    }

    /// <summary>A lookup of several targets leads to the table whose key it is joined with.</summary>
    private static void WriteType(AttributeDefinition lookup, RowScope row, AttributeDefinition key, RowScope other, SqlText condition)
    {
        if (lookup.IsPolymorphic && key == other.Entity.PrimaryId) condition.Append($" AND {row.TypeColumn(lookup)} = '{other.Entity.LogicalName}'");
    }
}
