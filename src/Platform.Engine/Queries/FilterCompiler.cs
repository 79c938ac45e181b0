using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Engine.Queries.Conditions;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Queries;

/// <summary>Writes a filter as a SQL condition over a row.</summary>
internal static class FilterCompiler
{
    /// <summary>Deepest nesting of a filter; beyond it the request is refused rather than the stack risked.</summary>
    public const int DeepestFilter = 100;

    /// <summary>Characters of a text that is looked for; a pattern of the database has its limit, too.</summary>
    public const int LongestMatch = 4000;

    public static void Write(FilterNode node, RowScope row, SqlText sql, int depth = 0)
    {
        if (depth > DeepestFilter) throw Errors.BadRequest($"The filter is nested deeper than {DeepestFilter} levels.");
        switch (node)
        {
            case AllOf all:
                WriteList(all.Nodes, " AND ", "1=1", row, sql, depth);
                break;
            case AnyOf any:
                WriteList(any.Nodes, " OR ", "1=0", row, sql, depth);
                break;
            case Not not:
                // In OData a comparison with an empty value is false, never unknown: so its negation is true.
                sql.Append("((");
                Write(not.Node, row, sql, depth + 1);
                sql.Append(") IS NOT TRUE)");
                break;
            case Compare compare when StoredComparison.Of(compare) is var stored && !ReferenceEquals(stored, compare):
                Write(stored, row, sql, depth);
                break;
            case Compare compare:
                WriteCompare(compare, row, sql);
                break;
            case CompareAttributes pair:
                WritePair(pair, row, sql);
                break;
            case MatchText match:
                WriteMatch(match, row, sql);
                break;
            case MatchPattern match:
                WritePattern(match, row, sql);
                break;
            case OneOf oneOf:
                WriteOneOf(oneOf, row, sql);
                break;
            case ContainsChoice contains:
                WriteContains(contains, row, sql);
                break;
            case PairedWith paired:
                sql.Append($"{row.Column(paired.RowKey)} IN (SELECT p.{SqlDialect.Quote(paired.Far.LogicalName)} FROM {SqlDialect.Quote(paired.Intersect.LogicalName)} AS p WHERE p.{SqlDialect.Quote(paired.Near.LogicalName)} = ")
                    .Parameter(sql.Dialect.ToStorage(paired.Id)).Append(")");
                break;
            case SharedWith shared:
                SharedWithSql.Write(shared, row, sql, depth);
                break;
            case InTree tree:
                WriteTree(tree, row, sql);
                break;
            case Behind behind:
                Write(behind.Node, row.Behind(behind.Step), sql, depth + 1);
                break;
            case OfOuter outer:
                Write(outer.Node, row.Up(outer.Levels), sql, depth + 1);
                break;
            case AnyRow any:
                AnyRowSql.Write(any, row, sql, depth);
                break;
            case OfLink link:
                Write(link.Node, row.Linked(link.Alias), sql, depth + 1);
                break;
            case AnyLinked any:
                LinkSql.WriteAny(any.Link, row, sql, depth);
                break;
            case ExpressionCondition condition:
                sql.Append(sql.Attributes.Condition(condition, row));
                break;
            default:
                throw new InvalidOperationException($"Filter node {node.GetType().Name} has no SQL.");
        }
    }

    /// <summary>A value in the form that compares with <see cref="AttributeSql.KeyOf"/>.</summary>
    public static object? KeyValue(AttributeDefinition attribute, object? value, SqlDialect dialect) =>
        value is string text && attribute.IsText ? SqlDialect.FoldText(text)
        : value is decimal number && attribute.Computed is GroupedColumn { IsWide: true } ? dialect.WideKey(number, attribute.StoredScale)
        : dialect.ToStorage(attribute, value);

    // A circle, which the engine does not let in, would end all the same: UNION keeps each row once.
    private static void WriteTree(InTree tree, RowScope row, SqlText sql)
    {
        var (table, key, parent) = (SqlDialect.Quote(tree.Entity.LogicalName), SqlDialect.Quote(tree.Entity.PrimaryIdAttribute), SqlDialect.Quote(tree.Parent.LogicalName));
        var (name, id) = (sql.NextAlias('h'), sql.Argument(sql.Dialect.ToStorage(tree.Id)));
        var step = tree.Above ? $"SELECT c.{parent} FROM {table} AS c JOIN {name} ON c.{key} = {name}.id WHERE c.{parent} IS NOT NULL" : $"SELECT c.{key} FROM {table} AS c JOIN {name} ON c.{parent} = {name}.id";
        sql.Append($"({row.Column(tree.Attribute)} IN (WITH RECURSIVE {name}(id) AS (SELECT {key} FROM {table} WHERE {key} = {id} UNION {step}) SELECT id FROM {name})");
        if (!tree.Itself) sql.Append($" AND {row.Column(tree.Attribute)} <> {id}");
        sql.Append(")");
    }

    private static void WriteList(ImmutableArray<FilterNode> nodes, string separator, string none, RowScope row, SqlText sql, int depth)
    {
        if (nodes.IsEmpty)
        {
            sql.Append(none);
            return;
        }
        sql.Append("(");
        for (var at = 0; at < nodes.Length; at++)
        {
            if (at > 0) sql.Append(separator);
            Write(nodes[at], row, sql, depth + 1);
        }
        sql.Append(")");
    }

    private static void WriteCompare(Compare compare, RowScope row, SqlText sql)
    {
        switch (compare.Operator, compare.Value)
        {
            case (Comparison.Equal, null):
                sql.Append(row.ValueOf(compare.Attribute)).Append(" IS NULL");
                break;
            case (Comparison.NotEqual, null):
                sql.Append(row.ValueOf(compare.Attribute)).Append(" IS NOT NULL");
                break;
            case (_, null):
                // Greater or less than nothing holds for no row.
                sql.Append("1=0");
                break;
            case (Comparison.Equal, EntityReference target) when compare.Attribute.IsPolymorphic:
                sql.Append("(").Append(row.KeyOf(compare.Attribute)).Append(" = ").Parameter(sql.Dialect.ToStorage(target.Id))
                    .Append(" AND ").Append(row.TypeColumn(compare.Attribute)).Append(" = ").Parameter(target.LogicalName).Append(")");
                break;
            case (Comparison.NotEqual, _):
                sql.Append("(").Append(row.KeyOf(compare.Attribute)).Append(" <> ").Parameter(KeyValue(compare.Attribute, compare.Value, sql.Dialect))
                    .Append(" OR ").Append(row.ValueOf(compare.Attribute)).Append(" IS NULL)");
                break;
            default:
                sql.Append(row.KeyOf(compare.Attribute)).Append(Operator(compare.Operator)).Parameter(KeyValue(compare.Attribute, compare.Value, sql.Dialect));
                break;
        }
    }

    private static void WritePair(CompareAttributes pair, RowScope row, SqlText sql)
    {
        var left = row.KeyOf(pair.Left);
        var right = (pair.Link is { } link ? row.Linked(link) : row).KeyOf(pair.Right);
        switch (pair.Operator)
        {
            case Comparison.Equal:
                sql.Append($"({left} = {right} OR ({left} IS NULL AND {right} IS NULL))");
                break;
            case Comparison.NotEqual:
                sql.Append($"(({left} = {right} OR ({left} IS NULL AND {right} IS NULL)) IS NOT TRUE)");
                break;
            default:
                sql.Append(left).Append(Operator(pair.Operator)).Append(right);
                break;
        }
    }

    private static void WriteMatch(MatchText match, RowScope row, SqlText sql)
    {
        Demand(match.Attribute, match.Text);
        var literal = SqlDialect.FoldText(match.Text)
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        var pattern = match.Match switch
        {
            TextMatch.StartsWith => literal + "%",
            TextMatch.EndsWith => "%" + literal,
            _ => "%" + literal + "%",
        };
        sql.Append(row.KeyOf(match.Attribute)).Append(" LIKE ").Parameter(pattern).Append(" ESCAPE '\\'");
    }

    private static void WritePattern(MatchPattern match, RowScope row, SqlText sql)
    {
        Demand(match.Attribute, match.Pattern);
        var key = row.KeyOf(match.Attribute);
        if (TextPattern.Parse(SqlDialect.FoldText(match.Pattern)) is not { } pattern) sql.Append("1=0");
        else if (pattern.HasSets) sql.Append(sql.Dialect.MatchesSets(key, sql.Argument(sql.Dialect.SetPattern(pattern))));
        else sql.Append(key).Append(" LIKE ").Parameter(pattern.ToLike()).Append(" ESCAPE '\\'");
    }

    private static void Demand(AttributeDefinition attribute, string text)
    {
        if (text.Length > LongestMatch) throw Errors.BadRequest($"The text to look for in '{attribute}' has {text.Length} characters; at most {LongestMatch} are possible.");
    }

    private static void WriteOneOf(OneOf oneOf, RowScope row, SqlText sql)
    {
        var separator = " IN (";
        foreach (var value in oneOf.Values.Where(value => StoredComparison.CanHold(oneOf.Attribute, value)))
        {
            if (separator[0] == ' ') sql.Append(row.KeyOf(oneOf.Attribute));
            sql.Append(separator).Parameter(KeyValue(oneOf.Attribute, value, sql.Dialect));
            separator = ", ";
        }
        sql.Append(separator[0] == ' ' ? "1=0" : ")");
    }

    // Commas on both sides: 1 is not found in 11.
    private static void WriteContains(ContainsChoice contains, RowScope row, SqlText sql)
    {
        for (var at = 0; at < contains.Values.Count; at++)
        {
            sql.Append(at == 0 ? "(" : " OR ").Append("',' || ").Append(row.Column(contains.Attribute)).Append(" || ',' LIKE ")
                .Parameter(string.Create(CultureInfo.InvariantCulture, $"%,{contains.Values[at]},%"));
        }
        sql.Append(contains.Values.Count == 0 ? "1=0" : ")");
    }

    private static string Operator(Comparison comparison) => comparison switch
    {
        Comparison.Equal => " = ",
        Comparison.Less => " < ",
        Comparison.LessOrEqual => " <= ",
        Comparison.Greater => " > ",
        Comparison.GreaterOrEqual => " >= ",
        _ => throw new InvalidOperationException($"{comparison} has no single operator."),
    };
}
