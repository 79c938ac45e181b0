using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Queries;

/// <summary>
/// The one tree that OData, views and scripts are translated into, and that one compiler turns into SQL. It says what
/// is wanted, never who wants it: the caller's row filter is woven in by the compiler.
/// </summary>
public sealed record Query(EntityDefinition Entity)
{
    /// <summary>Rows of a page when the caller says nothing, and the most it may ask for.</summary>
    public const int LargestPage = 5000;

    /// <summary>Attributes to read; primary key and version are always read along.</summary>
    public ImmutableArray<AttributeDefinition> Columns { get; init; } = [];

    /// <summary><c>null</c>: all rows.</summary>
    public FilterNode? Filter { get; init; }

    /// <summary>Rows that are read along with each row.</summary>
    public ImmutableArray<Expansion> Expansions { get; init; } = [];

    /// <summary>Columns of the row that stand in the result under other names, behind <see cref="Columns"/>.</summary>
    public ImmutableArray<NamedColumn> Named { get; init; } = [];

    /// <summary>Rows of other tables joined to each row; without expansions.</summary>
    public ImmutableArray<Link> Links { get; init; } = [];

    /// <summary>
    /// The rows are groups of others. Then <see cref="Columns"/>, <see cref="Filter"/> and <see cref="Orders"/> are about
    /// the attributes of the groups, and nothing is joined or read along. Pages go on by the number of rows delivered.
    /// </summary>
    public Grouping? Grouping { get; init; }

    /// <summary>The compiler appends the primary key, so that the order is total and paging by key is possible.</summary>
    public ImmutableArray<OrderBy> Orders { get; init; } = [];

    /// <summary>The orders, completed where a row comes several times: by its key and those of its partners.</summary>
    public ImmutableArray<OrderBy> TotalOrders => Links.IsEmpty ? Orders :
    [
        .. Orders, new OrderBy(Entity.PrimaryId),
        .. Links.SelectMany(link => link.All).Where(link => link.Kind != LinkKind.First).Select(link => new OrderBy(link.Entity.PrimaryId) { Link = link.Alias }),
    ];

    /// <summary>Most rows in all (<c>$top</c>); <c>null</c> for no limit.</summary>
    public int? Top { get; init; }

    /// <summary>Rows that are left out at the beginning (<c>$skip</c>); of the first page only.</summary>
    public int Skip { get; init; }

    /// <summary>Rows of one page. A page that is full and not the last gives a <see cref="PageToken"/>.</summary>
    public int PageSize { get; init; } = LargestPage;

    /// <summary>Begin after this row; from the result of the page before.</summary>
    public PageToken? After { get; init; }

    /// <summary>Also count all rows that match (<c>$count=true</c>), regardless of page and top.</summary>
    public bool CountTotal { get; init; }

    /// <summary>Also read the primary name of each lookup's target, and the file name of each file.</summary>
    public bool LookupNames { get; init; }

    /// <summary>Also read the small image of each image column.</summary>
    public bool Thumbnails { get; init; }
}

/// <param name="Attribute">A lookup sorts by the primary name of its target.</param>
public sealed record OrderBy(AttributeDefinition Attribute, bool Descending = false)
{
    /// <summary>Way to the row that has the attribute; empty for the row itself.</summary>
    public ImmutableArray<LookupStep> Path { get; init; } = [];

    /// <summary>Alias of the joined row that has the attribute, or begins the way to it; <c>null</c> for the row of the query.</summary>
    public string? Link { get; init; }

    public override string ToString() => $"{(Descending ? '-' : '+')}{(Link is null ? "" : Link + '.')}{string.Concat(Path.Select(step => $"{step.Lookup}.{step.Target}/"))}{Attribute}";

    public bool Equals(OrderBy? other) => other is not null && Attribute == other.Attribute && Descending == other.Descending && Link == other.Link && Path.SequenceEqual(other.Path);

    public override int GetHashCode() => HashCode.Combine(Attribute, Descending, Path.Length);
}

/// <summary>Where a page ended: the values of the order attributes and the key of its last row. Stays right while rows are inserted and deleted.</summary>
/// <param name="Values">One for each of <see cref="Query.TotalOrders"/>, none where rows are groups, of the attribute's .NET type (text for lookups), <c>null</c> for empty.</param>
/// <param name="Taken">Rows delivered so far, so that <see cref="Query.Top"/> holds over all pages.</param>
public sealed record PageToken(ImmutableArray<object?> Values, Guid Id, int Taken);
