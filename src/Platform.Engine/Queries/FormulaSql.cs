using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>
/// Writes formulas and rollups as SQL expressions. What a formula builds on is written into it: other calculated columns
/// as their expressions, columns behind a lookup and rollups as subqueries.
/// </summary>
/// <remarks>The subqueries read all rows that the organisation has, whoever asks, as Dataverse does: a sum would otherwise be another one for each reader.</remarks>
internal sealed class FormulaSql(MetadataSnapshot metadata, FormulaDialect dialect)
{
    /// <summary>The value of a column that is not stored, in the form in which it would be.</summary>
    /// <param name="alias">Name of the row in the statement.</param>
    public string Value(AttributeDefinition attribute, ComputedColumn computed, string alias) => Value(attribute, computed, new Row(alias, 0));

    /// <summary>The value of an expression of a query. Texts in it are parameters: they come from outside.</summary>
    public string Value(AttributeDefinition attribute, ExpressionColumn expression, RowScope scope) =>
        dialect.Result(attribute, Write(expression.Formula, new Row(scope.Alias, 0, scope)), expression.Formula.Type);

    /// <summary>A condition of a query; true or false, never empty.</summary>
    public string Condition(FormulaNode condition, RowScope scope) => Condition(condition, new Row(scope.Alias, 0, scope));

    private string Value(AttributeDefinition attribute, ComputedColumn computed, Row row) => computed switch
    {
        CalculatedColumn calculated => dialect.Result(attribute, Write(calculated.Formula, row), calculated.Formula.Type),
        RollupColumn rollup => Rollup(attribute, rollup, row),
        _ => throw new InvalidOperationException($"{computed.GetType().Name} has no SQL."),
    };

    private string Rollup(AttributeDefinition attribute, RollupColumn rollup, Row row)
    {
        var related = row.Next();
        var entity = metadata.Entity(rollup.Entity);
        var condition = Pointing(entity.Attribute(rollup.Lookup), related, metadata.Entity(rollup.Owner), row);
        if (rollup.Filter is { } filter) condition += $" AND {Condition(filter, related)}";
        var (value, type) = Aggregate(rollup, related);
        return dialect.Result(attribute, $"(SELECT {value} FROM {SqlDialect.Quote(rollup.Entity)} AS {related.Alias} WHERE {condition})", type);
    }

    private (string Sql, FormulaType Type) Aggregate(RollupColumn rollup, Row related)
    {
        if (rollup.Function == RollupFunction.Count) return (dialect.OfColumn(AttributeKind.BigInt, "count(*)"), FormulaType.Whole);
        var column = rollup.Value!;
        var value = Write(column, related);
        switch (rollup.Function)
        {
            case RollupFunction.Sum:
                return ($"COALESCE({dialect.Sum(value)}, 0)", column.Type);
            case RollupFunction.Avg:
                var values = dialect.OfColumn(AttributeKind.BigInt, $"count({value})");
                return (dialect.Divide(dialect.Sum(value), column.Type.Scale, values, 0, FormulaType.QuotientScale), FormulaType.Number(FormulaType.QuotientScale));
            default:
                return (dialect.Extreme(rollup.Function, column.Type.Kind, value), column.Type);
        }
    }

    /// <summary>The rows whose lookup points to the owner's row.</summary>
    private static string Pointing(AttributeDefinition lookup, Row referencing, EntityDefinition owner, Row referenced)
    {
        var points = $"{referencing.Column(lookup.LogicalName)} = {referenced.Column(owner.PrimaryIdAttribute)}";
        return lookup.IsPolymorphic ? $"{points} AND {referencing.Column(SqlDialect.TypeColumn(lookup))} = '{owner.LogicalName}'" : points;
    }

    private string Write(FormulaNode node, Row row) => node switch
    {
        FormulaLiteral { Value: string text } when row.Scope is { } scope => scope.Sql.Argument(text),
        FormulaLiteral literal => dialect.Literal(literal),
        FormulaGroup group => dialect.OfStored(group.Attribute.Kind, row.Scope!.Column(group.Attribute)),
        FormulaReach reach => Column(reach.Target, Reached(row.Scope!.Up(reach.Levels).Along(reach.Path))),
        FormulaColumn column => Column(column, row),
        FormulaPath path => Path(path, row),
        FormulaOperation operation => Write(operation, row),
        _ => throw new InvalidOperationException($"{node.GetType().Name} has no SQL."),
    };

    private string Column(FormulaColumn column, Row row)
    {
        var attribute = metadata.Entity(column.Entity).Attribute(column.Attribute);
        if (attribute.Computed is not { } computed) return dialect.OfStored(attribute.Kind, row.Column(attribute.LogicalName));
        var value = Value(attribute, computed, row);
        return dialect.OfStored(attribute.Kind, row.Scope is { } scope ? scope.IfThere(attribute, value) : value);
    }

    private static Row Reached(RowScope scope) => new(scope.Alias, 0, scope);

    private string Path(FormulaPath path, Row row)
    {
        var target = row.Next();
        var entity = metadata.Entity(path.Target.Entity);
        var lookup = metadata.Entity(path.Entity).Attribute(path.Lookup);
        return $"(SELECT {Column(path.Target, target)} FROM {SqlDialect.Quote(entity.LogicalName)} AS {target.Alias} WHERE {Pointing(lookup, row, entity, target)})";
    }

    private string Write(FormulaOperation operation, Row row)
    {
        var operands = operation.Operands;
        switch (operation.Operator)
        {
            case FormulaOperator.And:
                return $"({Condition(operands[0], row)} AND {Condition(operands[1], row)})";
            case FormulaOperator.Or:
                return $"({Condition(operands[0], row)} OR {Condition(operands[1], row)})";
            case FormulaOperator.Not:
                return $"(NOT {Condition(operands[0], row)})";
            case FormulaOperator.Case:
                return Case(operation, row);
            case FormulaOperator.Coalesce:
                return $"COALESCE({string.Join(", ", operands.Select(operand => As(operation.Type, operand, row)))})";
            case >= FormulaOperator.Equal and <= FormulaOperator.GreaterOrEqual:
                return Compare(operation, row);
            case >= FormulaOperator.Contains and <= FormulaOperator.EndsWith:
                return dialect.Search(operation.Operator, As(FormulaType.Text, operands[0], row), As(FormulaType.Text, operands[1], row));
            case >= FormulaOperator.Concat and <= FormulaOperator.Trim:
                return dialect.Text(operation.Operator, [.. operands.Select((operand, at) => As(IsPosition(operation.Operator, at) ? FormulaType.Whole : FormulaType.Text, operand, row))]);
            case >= FormulaOperator.Year and <= FormulaOperator.Now:
                return Time(operation, row);
            default:
                return Arithmetic(operation, row);
        }
    }

    private string Arithmetic(FormulaOperation operation, Row row)
    {
        var type = operation.Type;
        var (first, second) = (operation.Operands[0], operation.Operands[^1]);
        switch (operation.Operator)
        {
            case FormulaOperator.Negate:
                return dialect.Negate(As(type, first, row));
            case FormulaOperator.Add:
                return dialect.Add(As(type, first, row), As(type, second, row));
            case FormulaOperator.Subtract:
                return dialect.Subtract(As(type, first, row), As(type, second, row));
            case FormulaOperator.Modulo:
                return dialect.Modulo(As(type, first, row), As(type, second, row));
            case FormulaOperator.Multiply:
                var scale = first.Type.Scale + second.Type.Scale;
                var product = dialect.Multiply(Number(first, row), Number(second, row));
                return scale > type.Scale ? dialect.Round(product, scale, type.Scale) : product;
            case FormulaOperator.Divide or FormulaOperator.DivideWhole:
                return dialect.Divide(Number(first, row), first.Type.Scale, Number(second, row), second.Type.Scale, type.Scale);
            case FormulaOperator.Round:
                return dialect.Round(Number(first, row), first.Type.Scale, type.Scale);
            case FormulaOperator.Floor:
                return dialect.Floor(Number(first, row), first.Type.Scale);
            case FormulaOperator.Ceiling:
                return dialect.Ceiling(Number(first, row), first.Type.Scale);
            case FormulaOperator.TotalSeconds:
                return Number(first, row);
            case FormulaOperator.Between:
                return dialect.Subtract(Seconds(first, row), Seconds(second, row));
            case FormulaOperator.Later:
                return dialect.Time(type.Kind, dialect.Add(Seconds(first, row), Number(second, row)));
            case FormulaOperator.Earlier:
                return dialect.Time(type.Kind, dialect.Subtract(Seconds(first, row), Number(second, row)));
            default:
                throw new InvalidOperationException($"{operation.Operator} has no SQL.");
        }
    }

    private string Time(FormulaOperation operation, Row row) => operation.Operator switch
    {
        FormulaOperator.Now => dialect.Now,
        FormulaOperator.InZone => dialect.InZone(As(new FormulaType(FormulaKind.DateTime), operation.Operands[0], row), As(FormulaType.Text, operation.Operands[1], row)),
        FormulaOperator.Date => dialect.Day(As(new FormulaType(FormulaKind.DateTime), operation.Operands[0], row)),
        var part => dialect.Part(part, Kind(operation.Operands[0], FormulaKind.DateTime), As(new FormulaType(FormulaKind.DateTime), operation.Operands[0], row)),
    };

    private string Case(FormulaOperation operation, Row row)
    {
        var operands = operation.Operands;
        var text = "(CASE";
        for (var at = 0; at + 1 < operands.Length; at += 2)
            text += $" WHEN {Condition(operands[at], row)} THEN {As(operation.Type, operands[at + 1], row)}";
        // `case(true:x)` has nothing but its "otherwise".
        return operands.Length == 1 ? As(operation.Type, operands[0], row) : $"{text} ELSE {As(operation.Type, operands[^1], row)} END)";
    }

    private string Compare(FormulaOperation operation, Row row)
    {
        var (left, right) = (operation.Operands[0], operation.Operands[1]);
        var type = new FormulaType(Kind(left, Kind(right, FormulaKind.Text)), Math.Max(left.Type.Scale, right.Type.Scale));
        var (first, second) = (As(type, left, row), As(type, right, row));
        return operation.Operator switch
        {
            FormulaOperator.Equal => dialect.AreSame(type.Kind, first, second),
            FormulaOperator.NotEqual => $"(NOT {dialect.AreSame(type.Kind, first, second)})",
            FormulaOperator.Less => dialect.Ordered(type.Kind, "<", first, second),
            FormulaOperator.LessOrEqual => dialect.Ordered(type.Kind, "<=", first, second),
            FormulaOperator.Greater => dialect.Ordered(type.Kind, ">", first, second),
            _ => dialect.Ordered(type.Kind, ">=", first, second),
        };
    }

    private string Condition(FormulaNode node, Row row)
    {
        var condition = As(FormulaType.Boolean, node, row);
        return FormulaDialect.IsDefinite(node) ? condition : $"({condition} IS TRUE)";
    }

    private string Number(FormulaNode node, Row row) => As(FormulaType.Number(node.Type.Scale), node, row);

    private string Seconds(FormulaNode node, Row row) => dialect.Seconds(node.Type.Kind, Write(node, row));

    /// <summary>The node where a type is expected: <c>null</c> becomes an empty value of it, a number gets its digits.</summary>
    private string As(FormulaType type, FormulaNode node, Row row)
    {
        if (node.Type.Kind == FormulaKind.Null) return dialect.Literal(new FormulaLiteral(type, null));
        var text = Write(node, row);
        return type.Kind == FormulaKind.Number && node.Type.Scale < type.Scale ? dialect.Widen(text, node.Type.Scale, type.Scale) : text;
    }

    private static FormulaKind Kind(FormulaNode node, FormulaKind otherwise) => node.Type.IsOpen ? otherwise : node.Type.Kind;

    private static bool IsPosition(FormulaOperator function, int at) => function == FormulaOperator.Substring && at > 0;

    /// <summary>A row in the statement; those of subqueries are named by how deep they stand.</summary>
    private readonly record struct Row(string Alias, int Depth, RowScope? Scope = null)
    {
        // What stands in a subquery comes from metadata.
        public Row Next() => new(string.Create(CultureInfo.InvariantCulture, $"f{Depth + 1}"), Depth + 1);

        public string Column(string name) => $"{Alias}.{SqlDialect.Quote(name)}";
    }
}
