using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;
using Platform.Engine.Records;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>A query as SQL.</summary>
/// <param name="Rows">Reads one row more than <paramref name="Limit"/>, which tells whether there is a next page.</param>
/// <param name="Count">Counts all rows that match; <c>null</c> when the query does not ask for it.</param>
/// <param name="Entities">Entities of which it reads what the caller may.</param>
internal sealed record CompiledQuery(SqlStatement Rows, SqlStatement? Count, SelectList Select, int Limit, ImmutableArray<EntityDefinition> Entities);

/// <summary>The one place where a <see cref="Query"/> becomes SQL.</summary>
internal static class QueryCompiler
{
    // No attribute can have this name.
    private const string Place = "\"#place\"";

    /// <param name="rights">What the caller may see.</param>
    public static CompiledQuery Compile(MetadataSnapshot metadata, SqlDialect dialect, Query query, QueryRights rights)
    {
        var attributes = AttributeSql.Of(metadata, dialect);
        var sql = new SqlText(attributes);
        var row = Rows(query, sql, rights);
        var select = SelectList.For(row, query);
        var condition = sql.Part();
        WriteCondition(query, row, condition);
        if (query is { After: { } after, Grouping: null })
        {
            condition.Append(" AND ");
            WriteAfter(query, after, row, condition);
        }
        var order = sql.Part();
        WriteOrder(query, row, order);
        var limit = Limit(query);
        sql.Append($"SELECT {select.Columns} FROM {row.Table}").Append(row.Joins).Append(" WHERE ").Append(condition).Append(order).Append(" LIMIT ").Parameter((long)limit + 1);
        var skip = query.Grouping is null ? query.After is null ? query.Skip : 0L : query.Skip + (long)(query.After?.Taken ?? 0);
        if (skip > 0) sql.Append(" OFFSET ").Parameter(skip);
        return new CompiledQuery(sql.ToStatement(), query.CountTotal ? Count(attributes, query, rights) : null, select, limit, [.. rights.Asked]);
    }

    /// <summary>The rows of a query, with what its links join to them.</summary>
    private static RowScope Rows(Query query, SqlText sql, QueryRights rights)
    {
        if (query.Grouping is { } grouping) return new RowScope(sql, query.Entity, rights, Groups(grouping, sql, rights));
        var row = new RowScope(sql, query.Entity, rights, isListed: true);
        LinkSql.Join(query.Links, row);
        return row;
    }

    private static SqlText Groups(Grouping grouping, SqlText sql, QueryRights rights)
    {
        if (grouping.Others.IsEmpty) return Groups(grouping, sql, rights, part: null);
        var lists = Groups(grouping, sql, rights, part: 0);
        for (var at = 0; at < grouping.Others.Length; at++) lists.Append(" UNION ALL ").Append(Groups(grouping.Others[at], sql, rights, at + 1));
        return lists;
    }

    private static SqlText Groups(Grouping grouping, SqlText sql, QueryRights rights, int? part)
    {
        var of = Rows(grouping.Of, sql, rights);
        var condition = sql.Part();
        WriteCondition(grouping.Of, of, condition);
        return GroupSql.Write(grouping, of, condition, sql.Part(), part);
    }

    /// <summary>Reads one row by its key.</summary>
    public static (SelectList Select, string Text) CompileRetrieve(MetadataSnapshot metadata, SqlDialect dialect, EntityDefinition entity, ImmutableArray<AttributeDefinition> columns, bool lookupNames, bool thumbnails = false)
    {
        var row = new RowScope(new SqlText(AttributeSql.Of(metadata, dialect)), entity, QueryRights.Everything);
        var select = SelectList.For(row, new Query(entity) { Columns = columns, LookupNames = lookupNames, Thumbnails = thumbnails });
        return (select, $"SELECT {select.Columns} FROM {row.Table} WHERE {row.Column(entity.PrimaryId)} = {dialect.Placeholder(1)}");
    }

    /// <summary>Reads the rows that an expansion brings along for a number of rows. The last column is the id of the row that a row belongs to.</summary>
    /// <param name="ids">Of the rows that they belong to.</param>
    public static (SqlStatement Rows, SelectList Select) CompileExpansion(MetadataSnapshot metadata, SqlDialect dialect, Expansion expansion, EntityDefinition of, IReadOnlyList<Guid> ids, int most, QueryRights rights)
    {
        var query = expansion.Rows;
        var sql = new SqlText(AttributeSql.Of(metadata, dialect));
        var row = new RowScope(sql, query.Entity, rights);
        var select = SelectList.For(row, query);
        var (from, belongsTo) = (row.Table, "");
        var condition = sql.Part();
        switch (expansion.Navigation)
        {
            case RowsNavigation rows:
                var lookup = query.Entity.Attribute(rows.Attribute);
                belongsTo = row.Column(lookup);
                if (lookup.IsPolymorphic) condition.Append($"{row.TypeColumn(lookup)} = '{of.LogicalName}' AND ");
                break;
            case PairsNavigation pairs:
                from = $"{SqlDialect.Quote(pairs.Relationship.IntersectEntity)} AS p JOIN {row.Table} ON {row.Column(query.Entity.PrimaryId)} = p.{SqlDialect.Quote(pairs.Far.IntersectAttribute)}";
                belongsTo = $"p.{SqlDialect.Quote(pairs.Near.IntersectAttribute)}";
                break;
            default:
                throw new InvalidOperationException($"'{expansion.Navigation.Name}' leads to one row.");
        }

        condition.AppendIn(belongsTo, ids).Append(" AND ");
        WriteCondition(query, row, condition);
        var order = sql.Part();
        WriteOrder(query, row, order);
        var numbers = sql.Part();
        // Only where some of each row's are asked for is there anything to number.
        if (expansion.IsNumbered) numbers.Append($", row_number() OVER (PARTITION BY {belongsTo}").Append(order).Append($") AS {Place}");
        if (query.CountTotal) numbers.Append($", count(*) OVER (PARTITION BY {belongsTo})");
        if (expansion.IsNumbered) sql.Append("SELECT * FROM (");
        sql.Append($"SELECT {select.Columns}, {belongsTo}").Append(numbers).Append($" FROM {from}").Append(row.Joins).Append(" WHERE ").Append(condition);
        if (expansion.IsNumbered) WritePlaces(query, sql);
        else sql.Append(order);
        sql.Append(" LIMIT ").Parameter((long)most + 1);
        return (sql.ToStatement(), select);
    }

    /// <summary>Those of each row's that are asked for; with a total always the first, which carries it.</summary>
    private static void WritePlaces(Query query, SqlText sql)
    {
        sql.Append($") AS w WHERE ({Place} > ").Parameter((long)query.Skip);
        if (query.Top is { } top) sql.Append($" AND {Place} <= ").Parameter((long)query.Skip + top);
        sql.Append(query.CountTotal ? $") OR {Place} = 1" : ")").Append($" ORDER BY {Place}");
    }

    private static SqlStatement Count(AttributeSql attributes, Query query, QueryRights rights)
    {
        var sql = new SqlText(attributes);
        var row = Rows(query, sql, rights);
        var condition = sql.Part();
        WriteCondition(query, row, condition);
        return sql.Append($"SELECT count(*) FROM {row.Table}").Append(row.Joins).Append(" WHERE ").Append(condition).ToStatement();
    }

    private static int Limit(Query query)
    {
        var page = Math.Clamp(query.PageSize, 1, Query.LargestPage);
        if (query.Top is not { } top) return page;
        return Math.Min(page, Math.Max(0, top - (query.After?.Taken ?? 0)));
    }

    private static void WriteCondition(Query query, RowScope row, SqlText sql)
    {
        // Groups are made of what may be read already.
        ImmutableArray<FilterNode> parts = [.. new[] { query.Filter, query.Grouping is null ? row.Rights.Of(query.Entity) : null }.OfType<FilterNode>()];
        FilterCompiler.Write(new AllOf(parts), row, sql);
    }

    private static void WriteOrder(Query query, RowScope row, SqlText sql)
    {
        sql.Append(" ORDER BY ");
        // A literal decides nothing, and a database may take it for the number of a column.
        foreach (var by in query.TotalOrders.Where(by => by.Attribute.Computed is not ExpressionColumn { Formula: FormulaLiteral }))
            sql.Append(sql.Dialect.OrderTerm(OrderKey(by, row), by.Descending)).Append(", ");
        sql.Append(query.Grouping is { } grouping ? GroupOrder(grouping, row) : row.Column(query.Entity.PrimaryId));
    }

    /// <summary>What tells groups apart; without anything there is one.</summary>
    private static string GroupOrder(Grouping grouping, RowScope row)
    {
        var keys = grouping.Attributes.Where(attribute => attribute.Computed is GroupedColumn { IsKey: true }).Select(attribute => row.Sql.Dialect.OrderTerm(row.KeyOf(attribute), false)).ToList();
        if (!grouping.Others.IsEmpty) keys.Insert(0, $"{row.Alias}.{GroupedColumn.PartColumn}");
        return keys.Count == 0 ? "1" : string.Join(", ", keys);
    }

    internal static string OrderKey(OrderBy by, RowScope row)
    {
        var owner = row.At(by);
        return by.Attribute.Lookup is not null && SelectList.NameExpression(owner, by.Attribute) is { } name
            ? row.Sql.Dialect.ComputedTextKey(name)
            : owner.KeyOf(by.Attribute);
    }

    // Rows after the page's last one, in the query's order: (a > A) or (a = A and b > B) or (a = A and b = B and id > Id).
    // The leading bound on the first term says nothing new, but lets the database begin its index there.
    private static void WriteAfter(Query query, PageToken after, RowScope row, SqlText sql)
    {
        if (after.Values.Length != query.TotalOrders.Length) throw Errors.BadRequest("The $skiptoken does not belong to this query.");
        var terms = query.TotalOrders.Select((by, at) => new Term(OrderKey(by, row), Stored(by.Attribute, after.Values[at], sql.Dialect), by.Descending)).ToArray();
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
        sql.Append(row.Column(query.Entity.PrimaryId)).Append(" > ").Parameter(sql.Dialect.ToStorage(after.Id)).Append("))");
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
