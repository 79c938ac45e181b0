using System.Collections.Immutable;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;
using Platform.Engine.Queries;
using Platform.OData.Model;

namespace Platform.OData.Queries;

/// <summary>The expressions that <c>$compute</c>, or <c>compute</c> in <c>$apply</c>, names beside the columns of a row; each may use those before it.</summary>
internal sealed class ComputedNames
{
    private const int Most = 50;

    private readonly Dictionary<string, AttributeDefinition> byName = new(StringComparer.Ordinal);
    private readonly List<NamedColumn> named = [];
    private readonly EntityDefinition entity;

    /// <param name="row">Names of the row.</param>
    public ComputedNames(EntityDefinition entity, QueryNames row)
    {
        this.entity = entity;
        Names = row.With(new ResultNames(byName, hasRow: true));
    }

    /// <summary>Names of the row with these beside them.</summary>
    public QueryNames Names { get; }

    /// <summary>The expressions in their order, as columns of the result.</summary>
    public ImmutableArray<NamedColumn> Named => [.. named];

    /// <summary>What <c>$compute</c> names; <c>null</c> where it was not given.</summary>
    /// <inheritdoc cref="Add(IEnumerable{ComputeExpression})"/>
    public static ComputedNames? Of(EntityDefinition entity, QueryNames row, ComputeClause? clause)
    {
        if (clause is null) return null;
        var computed = new ComputedNames(entity, row);
        computed.Add(clause.ComputedItems);
        return computed;
    }

    public AttributeDefinition? Find(string name) => byName.GetValueOrDefault(name);

    /// <exception cref="PlatformException">An expression does not fit its columns (400), or makes what no column can hold (501).</exception>
    public void Add(IEnumerable<ComputeExpression> expressions)
    {
        foreach (var expression in expressions) Add(expression);
    }

    private void Add(ComputeExpression expression)
    {
        var name = expression.Alias;
        if (EntityNames.Of(entity).Find(name) is not null) throw Errors.BadRequest($"'{entity}' has a property '{name}'.", "Give the expression another name.");
        if (byName.ContainsKey(name)) throw Errors.BadRequest($"Two expressions are called '{name}'.", "Give one of them another name.");
        if (named.Count == Most) throw Errors.BadRequest($"More than {Most} expressions are named.");
        var formula = new ExpressionTranslator(Names).Expression(expression.Expression);
        if (formula.Type.Kind is FormulaKind.Duration) throw Errors.NotOffered("A duration as the value of a column");
        if (formula.Type.Kind is FormulaKind.Null) throw Errors.BadRequest($"'{name}' is null in every row.");
        byName[name] = new ExpressionColumn(formula).ToAttribute(name);
        named.Add(new NamedColumn(byName[name], name));
    }
}
