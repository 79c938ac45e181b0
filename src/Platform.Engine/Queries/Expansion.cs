using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Queries;

/// <summary>Rows that are read along with each row of a query.</summary>
/// <param name="Navigation">Leads from the row to them.</param>
/// <param name="Rows">Which of them, what of them, and how: columns, filter, orders, skip, top and total (of each row's), and further expansions.</param>
public sealed record Expansion(Navigation Navigation, Query Rows)
{
    /// <summary>Most rows that the expansions of one page bring along at one level.</summary>
    public const int MostRows = 100_000;

    /// <summary>What of them the answer shows.</summary>
    public ExpansionForm Form { get; init; }

    /// <summary>Entities of the rows and of what is read along with them.</summary>
    public IEnumerable<EntityDefinition> Entities => [Rows.Entity, .. Rows.Expansions.SelectMany(inner => inner.Entities)];

    /// <summary>Not all that belong to a row are read, or they are counted: each has a place among them, from 1.</summary>
    public bool IsNumbered => Rows.Top is not null || Rows.Skip > 0 || Rows.CountTotal;

    /// <summary>A row with this place is asked for.</summary>
    public bool Holds(long place) => place > Rows.Skip && (Rows.Top is not { } top || place <= (long)Rows.Skip + top);

    /// <summary>Somewhere in it one row has many.</summary>
    public bool HasMany => Navigation.IsCollection || Rows.Expansions.Any(inner => inner.HasMany);
}

public enum ExpansionForm
{
    /// <summary>The rows, and their number where the query counts.</summary>
    Rows,

    /// <summary>Links to them (<c>$ref</c>).</summary>
    Links,

    /// <summary>Their number alone (<c>/$count</c>).</summary>
    Count,
}

/// <summary>What an expansion became in the rows of a result.</summary>
/// <param name="Shape">For one row its columns, among those of the row that it belongs to; an empty key says that there is none. <c>null</c> for many rows: see <see cref="Records.RowCursor.Related"/>.</param>
public sealed record ResultExpansion(Expansion Expansion, Records.ResultShape? Shape);
