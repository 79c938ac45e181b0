using System.Collections.Immutable;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Queries.Conditions;
using Platform.OData.Model;

namespace Platform.OData.Queries;

/// <summary>Turns the URL parser's tree of a condition into the engine's.</summary>
internal sealed class FilterTranslator
{
    /// <summary>Conditions of one filter; each becomes a piece of SQL.</summary>
    public const int MostConditions = 500;

    /// <summary>Levels of parentheses, negations and collections; SQL of both databases has its limits, too.</summary>
    public const int MostLevels = 50;

    /// <summary>Values of one <c>in</c>.</summary>
    public const int MostValues = 1000;

    private readonly QueryNames names;
    private readonly ExpressionTranslator expressions;
    private readonly Effort effort;

    /// <param name="names">What the names in the condition stand for.</param>
    public FilterTranslator(QueryNames names)
        : this(names, new Effort())
    {
    }

    private FilterTranslator(QueryNames names, Effort effort) => (this.names, this.effort, expressions) = (names, effort, new ExpressionTranslator(names));

    /// <exception cref="PlatformException">Not offered (501), too large, or a literal of the wrong type (400).</exception>
    public FilterNode Translate(QueryNode node)
    {
        effort.Enter();
        var translated = names.Bare(node) switch
        {
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and => new AllOf(Chain(and)),
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or => new AnyOf(Chain(or)),
            BinaryOperatorNode comparison => Compare(comparison),
            UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => new Not(Translate(not.Operand)),
            SingleValueFunctionCallNode function => Function(function),
            InNode list => OneOf(list),
            AnyNode any => Some(any, negated: false),
            AllNode all => new Not(Some(all, negated: true)),
            ConstantNode { Value: bool value } => value ? new AllOf([]) : new AnyOf([]),
            SingleValuePropertyAccessNode flag when names.Find(flag) is { Attribute.Kind: AttributeKind.Boolean } column => column.Within(new Compare(column.Attribute, Comparison.Equal, true)),
            var other => throw QueryNames.NotOffered(other),
        };
        effort.Leave();
        return translated;
    }

    /// <summary>The operands of <c>a and b and c</c>, which the parser hands over as a left-leaning tree: walked, not recursed into, because it may be long.</summary>
    private ImmutableArray<FilterNode> Chain(BinaryOperatorNode last)
    {
        var operands = new Stack<QueryNode>();
        QueryNode node = last;
        while (names.Bare(node) is BinaryOperatorNode link && link.OperatorKind == last.OperatorKind)
        {
            operands.Push(link.Right);
            node = link.Left;
        }
        operands.Push(node);
        var translated = ImmutableArray.CreateBuilder<FilterNode>(operands.Count);
        foreach (var operand in operands) translated.Add(Translate(operand));
        return translated.MoveToImmutable();
    }

    private FilterNode Compare(BinaryOperatorNode node)
    {
        if (QueryNames.WithoutConversion(node.Right) is ParameterAliasNode { Alias: var name } && names.Condition(name) is { } named)
            return names.Find(node.Left) is { } about ? about.Within(Condition.Of(about.Entity, about.Attribute, named.Operator, named.Values)) : throw QueryNames.NotOffered(node.Left);
        if (ComparisonOf(node.OperatorKind) is not { } comparison) return expressions.Condition(node);
        var (left, right) = (names.Bare(node.Left), names.Bare(node.Right));
        if (left is ConstantNode && right is not ConstantNode)
        {
            (left, right) = (right, left);
            comparison = Flipped(comparison);
        }
        if (names.Find(left) is not { } column) return expressions.Condition(node);
        if (column.Attribute.Kind == AttributeKind.GeoPoint && right is not ConstantNode { Value: null })
            throw Errors.NotOffered($"Comparing the point '{column.Attribute}' with anything but null");
        if (column.Attribute.Kind == AttributeKind.MultiChoice && comparison is not (Comparison.Equal or Comparison.NotEqual))
            throw Errors.NotOffered($"Comparing the choices of '{column.Attribute}' by anything but eq and ne");
        if (right is ConstantNode constant) return Compare(column, comparison, constant);
        return names.Find(right) is { } other && column.IsBeside(other) && Comparable(column.Attribute, other.Attribute)
            ? column.Within(new CompareAttributes(column.Attribute, comparison, other.Attribute))
            : expressions.Condition(node);
    }

    private static FilterNode Compare(QueryColumn column, Comparison comparison, ConstantNode constant)
    {
        var lookup = column.AsLookup ?? column;
        if (constant.Value is not null) return lookup.Within(new Compare(lookup.Attribute, comparison, Literal.ValueFor(lookup.Attribute, lookup.Entity, constant)));
        if (comparison is not (Comparison.Equal or Comparison.NotEqual)) throw Errors.BadRequest($"'{column.Attribute}' can be compared with null by eq and ne only.");
        // A lookup of several targets is not empty where it points elsewhere; the row behind it is.
        if (lookup.Attribute.IsPolymorphic) lookup = column;
        return lookup.Within(new Compare(lookup.Attribute, comparison, null));
    }

    private FilterNode Function(SingleValueFunctionCallNode node)
    {
        TextMatch? match = node.Name switch
        {
            "contains" => TextMatch.Contains,
            "startswith" => TextMatch.StartsWith,
            "endswith" => TextMatch.EndsWith,
            _ => null,
        };
        var arguments = node.Parameters.ToArray();
        if (match is null || names.Find(arguments[0]) is not { } column || names.Bare(arguments[1]) is not ConstantNode { Value: string text }) return expressions.Condition(node);
        if (column.Attribute.Kind == AttributeKind.MultiChoice)
            throw Errors.BadRequest($"'{column.Attribute}' holds values of a choice, not a text.", $"Write Microsoft.Dynamics.CRM.ContainValues(PropertyName='{column.Attribute}',PropertyValues=['1']).");
        return column.Within(new MatchText(column.Attribute, match.Value, text));
    }

    private FilterNode OneOf(InNode node)
    {
        if (node.Right is not CollectionConstantNode list) throw QueryNames.NotOffered(node.Right);
        if (names.Find(node.Left) is not { } column) return expressions.Condition(node, list);
        if (list.Collection.Count > MostValues) throw Errors.BadRequest($"The list of '{column.Attribute} in (…)' has more than {MostValues} values.");
        if (list.Collection.Count == 0) throw Errors.BadRequest($"The list of '{column.Attribute} in (…)' is empty.");
        var values = Literal.ValuesFor(column.Attribute, column.Entity, list).ToList();
        var lookup = column.AsLookup ?? column;
        var some = lookup.Within(new OneOf(lookup.Attribute, [.. values.OfType<object>()]));
        return values.Contains(null) ? new AnyOf([some, column.Within(new Compare(column.Attribute, Comparison.Equal, null))]) : some;
    }

    /// <summary><c>contacts/any(c:c/lastname eq 'Kim')</c></summary>
    /// <param name="negated">The condition shall not hold: <c>all</c> is that there is none for which it does not.</param>
    private FilterNode Some(LambdaNode node, bool negated)
    {
        if (node.Source is not CollectionNavigationNode collection) throw QueryNames.NotOffered(node);
        var (levels, path, navigation) = names.Collection(collection);
        FilterNode? condition = null;
        if (names.Bare(node.Body) is not ConstantNode { Value: true })
        {
            effort.Enter();
            condition = new FilterTranslator(names.Inside(navigation, node.CurrentRangeVariable?.Name ?? ""), effort).Translate(node.Body);
            effort.Leave();
        }
        var some = new AnyRow(navigation, negated && condition is not null ? new Not(condition) : condition);
        return levels == 0 ? QueryColumn.Within(path, some) : some with { Levels = levels, Path = path };
    }

    internal static bool Comparable(AttributeDefinition left, AttributeDefinition right) =>
        EdmModelBuilder.PrimitiveKind(left.Kind) == EdmModelBuilder.PrimitiveKind(right.Kind)
        && (left.Kind == AttributeKind.MultiChoice) == (right.Kind == AttributeKind.MultiChoice)
        && (left.Kind is not (AttributeKind.Decimal or AttributeKind.Money) || left.StoredScale == right.StoredScale);

    private static Comparison? ComparisonOf(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Equal => Comparison.Equal,
        BinaryOperatorKind.NotEqual => Comparison.NotEqual,
        BinaryOperatorKind.LessThan => Comparison.Less,
        BinaryOperatorKind.LessThanOrEqual => Comparison.LessOrEqual,
        BinaryOperatorKind.GreaterThan => Comparison.Greater,
        BinaryOperatorKind.GreaterThanOrEqual => Comparison.GreaterOrEqual,
        _ => null,
    };

    private static Comparison Flipped(Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.Greater,
        Comparison.LessOrEqual => Comparison.GreaterOrEqual,
        Comparison.Greater => Comparison.Less,
        Comparison.GreaterOrEqual => Comparison.LessOrEqual,
        _ => comparison,
    };

    /// <summary>How large and deep a condition is, over all its collections.</summary>
    private sealed class Effort
    {
        private int conditions;
        private int level;

        public void Enter()
        {
            if (++level > MostLevels) throw Errors.BadRequest($"The filter is nested more than {MostLevels} levels deep.");
            if (++conditions > MostConditions) throw Errors.BadRequest($"The filter has more than {MostConditions} conditions.");
        }

        public void Leave() => level--;
    }
}
