using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>
/// Writes groups as a table of a statement, in two steps: what is grouped by and aggregated become columns of the rows,
/// then the rows become groups. So every expression, with its parameters, is written once.
/// </summary>
internal static class GroupSql
{
    /// <param name="rows">The rows that are grouped, with their table and condition.</param>
    /// <param name="part">Number of the list among others; <c>null</c> where there is one.</param>
    public static SqlText Write(Grouping grouping, RowScope rows, SqlText condition, SqlText sql, int? part = null)
    {
        if (grouping.IsList) return WriteList(grouping, rows, condition, sql, part);
        var columns = grouping.Attributes.Select(attribute => (Attribute: attribute, Grouped: (GroupedColumn)attribute.Computed!)).ToList();
        var inner = columns.SelectMany(column => Inner(column.Grouped, grouping.Zone, rows)).ToList();
        sql.Append($"SELECT {string.Join(", ", columns.Select(column => Outer(column.Attribute, column.Grouped, sql.Dialect)))} FROM (SELECT {(inner.Count == 0 ? "1 AS one" : string.Join(", ", inner))} FROM ")
            .Append(rows.Table).Append(rows.Joins).Append(" WHERE ").Append(condition).Append(") AS g");
        var keys = columns.Where(column => column.Grouped.Function is null).SelectMany(column => Keys(column.Attribute, column.Grouped, sql.Dialect)).ToList();
        return keys.Count == 0 ? sql : sql.Append(" GROUP BY ").Append(string.Join(", ", keys));
    }

    private static SqlText WriteList(Grouping grouping, RowScope rows, SqlText condition, SqlText sql, int? part)
    {
        var columns = grouping.Attributes.SelectMany(attribute => attribute.Computed is GroupedColumn { IsMissing: true } missing ? Missing(attribute, missing, sql.Dialect) : Inner((GroupedColumn)attribute.Computed!, grouping.Zone, rows));
        if (part is { } number) columns = columns.Prepend(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{number} AS {GroupedColumn.PartColumn}"));
        return sql.Append($"SELECT {string.Join(", ", columns)} FROM ").Append(rows.Table).Append(rows.Joins).Append(" WHERE ").Append(condition);
    }

    private static IEnumerable<string> Missing(AttributeDefinition attribute, GroupedColumn column, SqlDialect dialect)
    {
        yield return $"{dialect.Nothing(column.IsWide ? dialect.WideType : dialect.ColumnType(attribute))} AS {column.Column}";
        if (attribute.IsPolymorphic) yield return $"{dialect.Nothing(dialect.TypeNameColumnType)} AS {column.Column}type";
    }

    private static IEnumerable<string> Inner(GroupedColumn column, string? zone, RowScope rows)
    {
        if (column.Source is not { Attribute: var attribute } source) yield break;
        var row = rows.At(source);
        var value = row.ValueOf(attribute);
        if (column.Part is { } part) value = rows.Sql.Dialect.Part(part, attribute.Kind, value, column.IsUtc || zone is null || attribute.Kind == AttributeKind.DateOnly || attribute.DateBehavior != DateBehavior.UserLocal ? null : rows.Sql.Argument(zone));
        yield return $"{value} AS {column.Column}";
        if (column.Function is null && attribute.IsPolymorphic) yield return $"{row.TypeColumn(attribute)} AS {column.Column}type";
    }

    private static IEnumerable<string> Keys(AttributeDefinition attribute, GroupedColumn column, SqlDialect dialect)
    {
        yield return Key(attribute, column, dialect);
        if (attribute.IsPolymorphic) yield return $"g.{column.Column}type";
    }

    private static string Key(AttributeDefinition attribute, GroupedColumn column, SqlDialect dialect) =>
        attribute.IsText ? dialect.ComputedTextKey($"g.{column.Column}") : $"g.{column.Column}";

    private static string Outer(AttributeDefinition attribute, GroupedColumn column, SqlDialect dialect)
    {
        var value = $"g.{column.Column}";
        var outer = column.Function switch
        {
            // Of spellings that count as one, the first is shown.
            null => attribute.IsText ? dialect.FirstText(value) : value,
            AggregateFunction.Count => "count(*)",
            AggregateFunction.CountColumn => $"count({value})",
            AggregateFunction.CountDistinct => $"count(DISTINCT {Key(column.Source!.Attribute, column, dialect)})",
            AggregateFunction.Min or AggregateFunction.Max when column.IsWide => dialect.WideExtreme(value, isLeast: column.Function == AggregateFunction.Min),
            AggregateFunction.Min => $"min({value})",
            AggregateFunction.Max => $"max({value})",
            _ => Number(attribute, column, value, dialect.Formulas),
        };
        return column.Function is null && attribute.IsPolymorphic ? $"{outer} AS {column.Column}, {value}type AS {column.Column}type" : $"{outer} AS {column.Column}";
    }

    private static string Number(AttributeDefinition attribute, GroupedColumn column, string value, FormulaDialect formulas)
    {
        var source = column.Source!.Attribute;
        var scale = FormulaType.Of(source.Kind, source.StoredScale).Scale;
        var sum = formulas.Sum(formulas.OfStored(source.Kind, value));
        if (column.Function == AggregateFunction.Sum)
            return source.Kind == AttributeKind.Double ? formulas.Result(attribute, sum, FormulaType.Number(scale)) : formulas.Exact(sum, scale);
        var mean = formulas.Divide(sum, scale, formulas.OfColumn(AttributeKind.BigInt, $"count({value})"), 0, FormulaType.QuotientScale);
        return source.Kind == AttributeKind.Double
            ? formulas.Result(attribute, mean, FormulaType.Number(FormulaType.QuotientScale))
            : formulas.Exact(formulas.Round(mean, FormulaType.QuotientScale, attribute.StoredScale), attribute.StoredScale);
    }
}
