using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Engine.Sql.Schema;

/// <summary>From one version of the database to the next.</summary>
/// <param name="Changes">In the order in which they are made.</param>
/// <param name="Risks">What would lose or hide data if rows hold it; the rows decide.</param>
public sealed record SchemaPlan(ImmutableArray<SchemaChange> Changes, ImmutableArray<SchemaRisk> Risks)
{
    public static SchemaPlan Nothing { get; } = new([], []);

    /// <summary>Keys over values that the plan itself brings back: rows can break them, which is seen only once they are there.</summary>
    public ImmutableArray<KeyAtRisk> LateRisks { get; init; } = [];

    /// <summary>The same plan, where some indexes are built in the background, after it. Rows that break a key are then met there.</summary>
    /// <param name="indexes">Names of indexes that can wait.</param>
    public SchemaPlan BuildLater(IReadOnlySet<string> indexes) => this with
    {
        Changes = [.. Changes.Select(change => change is AddIndex add && indexes.Contains(add.Index.Name) ? new BuildIndex(add.Table, add.Index) : change)],
        Risks = [.. Risks.Where(risk => risk is not KeyAtRisk key || !indexes.Contains(key.Index))],
    };

    /// <summary>The same plan, where what holds nothing is dropped instead of parked.</summary>
    /// <param name="found">What the plan's risks found in the rows.</param>
    public SchemaPlan DropWhatIsEmpty(ImmutableArray<SchemaLoss> found)
    {
        var held = found.Select(loss => loss.Risk).OfType<RowsAtRisk>().Where(risk => risk.IsParked).Select(risk => (risk.Table, risk.Column)).ToHashSet();
        return this with
        {
            Changes =
            [
                .. Changes.Select(change => change switch
                {
                    ParkTable park when !held.Contains((park.Table, null)) => new DropTable(park.Table),
                    ParkColumn park when !held.Contains((park.Table, park.Parked.Column.Name)) => new DropColumn(park.Table, park.Parked.Column),
                    _ => change,
                }),
            ],
        };
    }
}

/// <summary>A change that loses data when there are rows it applies to.</summary>
/// <param name="Pack">Pack that the entity or attribute belonged to.</param>
/// <param name="Column"><c>null</c> when it is about the table.</param>
/// <param name="What">What the change is, as the beginning of a sentence.</param>
public abstract record SchemaRisk(string Pack, string Table, string? Column, string What);

/// <param name="Count">Counts the rows that would lose something.</param>
public sealed record RowsAtRisk(string Pack, string Table, string? Column, string What, SqlStatement Count) : SchemaRisk(Pack, Table, Column, What)
{
    /// <summary>The values are parked, not lost: who publishes on purpose may want that.</summary>
    public bool IsParked { get; init; }
}

/// <summary>A new key that rows of today may break.</summary>
/// <param name="Index">Name of its index.</param>
/// <param name="Duplicates">Reads for the largest groups of rows that share values: how many they are, how many rows share values in all groups, the ids of two of them, and the values, all but the numbers as text.</param>
public sealed record KeyAtRisk(string Pack, string Table, string What, string Index, ImmutableArray<string> Columns, SqlStatement Duplicates) : SchemaRisk(Pack, Table, null, What)
{
    /// <param name="stored">Name under which the table's rows are found.</param>
    public static KeyAtRisk Of(TableModel table, string stored, IndexModel index)
    {
        var id = $"CAST({SqlDialect.Quote(table.PrimaryKey)} AS text)";
        var filled = string.Join(" AND ", index.Columns.Select(column => $"{SqlDialect.Quote(column)} IS NOT NULL"));
        var values = string.Join(", ", index.Terms.Select(term => $"CAST({term} AS text)"));
        return new KeyAtRisk(
            table.Pack,
            table.Name,
            $"The key '{index.Name}' of '{table.Name}' ({string.Join(", ", index.Columns)}) is new",
            index.Name,
            index.Columns,
            new SqlStatement(
                $"SELECT count(*), CAST(sum(count(*)) OVER () AS bigint), min({id}), max({id}), {values} FROM {SqlDialect.Quote(stored)} WHERE {filled} GROUP BY {string.Join(", ", index.Terms)} HAVING count(*) > 1 ORDER BY 1 DESC LIMIT 5"));
    }
}

/// <summary>Data that a change would lose, or that stands in its way.</summary>
public sealed record SchemaLoss(SchemaRisk Risk, long Rows, string Found)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Risk.What}: {(Rows == 1 ? "1 row" : $"{Rows} rows")} {Found}.");
}
