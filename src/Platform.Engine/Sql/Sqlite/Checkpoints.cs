using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>
/// Brings what is committed from the log into the file: on a connection of its own, while the writer goes on. The log begins
/// anew only when all of it is in the file, so what was written meanwhile the writer brings over itself.
/// </summary>
/// <remarks>A page goes into the file once, however often it was written: the longer the log, the fewer pages go.</remarks>
internal sealed class Checkpoints(SqliteConnection writer, SqliteConnection beside) : IAsyncDisposable
{
    /// <summary>Pages in the log at which a checkpoint begins: 64 MB.</summary>
    private const int Due = 16_384;

    private Task? running;

    /// <summary>Pages that the writer had written when the log was last in the file.</summary>
    private int settled;

    /// <summary>A transaction is committed; called by the writer between two.</summary>
    public void Committed()
    {
        if (running is { IsCompleted: true })
        {
            Bring(writer);
            running = null;
            settled = Written();
        }
        else if (running is null && Written() - settled >= Due)
        {
            running = Task.Run(() => Bring(beside));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (running is not null) await running;
        await beside.DisposeAsync();
    }

    // Where an old reader or a full disk stops it, the next one goes on.
    private static void Bring(SqliteConnection connection) =>
        raw.sqlite3_wal_checkpoint_v2(connection.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    private int Written()
    {
        raw.sqlite3_db_status(writer.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 0);
        return pages;
    }
}
