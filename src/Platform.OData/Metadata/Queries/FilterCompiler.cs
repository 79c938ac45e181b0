using System.Collections;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.OData.Metadata.Model;
using Platform.OData.Queries;

namespace Platform.OData.Metadata.Queries;

/// <summary>Makes a condition on definitions of the URL parser's tree; what it cannot make is refused here, not when the condition is asked.</summary>
/// <param name="aliases">Values of the URL's parameter aliases.</param>
internal sealed class FilterCompiler(IDictionary<string, SingleValueNode> aliases)
{
    private const string Root = "$it";

    /// <summary>Each level of <c>any</c> and <c>all</c> multiplies the work by the number of a table's columns.</summary>
    private const int MostLambdas = 2;

    private int conditions;
    private int lambdas;

    /// <exception cref="PlatformException">Too large (400), or an operand that is not offered (501).</exception>
    public Func<object, bool> Compile(FilterClause filter)
    {
        var variable = filter.RangeVariable?.Name ?? Root;
        var condition = Value(filter.Expression);
        return item => condition(new Scope(variable, item, null)) is true;
    }

    private Func<Scope, object?> Value(QueryNode node)
    {
        if (++conditions > 4 * FilterTranslator.MostConditions) throw Errors.BadRequest($"The filter has more than {FilterTranslator.MostConditions} conditions.");
        return node switch
        {
            ConvertNode convert => Value(convert.Source),
            ConstantNode constant => _ => constant.Value,
            ParameterAliasNode alias => Value(Aliased(alias)),
            BinaryOperatorNode binary => Binary(binary),
            UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => Not(Value(not.Operand)),
            SingleValuePropertyAccessNode access => Property(access.Source, access.Property),
            SingleComplexNode access => Property(access.Source, access.Property),
            SingleNavigationNode access => Property(access.Source, access.NavigationProperty),
            CollectionPropertyAccessNode access => Property(access.Source, access.Property),
            CollectionComplexNode access => Property(access.Source, access.Property),
            CollectionNavigationNode access => Property(access.Source, access.NavigationProperty),
            ResourceRangeVariableReferenceNode variable => scope => scope.Find(variable.Name),
            NonResourceRangeVariableReferenceNode variable => scope => scope.Find(variable.Name),
            SingleResourceCastNode cast => Cast(Value(cast.Source), cast.TypeReference),
            CollectionResourceCastNode cast => CastAll(Value(cast.Source), cast.ItemType),
            InNode list => In(list),
            AnyNode any => Lambda(any, matches => matches.Any(match => match)),
            AllNode all => Lambda(all, matches => matches.All(match => match)),
            CountNode count => Count(Value(count.Source)),
            SingleValueFunctionCallNode function => Function(function),
            _ => throw Errors.NotOffered($"An operand of the kind '{node.Kind}' in $filter"),
        };
    }

    private SingleValueNode Aliased(ParameterAliasNode alias) => aliases.TryGetValue(alias.Alias, out var value) && value is not null
        ? value
        : throw Errors.BadRequest($"The parameter '{alias.Alias}' has no value.", $"Add &{alias.Alias}=… to the URL.");

    private Func<Scope, object?> Binary(BinaryOperatorNode node)
    {
        var (left, right) = (Value(node.Left), Value(node.Right));
        return node.OperatorKind switch
        {
            BinaryOperatorKind.And => scope => left(scope) is true && right(scope) is true,
            BinaryOperatorKind.Or => scope => left(scope) is true || right(scope) is true,
            BinaryOperatorKind.Equal => scope => Values.AreEqual(left(scope), right(scope)),
            BinaryOperatorKind.NotEqual => scope => !Values.AreEqual(left(scope), right(scope)),
            BinaryOperatorKind.LessThan => scope => Values.Order(left(scope), right(scope)) < 0,
            BinaryOperatorKind.LessThanOrEqual => scope => Values.Order(left(scope), right(scope)) <= 0,
            BinaryOperatorKind.GreaterThan => scope => Values.Order(left(scope), right(scope)) > 0,
            BinaryOperatorKind.GreaterThanOrEqual => scope => Values.Order(left(scope), right(scope)) >= 0,
            BinaryOperatorKind.Has => scope => Values.Has(left(scope), right(scope)),
            var other => throw Errors.NotOffered($"The operator '{other}' in $filter"),
        };
    }

    private static Func<Scope, object?> Not(Func<Scope, object?> operand) => scope => operand(scope) is bool flag ? !flag : null;

    private Func<Scope, object?> Property(QueryNode source, IEdmProperty property)
    {
        var owner = Value(source);
        var name = property.Name;
        return scope => owner(scope) is { } value ? MetadataType.Of(value).Find(name)?.Of(value) : null;
    }

    private static Func<Scope, object?> Cast(Func<Scope, object?> source, IEdmTypeReference type)
    {
        var wanted = TypeOf(type);
        return scope => source(scope) is { } value && MetadataType.Of(value).Is(wanted) ? value : null;
    }

    private static Func<Scope, object?> CastAll(Func<Scope, object?> source, IEdmTypeReference type)
    {
        var wanted = TypeOf(type);
        return scope => Items(source(scope)).Where(item => MetadataType.Of(item!).Is(wanted)).ToList();
    }

    private Func<Scope, object?> In(InNode node)
    {
        var left = Value(node.Left);
        if (node.Right is not CollectionConstantNode list) throw Errors.NotOffered("Anything but a list of values after 'in' in $filter");
        if (list.Collection.Count > FilterTranslator.MostValues) throw Errors.BadRequest($"The list of 'in (…)' has more than {FilterTranslator.MostValues} values.");
        var values = list.Collection.Select(item => item.Value).ToArray();
        return scope =>
        {
            var value = left(scope);
            return Array.Exists(values, candidate => Values.AreEqual(value, candidate));
        };
    }

    private Func<Scope, object?> Lambda(LambdaNode node, Func<IEnumerable<bool>, bool> combine)
    {
        if (++lambdas > MostLambdas) throw Errors.BadRequest($"'any' and 'all' stand inside each other more than {MostLambdas} levels deep.");
        var source = Value(node.Source);
        var condition = Value(node.Body);
        lambdas--;
        // `any()` without a condition has no variable of its own.
        var variable = node.CurrentRangeVariable?.Name ?? Root;
        return scope => combine(Items(source(scope)).Select(item => condition(new Scope(variable, item, scope)) is true));
    }

    private static Func<Scope, object?> Count(Func<Scope, object?> source) => scope => (long)Items(source(scope)).Count();

    private Func<Scope, object?> Function(SingleValueFunctionCallNode node)
    {
        var arguments = node.Parameters.Select(Value).ToArray();
        Func<object[], object?> function = node.Name switch
        {
            "contains" => values => ((string)values[0]).Contains((string)values[1], StringComparison.Ordinal),
            "startswith" => values => ((string)values[0]).StartsWith((string)values[1], StringComparison.Ordinal),
            "endswith" => values => ((string)values[0]).EndsWith((string)values[1], StringComparison.Ordinal),
            "indexof" => values => ((string)values[0]).IndexOf((string)values[1], StringComparison.Ordinal),
            "tolower" => values => ((string)values[0]).ToLowerInvariant(),
            "toupper" => values => ((string)values[0]).ToUpperInvariant(),
            "trim" => values => ((string)values[0]).Trim(),
            "length" => values => ((string)values[0]).Length,
            "substring" => values => Substring((string)values[0], (int)values[1], values.Length > 2 ? (int)values[2] : int.MaxValue),
            "concat" => values => (string)values[0] + (string)values[1],
            var name => throw Errors.NotOffered($"The function '{name}' in $filter"),
        };
        return scope =>
        {
            var values = new object[arguments.Length];
            for (var at = 0; at < values.Length; at++)
            {
                if (arguments[at](scope) is not { } value) return null;
                values[at] = value;
            }
            return function(values);
        };
    }

    private static string Substring(string text, int start, int length) =>
        start < 0 || start >= text.Length || length <= 0 ? "" : text.Substring(start, Math.Min(length, text.Length - start));

    private static IEnumerable<object?> Items(object? collection) => collection is IEnumerable many and not string ? many.Cast<object?>() : [];

    private static MetadataType TypeOf(IEdmTypeReference type) => MetadataType.Named(((IEdmSchemaElement)type.Definition).Name)!;
}
