using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>
/// The embedded database: WAL, <c>synchronous=FULL</c>, one writer with group commit, readers on connections of their
/// own. One process owns the file; a second one is refused at the door.
/// </summary>
internal sealed class SqliteDatabase : Database
{
    private readonly string file;
    private readonly FileStream ownership;
    private readonly ConcurrentBag<SqliteSession> idle = [];
    private readonly SqliteWriter writer;

    // SQLite counts what it allocates, for all connections under one lock: two that read a changed schema at once took three
    // times as long for it, and nobody asks for the count. Where something else opened a database first, it goes on counting.
    static SqliteDatabase()
    {
        Batteries_V2.Init();
        raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private SqliteDatabase(string file, FileStream ownership)
    {
        this.file = file;
        this.ownership = ownership;
        var connection = Connect();
        writer = new SqliteWriter(connection, Dialect, new Checkpoints(connection, Connect()));
    }

    public override SqlDialect Dialect { get; } = new SqliteDialect();

    /// <param name="file">Path; made when it is not there.</param>
    /// <exception cref="IOException">Another process has the file open as its database.</exception>
    public static SqliteDatabase Open(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        return new SqliteDatabase(file, Own(file));
    }

    public override async Task<T> ReadAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        if (!idle.TryTake(out var session)) session = new SqliteSession(Connect(), Dialect, versions: null);
        try
        {
            return await work(session, ct);
        }
        finally
        {
            idle.Add(session);
        }
    }

    public override Task<T> WriteAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, bool waits, CancellationToken ct) =>
        writer.EnqueueAsync(work, waits ? WriteKind.Waits : WriteKind.Plain, ct);

    public override Task<T> ExclusiveAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct) =>
        writer.EnqueueAsync(work, WriteKind.Exclusive, ct);

    public override async Task<bool> AsideAsync(Func<SqlSession, CancellationToken, Task> work, CancellationToken ct) => await ExclusiveAsync(
        async (session, token) =>
        {
            await work(session, token);
            return true;
        },
        ct);

    public override async ValueTask DisposeAsync()
    {
        await writer.DisposeAsync();
        while (idle.TryTake(out var session))
            session.Dispose();
        await ownership.DisposeAsync();
    }

    private static FileStream Own(string file)
    {
        try
        {
            return new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new IOException($"The database {file} is in use by another process. Stop that one, or give this one another data folder.", error);
        }
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var settings = connection.CreateCommand();
        settings.CommandText = """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA busy_timeout = 10000;
            PRAGMA foreign_keys = ON;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -16384;
            PRAGMA mmap_size = 1073741824;
            PRAGMA wal_autocheckpoint = 0;
            """;
        settings.ExecuteNonQuery();
        SqliteFunctions.AddTo(connection.Handle!);
        return connection;
    }
}
