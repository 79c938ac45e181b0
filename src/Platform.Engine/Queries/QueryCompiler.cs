using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>A query as SQL.</summary>
/// <param name="Rows">Reads one row more than <paramref name="Limit"/>, which tells whether there is a next page.</param>
/// <param name="Count">Counts all rows that match; <c>null</c> when the query does not ask for it.</param>
internal sealed record CompiledQuery(SqlStatement Rows, SqlStatement? Count, SelectList Select, int Limit);

/// <summary>The one place where a <see cref="Query"/> becomes SQL.</summary>
internal static class QueryCompiler
{
    /// <param name="rowFilter">What the caller may see; <c>null</c>: all rows.</param>
    public static CompiledQuery Compile(MetadataSnapshot metadata, SqlDialect dialect, Query query, FilterNode? rowFilter)
    {
        var attributes = AttributeSql.Of(metadata, dialect);
        var rows = new SqlText(attributes);
        var select = SelectList.For(metadata, rows, query.Entity, query.Columns, query.Orders, query.LookupNames, query.Thumbnails);
        var limit = Limit(query);
        rows.Append(select.Text).Append(" WHERE ");
        WriteCondition(query, rowFilter, rows);
        if (query.After is { } after)
        {
            rows.Append(" AND ");
            WriteAfter(metadata, query, after, rows);
        }
        WriteOrder(metadata, query, rows);
        rows.Append(" LIMIT ").Parameter((long)limit + 1);
        return new CompiledQuery(rows.ToStatement(), query.CountTotal ? Count(attributes, query, rowFilter) : null, select, limit);
    }

    /// <summary>Reads one row by its key.</summary>
    public static (SelectList Select, string Text) CompileRetrieve(MetadataSnapshot metadata, SqlDialect dialect, EntityDefinition entity, ImmutableArray<AttributeDefinition> columns, bool lookupNames, bool thumbnails = false)
    {
        var select = SelectList.For(metadata, new SqlText(AttributeSql.Of(metadata, dialect)), entity, columns, [], lookupNames, thumbnails);
        return (select, $"{select.Text} WHERE {FilterCompiler.Column(entity.PrimaryId)} = $1");
    }

    private static SqlStatement Count(AttributeSql attributes, Query query, FilterNode? rowFilter)
    {
        var sql = new SqlText(attributes).Append("SELECT count(*) FROM ").Append(SqlDialect.Quote(query.Entity.LogicalName)).Append(" AS t WHERE ");
        WriteCondition(query, rowFilter, sql);
        return sql.ToStatement();
    }

    private static int Limit(Query query)
    {
        var page = Math.Clamp(query.PageSize, 1, Query.LargestPage);
        if (query.Top is not { } top) return page;
        return Math.Min(page, Math.Max(0, top - (query.After?.Taken ?? 0)));
    }

    private static void WriteCondition(Query query, FilterNode? rowFilter, SqlText sql)
    {
        ImmutableArray<FilterNode> parts = [.. new[] { query.Filter, rowFilter }.OfType<FilterNode>()];
        FilterCompiler.Write(new AllOf(parts), sql);
    }

    private static void WriteOrder(MetadataSnapshot metadata, Query query, SqlText sql)
    {
        sql.Append(" ORDER BY ");
        foreach (var by in query.Orders)
            sql.Append(sql.Dialect.OrderTerm(OrderKey(metadata, by.Attribute, sql), by.Descending)).Append(", ");
        sql.Append(FilterCompiler.Column(query.Entity.PrimaryId));
    }

    private static string OrderKey(MetadataSnapshot metadata, AttributeDefinition attribute, SqlText sql) =>
        attribute.Lookup is not null && SelectList.NameExpression(metadata, attribute) is { } name
            ? sql.Dialect.ComputedTextKey(name)
            : sql.KeyOf(attribute);

    // Rows after the page's last one, in the query's order: (a > A) or (a = A and b > B) or (a = A and b = B and id > Id).
    // The leading bound on the first term says nothing new, but lets the database begin its index there.
    private static void WriteAfter(MetadataSnapshot metadata, Query query, PageToken after, SqlText sql)
    {
        if (after.Values.Length != query.Orders.Length) throw Errors.BadRequest("The $skiptoken does not belong to this query.");
        var terms = query.Orders.Select((by, at) => new Term(OrderKey(metadata, by.Attribute, sql), Stored(by.Attribute, after.Values[at], sql.Dialect), by.Descending)).ToArray();
        sql.Append("(");
        if (terms is [{ Descending: false, Value: not null } first, ..]) sql.Append(first.Key).Append(" >= ").Parameter(first.Value).Append(" AND ");
        sql.Append("(");
        for (var at = 0; at < terms.Length; at++)
        {
            WriteEqual(terms.AsSpan(0, at), sql);
            WriteBeyond(terms[at], sql);
            sql.Append(" OR ");
        }
        WriteEqual(terms, sql);
        sql.Append(FilterCompiler.Column(query.Entity.PrimaryId)).Append(" > ").Parameter(sql.Dialect.ToStorage(after.Id)).Append("))");
    }

    private static void WriteEqual(ReadOnlySpan<Term> terms, SqlText sql)
    {
        foreach (var term in terms)
        {
            if (term.Value is null) sql.Append(term.Key).Append(" IS NULL AND ");
            else sql.Append(term.Key).Append(" = ").Parameter(term.Value).Append(" AND ");
        }
    }

    // Empty values stand first ascending and last descending.
    private static void WriteBeyond(Term term, SqlText sql)
    {
        switch (term.Value, term.Descending)
        {
            case (null, false):
                sql.Append(term.Key).Append(" IS NOT NULL");
                break;
            case (null, true):
                sql.Append("1=0");
                break;
            case (_, false):
                sql.Append(term.Key).Append(" > ").Parameter(term.Value);
                break;
            default:
                sql.Append("(").Append(term.Key).Append(" < ").Parameter(term.Value).Append(" OR ").Append(term.Key).Append(" IS NULL)");
                break;
        }
    }

    private static object? Stored(AttributeDefinition attribute, object? value, SqlDialect dialect) =>
        value is string text ? SqlDialect.FoldText(text) : FilterCompiler.KeyValue(attribute, value, dialect);

    private sealed record Term(string Key, object? Value, bool Descending);
}
