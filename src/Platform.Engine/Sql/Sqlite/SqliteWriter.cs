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
/// The one writer. Takes work from a bounded queue, runs each piece in a savepoint of its own, commits many at once and
/// answers only after the commit: one disk flush serves a whole batch, and every answer given is durable.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int QueueLength = 4096;
    private const int MostInOneCommit = 128;

    /// <summary>A batch that has taken this long is committed before more work joins it.</summary>
    private static readonly TimeSpan LongestBatch = TimeSpan.FromMilliseconds(20);

    private readonly Channel<WriteItem> queue = Channel.CreateBounded<WriteItem>(new BoundedChannelOptions(QueueLength) { SingleReader = true });
    private readonly SqliteSession session;
    private readonly VersionSequence versions;
    private readonly Checkpoints checkpoints;
    private readonly Task loop;

    public SqliteWriter(SqliteConnection connection, SqlDialect dialect, Checkpoints checkpoints)
    {
        this.checkpoints = checkpoints;
        versions = VersionSequence.Open(connection);
        session = new SqliteSession(connection, dialect, versions);
        loop = Task.Run(RunAsync);
    }

    public async Task<T> EnqueueAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, WriteKind kind, CancellationToken ct)
    {
        var item = new WriteItem<T>(work, kind, ct);
        await queue.Writer.WriteAsync(item, ct);
        return await item.Completion;
    }

    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        await checkpoints.DisposeAsync();
        session.Dispose();
    }

    private async Task RunAsync()
    {
        var batch = new List<WriteItem>(MostInOneCommit);
        while (await queue.Reader.WaitToReadAsync())
        {
            batch.Clear();
            await RunBatchAsync(batch);
        }
    }

    private async Task RunBatchAsync(List<WriteItem> batch)
    {
        try
        {
            session.Execute("BEGIN IMMEDIATE", []);
            var started = Stopwatch.GetTimestamp();
            while (Joins(batch, started) && queue.Reader.TryRead(out var item))
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

    private bool Joins(List<WriteItem> batch, long started)
    {
        if (batch.Count == 0) return true;
        if (batch.Count >= MostInOneCommit || batch[0].Kind == WriteKind.Exclusive) return false;
        return queue.Reader.TryPeek(out var next) && next.Kind == batch[0].Kind && Stopwatch.GetElapsedTime(started) < LongestBatch;
    }

    private async Task RunItemAsync(WriteItem item)
    {
        session.Execute("SAVEPOINT message", []);
        await item.RunAsync(session);
        if (item.Failed && session.InTransaction) session.Execute("ROLLBACK TO message", []);
        // Some failures (disk full, I/O) roll back the whole transaction: then RELEASE fails, and with it the batch.
        session.Execute("RELEASE message", []);
    }
}
