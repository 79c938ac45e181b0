using System.Data;
using Npgsql;

namespace Platform.Engine.Sql.PostgreSql;

/// <summary>PostgreSQL: a transaction for each message, row locks, optimistic versions.</summary>
internal sealed class PostgreSqlDatabase : Database
{
    /// <summary>Advisory lock that serialises publishes and migrations over all nodes on one database.</summary>
    private const long ExclusiveLock = 0x504c4154; // "PLAT"

    /// <summary>Advisory lock of the one process that works aside; a publish finds by it whom to interrupt.</summary>
    private const long AsideLock = 0x504c4149; // "PLAI"

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(20);

    /// <summary>A transaction that was chosen to end a deadlock begins again, this often.</summary>
    private const int MostAttempts = 5;

    private readonly NpgsqlDataSource source;

    private PostgreSqlDatabase(NpgsqlDataSource source) => this.source = source;

    public override SqlDialect Dialect { get; } = new PostgreSqlDialect();

    /// <param name="connectionString">Npgsql connection string (<c>Host=…;Database=…;Username=…</c>).</param>
    /// <exception cref="FormatException">The text is no connection string.</exception>
    public static PostgreSqlDatabase Open(string connectionString)
    {
        var settings = Settings(connectionString);
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = 256;
            settings.AutoPrepareMinUsages = 2;
        }
        var database = new PostgreSqlDatabase(new NpgsqlDataSourceBuilder(settings.ConnectionString).Build());
        using var create = database.source.CreateCommand("CREATE SEQUENCE IF NOT EXISTS platform_version START 1001 CACHE 1");
        create.ExecuteNonQuery();
        return database;
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException)
        {
            // Not the whole text: it may hold a password.
            throw new FormatException($"The PostgreSQL connection string cannot be read: {wrong.Message} Its form is Host=…;Database=…;Username=…;Password=….", wrong);
        }
    }

    public override async Task<T> ReadAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        return await work(new PostgreSqlSession(connection, null, Dialect), ct);
    }

    public override Task<T> WriteAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, bool waits, CancellationToken ct) =>
        RetriedAsync(work, ct);

    public override async Task<T> ExclusiveAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        var result = await InTransactionAsync(work, exclusive: true, ct);

        // A statement prepared before a column changed its type fails once per connection ("cached plan must not change
        // result type"): connections of before are not used again.
        source.Clear();
        return result;
    }

    /// <remarks>
    /// Neither side waits inside a statement for the other's lock: an index that is built concurrently waits for every older
    /// statement to end, and would wait for one that waits for it.
    /// </remarks>
    public override async Task<bool> AsideAsync(Func<SqlSession, CancellationToken, Task> work, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        var session = new PostgreSqlSession(connection, null, Dialect);
        try
        {
            if (!await TryAsync(connection, $"SELECT pg_try_advisory_lock({AsideLock})", ct)) return false;
            while (!await TryAsync(connection, $"SELECT pg_try_advisory_lock_shared({ExclusiveLock})", ct)) await Task.Delay(LockPause, ct);
            await work(session, ct);
            return true;
        }
        catch (PostgresException interrupted) when (interrupted.SqlState == PostgresErrorCodes.QueryCanceled && !ct.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            if (connection.State == ConnectionState.Open) await session.ExecuteScriptAsync("SELECT pg_advisory_unlock_all()", CancellationToken.None);
        }
    }

    public override bool IsShared => true;

    public override async Task ListenAsync(string channel, Action heard, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        connection.Notification += (_, _) => heard();
        await using (var listen = new NpgsqlCommand($"LISTEN {SqlDialect.Quote(channel)}", connection)) await listen.ExecuteNonQueryAsync(ct);
        heard();
        while (true) await connection.WaitAsync(ct);
    }

    public override void ForgetTables() => source.Clear();

    public override ValueTask DisposeAsync() => source.DisposeAsync();

    // Two messages that lock the same rows in another order wait for each other; PostgreSQL ends one, and that one begins again.
    private async Task<T> RetriedAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await InTransactionAsync(work, exclusive: false, ct);
            }
            catch (PostgresException error) when (attempt < MostAttempts && error.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                await Task.Delay(Random.Shared.Next(5, 25 * attempt), ct);
            }
        }
    }

    private async Task<T> InTransactionAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, bool exclusive, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var session = new PostgreSqlSession(connection, transaction, Dialect);
        if (exclusive) await LockAsync(connection, ct);
        var result = await work(session, ct);
        await transaction.CommitAsync(ct);
        return result;
    }

    private static async Task LockAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        while (!await TryAsync(connection, $"SELECT pg_try_advisory_xact_lock({ExclusiveLock})", ct))
        {
            // Who works aside begins again later.
            await TryAsync(connection, $"SELECT pg_cancel_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = {AsideLock} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())", ct);
            await Task.Delay(LockPause, ct);
        }
    }

    private static async Task<bool> TryAsync(NpgsqlConnection connection, FormattableString sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(FormattableString.Invariant(sql), connection);
        return await command.ExecuteScalarAsync(ct) is true;
    }
}
