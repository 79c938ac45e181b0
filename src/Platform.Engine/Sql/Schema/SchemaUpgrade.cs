using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Records;

namespace Platform.Engine.Sql.Schema;

/// <summary>Carries out a plan inside a transaction. Nothing here asks whether to: look for losses first.</summary>
public static class SchemaUpgrade
{
    /// <summary>Which risks the rows of today turn into losses.</summary>
    public static async Task<ImmutableArray<SchemaLoss>> FindLossesAsync(IEnumerable<SchemaRisk> risks, SqlSession session, CancellationToken ct)
    {
        var losses = ImmutableArray.CreateBuilder<SchemaLoss>();
        foreach (var risk in risks)
        {
            var loss = risk switch
            {
                RowsAtRisk rows => await CountAsync(rows, session, ct),
                KeyAtRisk key => await DuplicatesAsync(key, session, ct),
                _ => throw new InvalidOperationException($"{risk.GetType().Name} has no probe."),
            };
            if (loss is not null) losses.Add(loss);
        }
        return losses.ToImmutable();
    }

    /// <summary>Names of the plan's indexes that can wait and whose tables hold many rows.</summary>
    /// <param name="many">From this number of rows on.</param>
    public static async Task<ImmutableHashSet<string>> FindLongWorkAsync(SchemaPlan plan, int many, SqlSession session, CancellationToken ct)
    {
        var found = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var indexes in plan.Changes.OfType<AddIndex>().Where(add => add.CanWait).GroupBy(add => add.Stored))
        {
            var rows = new Rows(row => row.GetInt64(0));
            await session.QueryAsync(new SqlStatement(string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM (SELECT 1 FROM {SqlDialect.Quote(indexes.Key)} LIMIT {many}) AS x")), rows, ct);
            if ((long)rows.Found.Single() >= many) found.UnionWith(indexes.Select(add => add.Index.Name));
        }
        return found.ToImmutable();
    }

    /// <summary>Rows that keep a key from being built; <c>null</c> when there are none.</summary>
    public static Task<SchemaLoss?> FindCollisionsAsync(TableModel table, IndexModel key, SqlSession session, CancellationToken ct) =>
        DuplicatesAsync(KeyAtRisk.Of(table, table.Name, key), session, ct);

    /// <summary>Makes all changes, the indexes last.</summary>
    /// <param name="begins">Told each change before it is made, and <c>null</c> when all are made; then they are made one by one instead of all at once.</param>
    /// <returns>Keys that rows break which the plan itself brought back: nothing may be committed then.</returns>
    public static async Task<ImmutableArray<SchemaLoss>> ApplyAsync(SchemaPlan plan, SqlSession session, CancellationToken ct, Action<SchemaChange?>? begins = null)
    {
        var writer = DdlWriter.For(session.Dialect);
        await RunAsync(plan.Changes.Where(change => change is not AddIndex));
        if (await FindLossesAsync(plan.LateRisks, session, ct) is { IsEmpty: false } broken) return broken;
        await RunAsync(plan.Changes.Where(change => change is AddIndex));
        begins?.Invoke(null);
        return [];

        async Task RunAsync(IEnumerable<SchemaChange> changes)
        {
            if (begins is null)
            {
                if (writer.Script(changes) is { Length: > 0 } script) await session.ExecuteScriptAsync(script, ct);
                return;
            }

            foreach (var (change, sql) in writer.Pieces(changes))
            {
                if (change is not null) begins(change);
                if (sql.Length > 0) await session.ExecuteScriptAsync(sql, ct);
            }
        }
    }

    private static async Task<SchemaLoss?> CountAsync(RowsAtRisk risk, SqlSession session, CancellationToken ct)
    {
        var rows = new Rows(row => row.GetInt64(0));
        await session.QueryAsync(risk.Count, rows, ct);
        var count = (long)rows.Found.Single();
        var fate = risk.IsParked ? "parked" : "lost";
        return count == 0 ? null : new SchemaLoss(risk, count, count == 1 ? $"holds data that would be {fate}" : $"hold data that would be {fate}");
    }

    private static async Task<SchemaLoss?> DuplicatesAsync(KeyAtRisk risk, SqlSession session, CancellationToken ct)
    {
        var rows = new Rows(row => new Duplicate(
            row.GetInt64(0),
            row.GetInt64(1),
            $"{string.Join(", ", risk.Columns.Select((column, at) => $"{column} = '{row.GetString(at + 4)}'"))} ({row.GetString(2)}, {row.GetString(3)}{(row.GetInt64(0) > 2 ? ", …" : "")})"));
        await session.QueryAsync(risk.Duplicates, rows, ct);
        var duplicates = rows.Found.Cast<Duplicate>().ToArray();
        if (duplicates.Length == 0) return null;
        var all = duplicates[0].RowsOfAll;
        var more = all > duplicates.Sum(duplicate => duplicate.Rows) ? "; …" : "";
        return new SchemaLoss(risk, all, $"share {string.Join("; ", duplicates.Select(duplicate => duplicate.Values))}{more}");
    }

    private sealed record Duplicate(long Rows, long RowsOfAll, string Values);

    private sealed class Rows(Func<RowCursor, object> read) : IRowReceiver
    {
        public List<object> Found { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            Found.Add(read(row));
            return ValueTask.FromResult(true);
        }
    }
}
