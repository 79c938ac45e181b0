using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs.Building;

/// <summary>What somebody may want to know about indexes that are built in the background.</summary>
public interface IBuildReport
{
    /// <summary>An index is in force now.</summary>
    void Built(IndexBuild build);

    /// <summary>An index could not be built; <see cref="IndexBuild.Failure"/> says why.</summary>
    void Failed(IndexBuild build);

    /// <summary>The database does not answer; it is asked again.</summary>
    void Disconnected(DbException fault);
}

/// <summary>
/// Builds the indexes and keys that publishes leave for later, because their tables hold many rows or rows that break a
/// key. One after the other and by one process at a time; a publish comes first, and what it interrupts begins again.
/// What stands in the catalog outlives the process.
/// </summary>
public sealed class IndexBuilder
{
    private readonly Database database;
    private readonly CatalogDatabase catalog;
    private readonly Deployments deployments;
    private readonly PlatformEngine engine;
    private readonly TimeProvider clock;
    private readonly News news;

    /// <param name="laterFrom">Rows from which on a table's new indexes are left for the background.</param>
    /// <param name="every">How often the catalog is asked for work that nobody has told of.</param>
    internal IndexBuilder(Database database, CatalogDatabase catalog, Deployments deployments, PlatformEngine engine, int laterFrom, TimeSpan every, TimeProvider clock) =>
        (this.database, this.catalog, this.deployments, this.engine, LaterFrom, news, this.clock) = (database, catalog, deployments, engine, laterFrom, new News(every), clock);

    /// <summary>Rows from which on a table's new indexes are left for the background.</summary>
    internal int LaterFrom { get; }

    /// <summary>There may be something to build, or another process has built something.</summary>
    public void Wake() => news.Tell();

    /// <summary>Builds until cancelled.</summary>
    public async Task RunAsync(IBuildReport report, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                try
                {
                    await BuildAsync(report, ct);
                }
                catch (DbException fault)
                {
                    report.Disconnected(fault);
                }
                await news.WaitAsync(ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    /// <summary>Builds what waits to be built.</summary>
    /// <returns>False when something is left that another process is at, or that gave way to a publish.</returns>
    public async Task<bool> BuildAsync(IBuildReport report, CancellationToken ct)
    {
        while (await NextAsync(ct) is { } build)
        {
            var built = false;
            await EnterAsync(build.Name, IndexBuildState.InProgress, ct);
            var done = await database.AsideAsync(async (session, token) => built = await BuildAsync(build.Name, session, token), ct);
            var open = await RefreshAsync(ct);
            if (!done) return false;
            if (built) report.Built(build);
            else if (open.GetValueOrDefault(build.Name) is { State: IndexBuildState.Failed } failed) report.Failed(failed);
        }

        return true;
    }

    /// <summary>Asks once more for a key that could not be built, after its rows were mended. One that is in force, or that is being built, stays so.</summary>
    /// <param name="name">Name of the index in the database, <see cref="IndexBuild.Name"/>.</param>
    /// <returns>What is to be built; <c>null</c> when it is in force.</returns>
    public async Task<IndexBuild?> RetryAsync(string name, CancellationToken ct)
    {
        if ((await RefreshAsync(ct)).GetValueOrDefault(name) is { State: IndexBuildState.Failed }) await EnterAsync(name, IndexBuildState.Pending, ct);
        Wake();
        return (await RefreshAsync(ct)).GetValueOrDefault(name);
    }

    /// <summary>What is not there yet, by the names of the indexes, as the catalog says.</summary>
    public async Task<ImmutableSortedDictionary<string, IndexBuild>> RefreshAsync(CancellationToken ct)
    {
        var open = await ReadAsync(ct);
        engine.Show(open);
        return open;
    }

    /// <summary>What the catalog says.</summary>
    internal Task<ImmutableSortedDictionary<string, IndexBuild>> ReadAsync(CancellationToken ct) => catalog.ReadAsync(OpenBuilds.ReadAsync, ct);

    private async Task<IndexBuild?> NextAsync(CancellationToken ct) =>
        (await RefreshAsync(ct)).Values.Where(build => build.State != IndexBuildState.Failed).OrderBy(build => build.Since).ThenBy(build => build.Name, StringComparer.Ordinal).FirstOrDefault();

    private async Task EnterAsync(string name, IndexBuildState state, CancellationToken ct)
    {
        await catalog.WriteAsync(
            async (context, token) =>
            {
                var entry = await context.IndexBuilds.FindAsync([name], token);
                if (entry is null) return 0;
                OpenBuilds.Enter(entry, state, Now, null);
                return await context.SaveChangesAsync(token);
            },
            ct);
        await RefreshAsync(ct);
    }

    /// <returns>True when the index is there now.</returns>
    private async Task<bool> BuildAsync(string name, SqlSession session, CancellationToken ct)
    {
        await using var context = CatalogDatabase.On(session);
        // Since it was chosen a publish may have taken it back.
        var entry = await context.IndexBuilds.FindAsync([name], ct);
        if (entry is null || entry.State == nameof(IndexBuildState.Failed)) return false;
        var table = (await deployments.ReadAsync(ct)).Schema.Tables.First(table => table.Name == entry.Entity);
        var failure = await TryAsync(table, table.Indexes.First(index => index.Name == entry.Name), session, ct);
        if (failure is null) context.Remove(entry);
        else OpenBuilds.Enter(entry, IndexBuildState.Failed, Now, failure);
        await context.SaveChangesAsync(ct);
        await session.NotifyAsync(MetadataFollower.NoticeChannel, ct);
        return failure is null;
    }

    /// <returns>Why it cannot be built; <c>null</c> when it is.</returns>
    private static async Task<string?> TryAsync(TableModel table, IndexModel index, SqlSession session, CancellationToken ct)
    {
        var writer = DdlWriter.For(session.Dialect);
        try
        {
            foreach (var statement in writer.Aside(table.Name, index)) await session.ExecuteScriptAsync(statement, ct);
            return null;
        }
        catch (ConstraintException refused) when (refused is { Kind: ConstraintKind.TooLong, InnerException: { } reason })
        {
            await session.ExecuteScriptAsync(writer.DropAside(index), ct);
            return $"Rows hold values that are too long for an index: {reason.Message}";
        }
        catch (ConstraintException)
        {
            // Half an index would go on refusing rows.
            await session.ExecuteScriptAsync(writer.DropAside(index), ct);
            var collisions = await SchemaUpgrade.FindCollisionsAsync(table, index, session, ct);
            return collisions?.ToString() ?? $"Rows shared a key of '{index.Name}' while it was built.";
        }
        catch (DbException refused) when (IsRefusal(refused))
        {
            await session.ExecuteScriptAsync(writer.DropAside(index), ct);
            return refused.Message;
        }
    }

    // The database says no, for example that the disk is full; not: somebody interrupted it, or it is going down.
    private static bool IsRefusal(DbException error) => error.SqlState is { } state && !error.IsTransient && !state.StartsWith("57", StringComparison.Ordinal);

    private DateTime Now => clock.GetUtcNow().UtcDateTime;
}
