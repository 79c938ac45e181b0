using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>What kind of work a write is; only work of one kind shares a commit.</summary>
internal enum WriteKind
{
    Plain,

    /// <summary>Waits for plugin steps: in a commit of its own kind, so that plain writes are not held up by it.</summary>
    Waits,

    /// <summary>Alone in its transaction.</summary>
    Exclusive,
}

/// <summary>
/// The one writer. Work waits in a bounded queue; whoever finds nobody writing writes what waits, its own piece included,
/// on its own thread. Each piece can be undone alone, many are committed at once and answered only after the commit: one
/// disk flush serves a whole batch, and every answer given is durable.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int QueueLength = 4096;
    private const int MostInOneCommit = 128;

    /// <summary>A batch that has taken this long is committed before more work joins it.</summary>
    private static readonly TimeSpan LongestBatch = TimeSpan.FromMilliseconds(20);

    private readonly Channel<WriteItem> queue = Channel.CreateBounded<WriteItem>(QueueLength);
    private readonly List<WriteItem> batch = new(MostInOneCommit);
    private readonly SqliteSession session;
    private readonly VersionSequence versions;
    private readonly Checkpoints checkpoints;

    /// <summary>A piece of the batch has been written and would be lost with the transaction.</summary>
    private bool holdsWrites;

    /// <summary>Held by whoever writes.</summary>
    private readonly SemaphoreSlim turn = new(1, 1);

    public SqliteWriter(SqliteConnection connection, SqlDialect dialect, Checkpoints checkpoints)
    {
        this.checkpoints = checkpoints;
        versions = VersionSequence.Open(connection);
        session = new SqliteSession(connection, dialect, versions);
    }

    public async Task<T> EnqueueAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, WriteKind kind, CancellationToken ct)
    {
        var item = new WriteItem<T>(work, kind, ct);
        await queue.Writer.WriteAsync(item, ct);
        // Handing over to another thread and back takes as long as the write of a row.
        if (turn.Wait(0, CancellationToken.None)) await RunOneBatchAsync();
        return await item.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await turn.WaitAsync();
        while (queue.Reader.TryPeek(out _)) await RunBatchAsync();
        await checkpoints.DisposeAsync();
        session.Dispose();
    }

    /// <summary>One batch for whoever has come; what waits behind it is the matter of a thread that owes nobody an answer.</summary>
    private async Task RunOneBatchAsync()
    {
        var isPassedOn = false;
        try
        {
            await RunBatchAsync();
            isPassedOn = queue.Reader.TryPeek(out _);
        }
        finally
        {
            if (isPassedOn) ThreadPool.UnsafeQueueUserWorkItem(static writer => _ = writer.RunAllAsync(), this, preferLocal: false);
            else Leave();
        }
    }

    private async Task RunAllAsync()
    {
        try
        {
            while (queue.Reader.TryPeek(out _)) await RunBatchAsync();
        }
        finally
        {
            Leave();
        }
    }

    // Whoever came between the last look and the release has seen that somebody writes, and relies on it.
    private void Leave()
    {
        turn.Release();
        if (queue.Reader.TryPeek(out _) && turn.Wait(0, CancellationToken.None)) ThreadPool.UnsafeQueueUserWorkItem(static writer => _ = writer.RunAllAsync(), this, preferLocal: false);
    }

    private async Task RunBatchAsync()
    {
        batch.Clear();
        holdsWrites = false;
        try
        {
            session.Execute("BEGIN IMMEDIATE", []);
            var started = Stopwatch.GetTimestamp();
            while (Joins(started) && queue.Reader.TryRead(out var item))
            {
                batch.Add(item);
                await RunItemAsync(item);
            }
            versions.Save(session);
            session.Execute("COMMIT", []);
            versions.Committed();
        }
        catch (Exception failure)
        {
            // Whatever it was, nothing of this batch is durable and every caller is told so; the writer itself must go on.
            if (session.InTransaction) session.Execute("ROLLBACK", []);
            if (batch.Count == 0 && queue.Reader.TryRead(out var next)) batch.Add(next);
            foreach (var item in batch)
                item.Abandon(failure);
            return;
        }
        foreach (var item in batch)
            item.Answer();
        checkpoints.Committed();
    }

    private bool Joins(long started)
    {
        if (batch.Count == 0) return true;
        if (batch.Count >= MostInOneCommit || batch[0].Kind == WriteKind.Exclusive) return false;
        return queue.Reader.TryPeek(out var next) && next.Kind == batch[0].Kind && Stopwatch.GetElapsedTime(started) < LongestBatch;
    }

    private async Task RunItemAsync(WriteItem item)
    {
        if (!holdsWrites)
        {
            await RunFirstAsync(item);
            return;
        }
        session.Execute("SAVEPOINT message", []);
        await item.RunAsync(session);
        if (item.Failed && session.InTransaction) session.Execute("ROLLBACK TO message", []);
        // Some failures (disk full, I/O) roll back the whole transaction: then RELEASE fails, and with it the batch.
        session.Execute("RELEASE message", []);
    }

    /// <summary>As long as nothing else is in the transaction, it is the savepoint: for one of its own SQLite would keep a second copy of all pages.</summary>
    private async Task RunFirstAsync(WriteItem item)
    {
        await item.RunAsync(session);
        holdsWrites = !item.Failed;
        if (holdsWrites)
        {
            if (!session.InTransaction) throw new InvalidOperationException("The database has given up the transaction.");
            return;
        }
        if (session.InTransaction) session.Execute("ROLLBACK", []);
        session.Execute("BEGIN IMMEDIATE", []);
    }
}
