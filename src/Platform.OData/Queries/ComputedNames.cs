using System.Collections.Immutable;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;
using Platform.Engine.Queries;
using Platform.OData.Model;

namespace Platform.OData.Queries;

/// <summary>The expressions that <c>$compute</c>, or <c>compute</c> in <c>$apply</c>, names beside the columns of a row or a group; each may use those before it.</summary>
internal sealed class ComputedNames
{
    private const int Most = 50;

    private readonly QueryNames row;
    private readonly EntityDefinition entity;

    /// <param name="row">Names of the row of the table.</param>
    /// <param name="rows">What the expressions stand beside.</param>
    public ComputedNames(EntityDefinition entity, QueryNames row, AppliedRows rows) => (this.entity, this.row, Rows) = (entity, row, rows);

    /// <summary>The rows, with the expressions beside their columns.</summary>
    public AppliedRows Rows { get; private set; }

    /// <summary>Names of the row with these beside them.</summary>
    public QueryNames Names => Rows.Names(row);

    /// <summary>The expressions in their order, as columns of the result.</summary>
    public ImmutableArray<NamedColumn> Named => Rows.Named;

    /// <summary>What <c>$compute</c> names; <c>null</c> where it was not given.</summary>
    /// <inheritdoc cref="Add(IEnumerable{ComputeExpression})"/>
    public static ComputedNames? Of(EntityDefinition entity, QueryNames row, ComputeClause? clause)
    {
        if (clause is null) return null;
        var computed = new ComputedNames(entity, row, AppliedRows.Of(entity));
        computed.Add(clause.ComputedItems);
        return computed;
    }

    public AttributeDefinition? Find(string name) => Rows.Made.GetValueOrDefault(name);

    /// <exception cref="PlatformException">An expression does not fit its columns (400), or makes what no column can hold (501).</exception>
    public void Add(IEnumerable<ComputeExpression> expressions)
    {
        foreach (var expression in expressions) Add(expression);
    }

    private void Add(ComputeExpression expression)
    {
        var name = expression.Alias;
        if (!Rows.AreGroups && EntityNames.Of(entity).Find(name) is not null) throw Errors.BadRequest($"'{entity}' has a property '{name}'.", "Give the expression another name.");
        if (Rows.Made.ContainsKey(name)) throw Errors.BadRequest($"Two columns are called '{name}'.", "Give the expression another name.");
        if (Rows.Named.Length == Most) throw Errors.BadRequest($"More than {Most} expressions are named.");
        var formula = new ExpressionTranslator(Names).Expression(expression.Expression);
        if (formula.Type.Kind is FormulaKind.Duration) throw Errors.NotOffered("A duration as the value of a column");
        if (formula.Type.Kind is FormulaKind.Null) throw Errors.BadRequest($"'{name}' is null in every row.");
        var attribute = new ExpressionColumn(formula).ToAttribute(name);
        Rows = Rows with { Made = Rows.Made.Add(name, attribute), Named = Rows.Named.Add(new NamedColumn(attribute, name)) };
    }
}
