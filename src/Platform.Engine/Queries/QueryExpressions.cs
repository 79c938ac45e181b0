using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;
using Platform.Engine.Records;

namespace Platform.Engine.Queries;

/// <summary>Makes the expressions of queries, checked as formulas are and meaning the same.</summary>
public static class QueryExpressions
{
    /// <summary>A column of the row, or of one that its lookups lead to.</summary>
    /// <param name="levels">How far outside of a collection the row stands; 0: the row itself.</param>
    /// <exception cref="PlatformException">Nothing can be calculated with it.</exception>
    public static FormulaNode Column(ImmutableArray<LookupStep> path, EntityDefinition entity, AttributeDefinition attribute, int levels = 0)
    {
        if (attribute.Kind is AttributeKind.GeoPoint or AttributeKind.File or AttributeKind.Image or AttributeKind.MultiChoice || attribute.Computed is FileFact)
            throw Errors.BadRequest($"'{attribute}' cannot be part of an expression.", "Compare it with a value.");
        // What a name stands for is written from where its own row stands.
        if (attribute.Computed is ExpressionColumn named) return levels == 0 ? named.Formula : Outside(named.Formula, levels);
        if (attribute.Computed is GroupedColumn) return new FormulaGroup(FormulaType.Of(attribute.Kind, attribute.StoredScale), attribute);
        var type = attribute.Computed is DistanceColumn ? throw Errors.NotOffered("geo.distance in an expression") : FormulaType.Of(attribute.Kind, attribute.StoredScale);
        return new FormulaReach(type, path, new FormulaColumn(type, entity.LogicalName, attribute.LogicalName), levels);
    }

    private static FormulaNode Outside(FormulaNode node, int levels) => node switch
    {
        FormulaReach reach => reach with { Levels = reach.Levels + levels },
        FormulaOperation operation => operation with { Operands = [.. operation.Operands.Select(operand => Outside(operand, levels))] },
        _ => node,
    };

    /// <summary>A value; texts compose as those that are stored.</summary>
    /// <exception cref="PlatformException">It is of no such type, or a text with characters that are none.</exception>
    /// <param name="value">Text, decimal, bool, point in time (UTC), day, seconds as long, id; <c>null</c>.</param>
    public static FormulaNode Literal(object? value) => new FormulaLiteral(
        value switch
        {
            null => new FormulaType(FormulaKind.Null),
            string => FormulaType.Text,
            decimal number => FormulaType.Number(number.Scale),
            bool => FormulaType.Boolean,
            DateTime => new FormulaType(FormulaKind.DateTime),
            DateOnly => new FormulaType(FormulaKind.Date),
            long => new FormulaType(FormulaKind.Duration),
            Guid => new FormulaType(FormulaKind.Id),
            _ => throw Errors.BadRequest($"'{value}' cannot be part of an expression."),
        },
        value is string text ? Text(text) : value);

    private static string Text(string text) => NormalForm.IsText(text)
        ? NormalForm.Of(text)
        : throw Errors.BadRequest("A text in the expression has characters that are none (NUL, U+FFFE or half a surrogate pair).", "Take them out.");

    /// <param name="word">Operator as OData writes it: <c>add</c>, <c>eq</c>, <c>and</c> and so on.</param>
    /// <exception cref="PlatformException">The operands do not go with it.</exception>
    public static FormulaNode Binary(string word, FormulaNode left, FormulaNode right) => Builder.Binary(word, left, right, 0);

    public static FormulaNode Not(FormulaNode operand) => Builder.Not(operand, 0);

    public static FormulaNode Negate(FormulaNode operand) => Builder.Negate(operand, 0);

    /// <param name="name">Function as OData names it.</param>
    /// <exception cref="PlatformException">There is no such function, or the arguments are not its own.</exception>
    public static FormulaNode Call(string name, ImmutableArray<FormulaNode> arguments) => Builder.Call(name, arguments, 0);

    public static FormulaNode In(FormulaNode left, ImmutableArray<FormulaNode> items) => Builder.In(left, items, 0);

    private static FormulaBuilder Builder { get; } = new(null!, (reason, hint, _) => throw Errors.BadRequest(reason, hint));
}
