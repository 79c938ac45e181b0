using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Queries;

public enum LinkKind
{
    /// <summary>Rows without a partner are left out; with several they come several times.</summary>
    Inner,

    /// <summary>Rows without a partner come with empty columns; with several they come several times.</summary>
    Outer,

    /// <summary>As <see cref="Inner"/>, with the first partner only.</summary>
    First,
}

/// <summary>Rows of a table joined to each row of a query; those that the caller may read.</summary>
/// <param name="Alias">Name of the joined row: conditions (<see cref="OfLink"/>), orders and groups speak of it. Each only once in a query.</param>
/// <param name="From">Attribute of the joined row.</param>
/// <param name="To">Attribute of the row that it is joined to, with the same value.</param>
public sealed record Link(string Alias, EntityDefinition Entity, AttributeDefinition From, AttributeDefinition To)
{
    public LinkKind Kind { get; init; }

    /// <summary>What of the joined row stands in the result.</summary>
    public ImmutableArray<NamedColumn> Columns { get; init; } = [];

    /// <summary>Which rows are joined; a condition on the joined row itself, not on rows behind its lookups. <c>null</c>: all.</summary>
    public FilterNode? Filter { get; init; }

    /// <summary>Which row is the first one, for <see cref="LinkKind.First"/>: attributes of the joined row.</summary>
    public ImmutableArray<OrderBy> Orders { get; init; } = [];

    /// <summary>Rows joined to the joined row; they belong to it, so that an inner one below an outer one leaves out partners, not rows.</summary>
    public ImmutableArray<Link> Links { get; init; } = [];

    /// <summary>The link and those below it.</summary>
    public IEnumerable<Link> All => [this, .. Links.SelectMany(link => link.All)];
}

/// <summary>An attribute under a name of the query's in the result.</summary>
public sealed record NamedColumn(AttributeDefinition Attribute, string Name);

/// <summary>Where a value comes from: the row, or one that is joined to it, or one behind lookups of either.</summary>
/// <param name="Link">Alias of the joined row; <c>null</c> for the row itself.</param>
public sealed record ColumnSource(AttributeDefinition Attribute, string? Link = null)
{
    public ImmutableArray<LookupStep> Path { get; init; } = [];
}

/// <summary>What a link became in the rows of a result.</summary>
/// <param name="Shape">Its columns, among those of the row; an empty key says that there is no partner.</param>
public sealed record ResultLink(Link Link, Records.ResultShape Shape);
