using System.Collections.Immutable;
using System.Globalization;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata.Formulas;
using Platform.Engine.Queries;

namespace Platform.OData.Queries;

/// <summary>Turns functions and arithmetic of a URL into the expressions of formulas, which mean the same on both databases.</summary>
internal sealed class ExpressionTranslator(QueryNames names)
{
    private const int MostLevels = 40;

    /// <summary>A condition that is more than a column against a value.</summary>
    public ExpressionCondition Condition(QueryNode node) => Condition(Expression(node));

    /// <summary><c>length(name) in (3,4)</c></summary>
    public ExpressionCondition Condition(InNode node, CollectionConstantNode list) =>
        Condition(QueryExpressions.In(Expression(node.Left), [.. list.Collection.Select(item => QueryExpressions.Literal(Value(item)))]));

    /// <exception cref="PlatformException">It has no meaning here (501), or its operands do not fit (400).</exception>
    public FormulaNode Expression(QueryNode node, int level = 0)
    {
        if (level > MostLevels) throw Errors.BadRequest($"The expression is nested more than {MostLevels} levels deep.");
        node = names.Bare(node);
        if (names.Find(node) is { } column) return QueryExpressions.Column(column.Path, column.Entity, column.Attribute, column.Levels);
        return node switch
        {
            ConstantNode constant => QueryExpressions.Literal(Value(constant)),
            BinaryOperatorNode binary => QueryExpressions.Binary(Word(binary.OperatorKind), Expression(binary.Left, level + 1), Expression(binary.Right, level + 1)),
            UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => QueryExpressions.Not(Expression(not.Operand, level + 1)),
            UnaryOperatorNode negation => QueryExpressions.Negate(Expression(negation.Operand, level + 1)),
            SingleValueFunctionCallNode call => QueryExpressions.Call(call.Name, [.. call.Parameters.Select(argument => Expression(argument, level + 1))]),
            _ => throw QueryNames.NotOffered(node),
        };
    }

    private static ExpressionCondition Condition(FormulaNode node) =>
        node.Type.Kind is FormulaKind.Boolean ? new ExpressionCondition(node) : throw Errors.BadRequest($"The filter has {node.Type} where a condition is expected.");

    /// <summary>Numbers are read from the text, because the parser makes a float of <c>100.1</c>.</summary>
    private static object? Value(ConstantNode constant) => constant.Value switch
    {
        null or string or bool or Guid => constant.Value,
        int or long or short or byte or sbyte or decimal or double or float =>
            decimal.TryParse((constant.LiteralText ?? Convert.ToString(constant.Value, CultureInfo.InvariantCulture)).AsSpan().TrimEnd("mMdDfFlL"), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Errors.BadRequest($"The number {constant.LiteralText} cannot be calculated with."),
        DateTimeOffset point => point.UtcDateTime,
        { } when Literal.DayOf(constant.Value) is { } day => day,
        TimeSpan duration => (long)duration.TotalSeconds,
        _ => throw Errors.NotOffered($"The literal {constant.LiteralText} in an expression"),
    };

    private static string Word(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Or => "or",
        BinaryOperatorKind.And => "and",
        BinaryOperatorKind.Equal => "eq",
        BinaryOperatorKind.NotEqual => "ne",
        BinaryOperatorKind.GreaterThan => "gt",
        BinaryOperatorKind.GreaterThanOrEqual => "ge",
        BinaryOperatorKind.LessThan => "lt",
        BinaryOperatorKind.LessThanOrEqual => "le",
        BinaryOperatorKind.Add => "add",
        BinaryOperatorKind.Subtract => "sub",
        BinaryOperatorKind.Multiply => "mul",
        BinaryOperatorKind.Divide => "div",
        BinaryOperatorKind.Modulo => "mod",
        _ => throw Errors.NotOffered($"The operator '{kind}'"),
    };
}
