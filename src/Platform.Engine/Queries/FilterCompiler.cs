using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Queries;

/// <summary>Writes a filter as a SQL condition over the row <c>t</c>.</summary>
internal static class FilterCompiler
{
    /// <summary>Deepest nesting of a filter; beyond it the request is refused rather than the stack risked.</summary>
    public const int DeepestFilter = 100;

    /// <summary>Characters of a text that is looked for; a pattern of the database has its limit, too.</summary>
    public const int LongestMatch = 4000;

    public static void Write(FilterNode node, SqlText sql, int depth = 0)
    {
        if (depth > DeepestFilter) throw Errors.BadRequest($"The filter is nested deeper than {DeepestFilter} levels.");
        switch (node)
        {
            case AllOf all:
                WriteList(all.Nodes, " AND ", "1=1", sql, depth);
                break;
            case AnyOf any:
                WriteList(any.Nodes, " OR ", "1=0", sql, depth);
                break;
            case Not not:
                // In OData a comparison with an empty value is false, never unknown: so its negation is true.
                sql.Append("((");
                Write(not.Node, sql, depth + 1);
                sql.Append(") IS NOT TRUE)");
                break;
            case Compare compare when StoredComparison.Of(compare) is var stored && !ReferenceEquals(stored, compare):
                Write(stored, sql, depth);
                break;
            case Compare compare:
                WriteCompare(compare, sql);
                break;
            case CompareAttributes pair:
                WritePair(pair, sql);
                break;
            case MatchText match:
                WriteMatch(match, sql);
                break;
            case OneOf oneOf:
                WriteOneOf(oneOf, sql);
                break;
            case ContainsChoice contains:
                WriteContains(contains, sql);
                break;
            case PairedWith paired:
                sql.Append($"{Column(paired.RowKey)} IN (SELECT p.{SqlDialect.Quote(paired.Far.LogicalName)} FROM {SqlDialect.Quote(paired.Intersect.LogicalName)} AS p WHERE p.{SqlDialect.Quote(paired.Near.LogicalName)} = ")
                    .Parameter(sql.Dialect.ToStorage(paired.Id)).Append(")");
                break;
            default:
                throw new InvalidOperationException($"Filter node {node.GetType().Name} has no SQL.");
        }
    }

    /// <summary>The quoted column of a stored attribute, with the row's alias.</summary>
    public static string Column(AttributeDefinition attribute) => "t." + SqlDialect.Quote(attribute.LogicalName);

    /// <summary>A value in the form that compares with <see cref="AttributeSql.KeyOf"/>.</summary>
    public static object? KeyValue(AttributeDefinition attribute, object? value, SqlDialect dialect) =>
        value is string text && attribute.IsText ? SqlDialect.FoldText(text) : dialect.ToStorage(attribute, value);

    private static void WriteList(ImmutableArray<FilterNode> nodes, string separator, string none, SqlText sql, int depth)
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
            Write(nodes[at], sql, depth + 1);
        }
        sql.Append(")");
    }

    private static void WriteCompare(Compare compare, SqlText sql)
    {
        switch (compare.Operator, compare.Value)
        {
            case (Comparison.Equal, null):
                sql.Append(sql.ValueOf(compare.Attribute)).Append(" IS NULL");
                break;
            case (Comparison.NotEqual, null):
                sql.Append(sql.ValueOf(compare.Attribute)).Append(" IS NOT NULL");
                break;
            case (_, null):
                // Greater or less than nothing holds for no row.
                sql.Append("1=0");
                break;
            case (Comparison.Equal, EntityReference target) when compare.Attribute.IsPolymorphic:
                sql.Append("(").Append(sql.KeyOf(compare.Attribute)).Append(" = ").Parameter(sql.Dialect.ToStorage(target.Id))
                    .Append(" AND t.").Append(SqlDialect.Quote(SqlDialect.TypeColumn(compare.Attribute))).Append(" = ").Parameter(target.LogicalName).Append(")");
                break;
            case (Comparison.NotEqual, _):
                sql.Append("(").Append(sql.KeyOf(compare.Attribute)).Append(" <> ").Parameter(KeyValue(compare.Attribute, compare.Value, sql.Dialect))
                    .Append(" OR ").Append(sql.ValueOf(compare.Attribute)).Append(" IS NULL)");
                break;
            default:
                sql.Append(sql.KeyOf(compare.Attribute)).Append(Operator(compare.Operator)).Parameter(KeyValue(compare.Attribute, compare.Value, sql.Dialect));
                break;
        }
    }

    private static void WritePair(CompareAttributes pair, SqlText sql)
    {
        var left = sql.KeyOf(pair.Left);
        var right = sql.KeyOf(pair.Right);
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

    private static void WriteMatch(MatchText match, SqlText sql)
    {
        if (match.Text.Length > LongestMatch) throw Errors.BadRequest($"The text to look for in '{match.Attribute}' has {match.Text.Length} characters; at most {LongestMatch} are possible.");
        var literal = SqlDialect.FoldText(match.Text)
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        var pattern = match.Match switch
        {
            TextMatch.StartsWith => literal + "%",
            TextMatch.EndsWith => "%" + literal,
            _ => "%" + literal + "%",
        };
        sql.Append(sql.KeyOf(match.Attribute)).Append(" LIKE ").Parameter(pattern).Append(" ESCAPE '\\'");
    }

    private static void WriteOneOf(OneOf oneOf, SqlText sql)
    {
        var separator = " IN (";
        foreach (var value in oneOf.Values.Where(value => StoredComparison.CanHold(oneOf.Attribute, value)))
        {
            if (separator[0] == ' ') sql.Append(sql.KeyOf(oneOf.Attribute));
            sql.Append(separator).Parameter(KeyValue(oneOf.Attribute, value, sql.Dialect));
            separator = ", ";
        }
        sql.Append(separator[0] == ' ' ? "1=0" : ")");
    }

    // Commas on both sides: 1 is not found in 11.
    private static void WriteContains(ContainsChoice contains, SqlText sql)
    {
        for (var at = 0; at < contains.Values.Count; at++)
        {
            sql.Append(at == 0 ? "(" : " OR ").Append("',' || ").Append(Column(contains.Attribute)).Append(" || ',' LIKE ")
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
