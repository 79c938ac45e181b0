using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>
/// Keeps the currency against which all rates are: there is one, it is active, and no write takes the mark from it, gives
/// it to a second one or retires it. Several rows in one message are looked at together: so the mark moves.
/// </summary>
internal sealed class BaseCurrencyGuard
{
    private const string IsBase = "isbasecurrency";

    private readonly EntityDefinition entity;
    private readonly MessageScope scope;
    private readonly Marked? before;

    private BaseCurrencyGuard(EntityDefinition entity, MessageScope scope, Marked? before) => (this.entity, this.scope, this.before) = (entity, scope, before);

    /// <summary>Looks before a write; ask again behind it with <see cref="DemandAsync"/>. Costs nothing for rows that are no currencies.</summary>
    /// <param name="changes">What is written; <c>null</c> when the row goes.</param>
    public static async Task<BaseCurrencyGuard> WatchAsync(EntityDefinition entity, EntityRecord? changes, MessageScope scope, CancellationToken ct)
    {
        var decides = CurrencyDirectory.Holds(entity) && entity.TryFind(IsBase, out _) && entity.HasState
            && (changes is null || changes.Contains(IsBase) || changes.Contains(SystemAttributes.StateCode)) && !IsWatchedAbove(scope);
        return new(entity, scope, decides ? await ReadAsync(entity, scope, ct) : null);
    }

    /// <summary>Looks before the rows of one message are written: they are asked about behind the last of them.</summary>
    public static async Task<BaseCurrencyGuard> WatchAllAsync(EntityDefinition entity, MessageScope scope, CancellationToken ct)
    {
        var guard = await WatchAsync(entity, changes: null, scope, ct);
        scope.WatchesBaseCurrency = guard.before is not null;
        return guard;
    }

    /// <exception cref="PlatformException">There is no base currency any more, more than one, or an inactive one.</exception>
    public async Task DemandAsync(CancellationToken ct)
    {
        if (before is null) return;
        var after = await ReadAsync(entity, scope, ct);
        if (before.Rows > 0 && after.Rows == 0) throw Errors.LastBaseCurrency();
        // What a database has more of from before is no reason to refuse what makes it no worse.
        if (after.Rows > Math.Max(1, before.Rows)) throw Errors.SecondBaseCurrency();
        if (after.Inactive > before.Inactive) throw Errors.InactiveBaseCurrency();
    }

    // A step's messages are one level deeper, and stand for themselves.
    private static bool IsWatchedAbove(MessageScope scope)
    {
        for (var above = scope.Parent; above is not null && above.Depth == scope.Depth; above = above.Parent)
        {
            if (above.WatchesBaseCurrency) return true;
        }
        return false;
    }

    // All rows are locked: two who mark different ones at once would not see each other's.
    private static async Task<Marked> ReadAsync(EntityDefinition entity, MessageScope scope, CancellationToken ct)
    {
        var (id, table) = (SqlDialect.Quote(entity.PrimaryIdAttribute), SqlDialect.Quote(entity.LogicalName));
        var marked = new Counting();
        var lockRow = scope.InTransaction.Dialect.LockRow;
        await scope.InTransaction.QueryAsync(new SqlStatement($"SELECT {id} FROM {table} ORDER BY {id}{lockRow}"), new Ignored(), ct);
        await scope.InTransaction.QueryAsync(new SqlStatement($"""SELECT count(*), count(CASE WHEN "{SystemAttributes.StateCode}" <> 0 THEN 1 END) FROM {table} WHERE "{IsBase}" IS TRUE"""), marked, ct);
        return marked.Found;
    }

    private sealed record Marked(long Rows, long Inactive);

    private sealed class Ignored : IRowReceiver
    {
        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct) => ValueTask.FromResult(true);
    }

    private sealed class Counting : IRowReceiver
    {
        public Marked Found { get; private set; } = new(0, 0);

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            Found = new Marked(row.GetInt64(0), row.GetInt64(1));
            return ValueTask.FromResult(false);
        }
    }
}
