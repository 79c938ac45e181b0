using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Queries;

/// <summary>A condition on a row. Comparison with an empty value follows OData, not SQL: <c>ne 1</c> holds for rows without a value.</summary>
public abstract record FilterNode;

public sealed record AllOf(ImmutableArray<FilterNode> Nodes) : FilterNode;

public sealed record AnyOf(ImmutableArray<FilterNode> Nodes) : FilterNode;

public sealed record Not(FilterNode Node) : FilterNode;

public enum Comparison
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>Attribute against a value of its .NET type (a <see cref="Guid"/> for lookups, the number for choices); <c>null</c> only with equal and not equal.</summary>
public sealed record Compare(AttributeDefinition Attribute, Comparison Operator, object? Value) : FilterNode;

/// <summary>Attribute against another attribute of the same row.</summary>
public sealed record CompareAttributes(AttributeDefinition Left, Comparison Operator, AttributeDefinition Right) : FilterNode
{
    /// <summary>Alias of the joined row that has the right one; <c>null</c>: the same row.</summary>
    public string? Link { get; init; }
}

public enum TextMatch
{
    Contains,
    StartsWith,
    EndsWith,
}

/// <summary>Text search in one attribute, ignoring ASCII case. Every character of <paramref name="Text"/> stands for itself.</summary>
public sealed record MatchText(AttributeDefinition Attribute, TextMatch Match, string Text) : FilterNode;

/// <summary>Text has a form, ignoring ASCII case, as T-SQL writes it: <c>%</c> stands for any characters, <c>_</c> for one, <c>[ab-d]</c> and <c>[^ab-d]</c> for one of a set, <c>[%]</c> for a percent sign.</summary>
public sealed record MatchPattern(AttributeDefinition Attribute, string Pattern) : FilterNode;

/// <summary>Holds for a joined row; where an outer link found none, for one without values.</summary>
/// <param name="Alias">Of the link.</param>
public sealed record OfLink(string Alias, FilterNode Node) : FilterNode;

/// <summary>At least one row of a link is there. It is not joined: its alias, kind and columns mean nothing.</summary>
public sealed record AnyLinked(Link Link) : FilterNode;

/// <summary>Attribute equals one of the values.</summary>
public sealed record OneOf(AttributeDefinition Attribute, ImmutableArray<object> Values) : FilterNode;

/// <summary>Multi-choice attribute holds at least one of the values.</summary>
public sealed record ContainsChoice(AttributeDefinition Attribute, ChoiceValues Values) : FilterNode;

/// <summary>The row is tied to another one by an intersect table.</summary>
/// <param name="RowKey">Primary key of the row.</param>
/// <param name="Far">Lookup of the intersect table to the row.</param>
/// <param name="Near">Lookup of the intersect table to the other row.</param>
/// <param name="Id">Id of the other row.</param>
public sealed record PairedWith(AttributeDefinition RowKey, EntityDefinition Intersect, AttributeDefinition Far, AttributeDefinition Near, Guid Id) : FilterNode;

/// <summary>The row is shared with somebody.</summary>
/// <param name="Entity">Of the row.</param>
/// <param name="Table">Table of shares.</param>
/// <param name="Shares">Which of them.</param>
/// <param name="Row">Its attribute that holds the id of the row.</param>
/// <param name="Masks">Its attributes, one of which has the right.</param>
/// <param name="Right">One bit.</param>
/// <param name="AreFew">The condition leaves few rows of the entity: they are found from the shares, not each asked for its own.</param>
public sealed record SharedWith(EntityDefinition Entity, EntityDefinition Table, FilterNode Shares, AttributeDefinition Row, ImmutableArray<AttributeDefinition> Masks, int Right, bool AreFew) : FilterNode;

/// <summary>A condition over expressions.</summary>
/// <param name="Formula">Of the kind <see cref="Metadata.Formulas.FormulaKind.Boolean"/>.</param>
public sealed record ExpressionCondition(Metadata.Formulas.FormulaNode Formula) : FilterNode;

/// <summary>Holds for the row that a lookup points to; a lookup that is empty, or points elsewhere, leads to a row without values.</summary>
public sealed record Behind(LookupStep Step, FilterNode Node) : FilterNode;

/// <summary>Within <see cref="AnyRow"/>: holds for a row outside of it.</summary>
/// <param name="Levels">How far outside, from 1.</param>
public sealed record OfOuter(int Levels, FilterNode Node) : FilterNode;

/// <summary>At least one of the rows that a navigation property leads to exists, and is one for which a condition holds.</summary>
/// <param name="Navigation">Leads to many rows.</param>
/// <param name="Node"><c>null</c>: any row.</param>
public sealed record AnyRow(Navigation Navigation, FilterNode? Node) : FilterNode
{
    /// <summary>How far outside of the row the one stands whose navigation property it is; 0: the row itself.</summary>
    public int Levels { get; init; }

    /// <summary>Way from that row to the one that has the navigation property.</summary>
    public ImmutableArray<LookupStep> Path { get; init; } = [];
}

/// <summary>Lookup points to the user who runs the query (<c>Microsoft.Dynamics.CRM.EqualUserId</c>); bound to the caller before the query is compiled.</summary>
public sealed record IsCaller(AttributeDefinition Attribute) : FilterNode;
