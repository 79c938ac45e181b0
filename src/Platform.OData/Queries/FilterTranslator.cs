using System.Collections.Immutable;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.OData.Model;
using Platform.Sdk;

namespace Platform.OData.Queries;

/// <summary>Turns the URL parser's tree into the engine's.</summary>
internal sealed class FilterTranslator(EntityDefinition entity, IDictionary<string, SingleValueNode> aliases)
{
    /// <summary>Conditions of one filter; each becomes a piece of SQL.</summary>
    public const int MostConditions = 500;

    /// <summary>Levels of parentheses and negations; SQL of both databases has its limits, too.</summary>
    public const int MostLevels = 50;

    /// <summary>Values of one <c>in</c>.</summary>
    public const int MostValues = 1000;

    private int conditions;
    private int level;

    /// <exception cref="PlatformException">Not offered (501), too large, or a literal of the wrong type (400).</exception>
    public FilterNode Translate(QueryNode node)
    {
        if (++level > MostLevels) throw Errors.BadRequest($"The filter is nested more than {MostLevels} levels deep.");
        if (++conditions > MostConditions) throw Errors.BadRequest($"The filter has more than {MostConditions} conditions.");
        FilterNode translated = Bare(node) switch
        {
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and => new AllOf(Chain(and)),
            BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or => new AnyOf(Chain(or)),
            BinaryOperatorNode comparison => Compare(comparison),
            UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => new Not(Translate(not.Operand)),
            SingleValueFunctionCallNode function => Function(function),
            InNode list => OneOf(list),
            SingleValuePropertyAccessNode flag when Column(flag) is { Attribute.Kind: AttributeKind.Boolean } column =>
                new Compare(column.Attribute, Comparison.Equal, true),
            var other => throw NotOffered(other),
        };
        level--;
        return translated;
    }

    /// <summary>The operands of <c>a and b and c</c>, which the parser hands over as a left-leaning tree: walked, not recursed into, because it may be long.</summary>
    private ImmutableArray<FilterNode> Chain(BinaryOperatorNode last)
    {
        var operands = new Stack<QueryNode>();
        QueryNode node = last;
        while (Bare(node) is BinaryOperatorNode link && link.OperatorKind == last.OperatorKind)
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
        if (WithoutConversion(node.Right) is ParameterAliasNode { Alias: NamedFunctions.CallerAlias }) return new IsCaller(Column(Bare(node.Left))!.Attribute);
        if (WithoutConversion(node.Right) is ParameterAliasNode { Alias: var name } && name.StartsWith(NamedFunctions.ChoicesAlias, StringComparison.Ordinal))
            return new ContainsChoice(Column(Bare(node.Left))!.Attribute, ChoiceValues.Parse((string)((ConstantNode)Bare(node.Right)).Value)!);
        var comparison = ComparisonOf(node.OperatorKind) ?? throw Errors.NotOffered($"The operator '{node.OperatorKind}' in $filter");
        var (left, right) = (Bare(node.Left), Bare(node.Right));
        if (left is ConstantNode && right is not ConstantNode)
        {
            (left, right) = (right, left);
            comparison = Flipped(comparison);
        }
        var column = Column(left) ?? throw NotOffered(left);
        if (column.Attribute.Kind == AttributeKind.GeoPoint && right is not ConstantNode { Value: null })
            throw Errors.NotOffered($"Comparing the point '{column.Attribute}' with anything but null");
        if (column.Attribute.Kind == AttributeKind.MultiChoice && comparison is not (Comparison.Equal or Comparison.NotEqual))
            throw Errors.NotOffered($"Comparing the choices of '{column.Attribute}' by anything but eq and ne");
        if (right is not ConstantNode constant)
        {
            var other = Column(right) ?? throw NotOffered(right);
            if (!Comparable(column.Attribute, other.Attribute))
                throw Errors.NotOffered($"Comparing '{column.Attribute}' with '{other.Attribute}', which is of another type,");
            return new CompareAttributes(column.Attribute, comparison, other.Attribute);
        }
        if (constant.Value is null)
        {
            if (column.ThroughOneOfMany) throw Errors.NotOffered($"null behind '{((SingleValuePropertyAccessNode)left).Source}'");
            if (comparison is not (Comparison.Equal or Comparison.NotEqual)) throw Errors.BadRequest($"'{column.Attribute}' can be compared with null by eq and ne only.");
        }
        return new Compare(column.Attribute, comparison, Literal.ValueFor(column.Attribute, entity, constant));
    }

    private MatchText Function(SingleValueFunctionCallNode node)
    {
        TextMatch? match = node.Name switch
        {
            "contains" => TextMatch.Contains,
            "startswith" => TextMatch.StartsWith,
            "endswith" => TextMatch.EndsWith,
            _ => null,
        };
        if (match is null) throw Errors.NotOffered($"The function '{node.Name}' in $filter");
        var arguments = node.Parameters.ToArray();
        var column = Column(Bare(arguments[0])) ?? throw NotOffered(arguments[0]);
        if (Bare(arguments[1]) is not ConstantNode { Value: string text }) throw Errors.NotOffered($"Anything but a text as the second argument of '{node.Name}'");
        if (column.Attribute.Kind == AttributeKind.MultiChoice)
            throw Errors.BadRequest($"'{column.Attribute}' holds values of a choice, not a text.", $"Write Microsoft.Dynamics.CRM.ContainValues(PropertyName='{column.Attribute}',PropertyValues=['1']).");
        return new MatchText(column.Attribute, match.Value, text);
    }

    private OneOf OneOf(InNode node)
    {
        var column = Column(Bare(node.Left)) ?? throw NotOffered(node.Left);
        if (node.Right is not CollectionConstantNode list) throw NotOffered(node.Right);
        if (list.Collection.Count > MostValues) throw Errors.BadRequest($"The list of '{column.Attribute} in (…)' has more than {MostValues} values.");
        var values = ImmutableArray.CreateBuilder<object>(list.Collection.Count);
        foreach (var item in list.Collection)
            values.Add(Literal.ValueFor(column.Attribute, entity, item)
                ?? throw Errors.NotOffered($"null in the list of '{column.Attribute} in (…)'"));
        if (values.Count == 0) throw Errors.BadRequest($"The list of '{column.Attribute} in (…)' is empty.");
        return new OneOf(column.Attribute, values.MoveToImmutable());
    }

    /// <summary>A column of the row, or the key of the row that a lookup points to, which is the lookup's own value.</summary>
    private FilterColumn? Column(QueryNode node)
    {
        if (node is SingleValueFunctionCallNode { Name: GeoDistance.Name } distance) return new FilterColumn(GeoDistance.Read(distance, entity, Bare), false);
        if (node is not SingleValuePropertyAccessNode access) return null;
        if (access.Source is ResourceRangeVariableReferenceNode)
            return EntityNames.Of(entity).Find(access.Property.Name) is { } name ? new FilterColumn(name.Attribute, false) : null;
        if (access.Source is not SingleNavigationNode { Source: ResourceRangeVariableReferenceNode } navigation) return null;
        return access.Property.IsKey() && EntityNames.Of(entity).Find(navigation.NavigationProperty.Name) is { } lookup
            ? new FilterColumn(lookup.Attribute, lookup.Attribute.IsPolymorphic)
            : null;
    }

    /// <summary>What an order sorts by; <c>null</c> where it is neither a column nor a distance.</summary>
    public AttributeDefinition? OrderKey(QueryNode node) => node switch
    {
        SingleValueFunctionCallNode { Name: GeoDistance.Name } => Column(node)!.Attribute,
        SingleValuePropertyAccessNode { Source: ResourceRangeVariableReferenceNode } => Column(node)?.Attribute,
        _ => null,
    };

    private QueryNode Bare(QueryNode node)
    {
        while (true)
        {
            node = WithoutConversion(node);
            if (node is ParameterAliasNode alias)
                node = aliases.TryGetValue(alias.Alias, out var value) && value is not null
                    ? value
                    : throw Errors.BadRequest($"The parameter '{alias.Alias}' has no value.", $"Add &{alias.Alias}=… to the URL.");
            else return node;
        }
    }

    private static QueryNode WithoutConversion(QueryNode node)
    {
        while (node is ConvertNode convert) node = convert.Source;
        return node;
    }

    private static bool Comparable(AttributeDefinition left, AttributeDefinition right) =>
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

    private static PlatformException NotOffered(QueryNode node) => node switch
    {
        SingleValuePropertyAccessNode { Source: SingleNavigationNode navigation } path =>
            Errors.NotOffered($"The path '{navigation.NavigationProperty.Name}/{path.Property.Name}' in $filter"),
        SingleNavigationNode navigation => Errors.NotOffered($"The navigation property '{navigation.NavigationProperty.Name}' as an operand in $filter"),
        SingleValueFunctionCallNode function => Errors.NotOffered($"The function '{function.Name}' as an operand in $filter"),
        LambdaNode lambda => Errors.NotOffered($"'{lambda.Kind.ToString().ToLowerInvariant()}' over a collection in $filter"),
        _ => Errors.NotOffered($"An operand of the kind '{node.Kind}' in $filter"),
    };

    /// <param name="ThroughOneOfMany">Reached over one of several navigation properties of a lookup, which is empty also where the lookup points elsewhere.</param>
    private sealed record FilterColumn(AttributeDefinition Attribute, bool ThroughOneOfMany);
}
