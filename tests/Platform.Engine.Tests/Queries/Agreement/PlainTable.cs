using System.Collections.Immutable;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>What a value is calculated and compared as.</summary>
internal enum PlainKind
{
    Text,
    Number,
    Boolean,
    Time,
    Day,
    Seconds,
    Id,
    Choices,
}

/// <summary>A column as the generator and the plain evaluation know it.</summary>
/// <param name="Type">Kind as packs call it.</param>
/// <param name="Scale">Digits after the point with which it enters a calculation.</param>
internal sealed record PlainColumn(string Name, string Type, PlainKind Kind, int Scale = 0)
{
    /// <summary>Tables that a lookup leads to.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Table of which it is the primary key.</summary>
    public string? KeyOf { get; init; }

    /// <summary>How a group's column is spoken of, where that is not its name.</summary>
    public string? Path { get; init; }

    /// <summary>Name in the Web API.</summary>
    public string Property => Path ?? (Targets.IsEmpty ? Name : $"_{Name}_value");

    public bool IsReal => Type == "double";

    public bool IsMoney => Type == "money";

    /// <summary>Points in time are those of the caller's zone.</summary>
    public bool IsLocal => Type == "dateTime";

    public override string ToString() => Name;
}

/// <summary>A navigation property: to the row of a lookup, or to the rows whose lookup leads here, or to those paired with a row.</summary>
/// <param name="Lookup">Column that decides; empty for pairs.</param>
internal sealed record PlainNavigation(string Name, string Target, string Lookup, bool IsMany)
{
    public bool IsPairs => Lookup.Length == 0;
}

/// <summary>A table as the generator and the plain evaluation know it.</summary>
internal sealed record PlainTable(string Name, ImmutableArray<PlainColumn> Columns, ImmutableArray<PlainNavigation> Navigations)
{
    public string Set => Name + "s";

    public PlainColumn Key => new($"{Name}id", "uniqueidentifier", PlainKind.Id) { KeyOf = Name };

    public PlainColumn this[string name] => name == Key.Name ? Key : Columns.First(column => column.Name == name);

    public IEnumerable<PlainNavigation> Lookups => Navigations.Where(navigation => !navigation.IsMany);

    public IEnumerable<PlainNavigation> Collections => Navigations.Where(navigation => navigation.IsMany);
}

/// <summary>A row in memory. Values: text, int, long, decimal, double, bool, DateTime, DateOnly, Guid (lookups), int[] (several choices).</summary>
internal sealed class PlainRow(PlainTable table, Guid id)
{
    public PlainTable Table => table;

    public Guid Id => id;

    /// <summary>Tables of the rows that lookups of several targets lead to.</summary>
    public Dictionary<string, string> Targets { get; } = [];

    public Dictionary<string, object?> Values { get; } = [];

    public object? this[string column]
    {
        get => column == table.Key.Name ? id : Values.GetValueOrDefault(column);
        set => Values[column] = value;
    }
}

/// <summary>All rows, in the order of their ids.</summary>
internal sealed class PlainData
{
    private readonly Dictionary<string, List<PlainRow>> rows = AgreementPack.Tables.Append(AgreementPack.Pairs).ToDictionary(table => table.Name, _ => new List<PlainRow>());
    private readonly Dictionary<Guid, PlainRow> byId = [];
    private readonly HashSet<(Guid Item, Guid Tag)> pairs = [];

    public IReadOnlyCollection<(Guid Item, Guid Tag)> Pairs => pairs;

    public IReadOnlyList<PlainRow> Of(string table) => rows[table];

    public void Add(PlainRow row)
    {
        rows[row.Table.Name].Add(row);
        byId[row.Id] = row;
    }

    public void Pair(PlainRow item, PlainRow tag)
    {
        if (pairs.Add((item.Id, tag.Id))) rows[AgreementPack.Pairs.Name].Add(new PlainRow(AgreementPack.Pairs, Guid.Empty) { ["cmp_itemid"] = item.Id, ["cmp_tagid"] = tag.Id });
    }

    /// <summary>The row that a lookup leads to; <c>null</c> where it is empty or leads to another table.</summary>
    public PlainRow? Behind(PlainRow? row, PlainNavigation navigation) =>
        row?[navigation.Lookup] is Guid id && byId[id] is var found && found.Table.Name == navigation.Target ? found : null;

    public PlainRow? Find(Guid id) => byId.GetValueOrDefault(id);

    /// <summary>The rows of a collection.</summary>
    public IEnumerable<PlainRow> Rows(PlainRow? row, PlainNavigation navigation)
    {
        if (row is null) return [];
        return rows[navigation.Target].Where(other => navigation.IsPairs
            ? pairs.Contains(row.Table.Name == "cmp_item" ? (row.Id, other.Id) : (other.Id, row.Id))
            : Equals(other[navigation.Lookup], row.Id));
    }
}
