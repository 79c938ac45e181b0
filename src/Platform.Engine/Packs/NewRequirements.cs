using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs;

/// <summary>
/// Columns that become required while rows lack a value there. Required is asked of writes, not of the database: such
/// rows stand in nobody's way, but who publishes may want to fill them.
/// </summary>
internal static class NewRequirements
{
    /// <summary>A sentence for each column that rows lack a value in. Reads a table once, and only if it was there before and gains a requirement.</summary>
    /// <param name="components">What becomes of the components.</param>
    /// <param name="next">Metadata that the plan leads to.</param>
    /// <param name="deployed">The database before the plan.</param>
    /// <param name="changes">Of the database: they tell where values stand before them.</param>
    public static async Task<ImmutableArray<string>> FindAsync(ImmutableArray<ComponentChange> components, MetadataSnapshot next, SchemaModel deployed, ImmutableArray<SchemaChange> changes, SqlSession session, CancellationToken ct)
    {
        var notes = ImmutableArray.CreateBuilder<string>();
        foreach (var gains in components.Where(Gains).Select(component => component.Component.Split('/')).GroupBy(address => address[1], address => address[2]))
        {
            if (next.Find(gains.Key) is not { } entity || !deployed.Tables.Any(table => table.Name == gains.Key)) continue;
            var columns = entity.Stored.Where(attribute => attribute.Required && gains.Contains(attribute.LogicalName)).Select(attribute => attribute.LogicalName).ToArray();
            if (columns.Length == 0) continue;
            var lacking = new Counts(columns.Length);
            var counts = string.Join(", ", columns.Select(column => $"count(*) - {Filled(gains.Key, column, changes)}"));
            await session.QueryAsync(new SqlStatement($"SELECT {counts} FROM {SqlDialect.Quote(gains.Key)}"), lacking, ct);
            notes.AddRange(columns.Zip(lacking.Found).Where(column => column.Second > 0).Select(column => Note(gains.Key, column.First, column.Second)));
        }
        return notes.ToImmutable();
    }

    private static bool Gains(ComponentChange component) =>
        component.Component.StartsWith("attribute/", StringComparison.Ordinal)
        && (component.Change == ComponentChangeKind.Added || component.Properties.Any(property => property is { Pointer: "/required", New: "true" }));

    // A column that is new is empty in all rows; one that comes back is counted where it is parked.
    private static string Filled(string table, string column, ImmutableArray<SchemaChange> changes)
    {
        foreach (var change in changes)
        {
            if (change is AddColumn add && add.Table == table && add.Column.Name == column) return "0";
            if (change is RestoreColumn restore && restore.Table == table && restore.Column.Name == column) return $"count({SqlDialect.Quote(restore.Parked.StoredName)})";
        }
        return $"count({SqlDialect.Quote(column)})";
    }

    private static string Note(string table, string column, long rows) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(rows == 1 ? "1 row" : $"{rows} rows")} of '{table}' {(rows == 1 ? "has" : "have")} no value in '{column}', which becomes required. {(rows == 1 ? "It stays" : "They stay")} as {(rows == 1 ? "it is" : "they are")}, also when other columns change; a write of this column has to give a value.");

    private sealed class Counts(int columns) : IRowReceiver
    {
        public long[] Found { get; } = new long[columns];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            for (var at = 0; at < Found.Length; at++)
                Found[at] = row.GetInt64(at);
            return ValueTask.FromResult(false);
        }
    }
}
