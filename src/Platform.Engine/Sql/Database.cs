using System.Data.Common;

namespace Platform.Engine.Sql;

/// <summary>One database: hands out sessions for reading and for writing. SQLite and PostgreSQL differ behind it.</summary>
public abstract class Database : IAsyncDisposable
{
    public abstract SqlDialect Dialect { get; }

    /// <summary>Opens the database that the options name.</summary>
    /// <exception cref="IOException">Another process has the embedded database open.</exception>
    /// <exception cref="FormatException">The PostgreSQL connection string cannot be read.</exception>
    public static Database Open(EngineOptions options) => (options.SqliteFile, options.PostgreSql) switch
    {
        ({ } file, null) => Sqlite.SqliteDatabase.Open(file),
        (null, { } connection) => PostgreSql.PostgreSqlDatabase.Open(connection),
        _ => throw new ArgumentException("Name either a SQLite file or a PostgreSQL connection.", nameof(options)),
    };

    /// <summary>Runs reads; each statement sees what was committed when it began.</summary>
    public abstract Task<T> ReadAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct);

    /// <summary>
    /// Runs one message's work as one atomic unit; returns when it is durable. An exception rolls back all of the unit
    /// and nothing else.
    /// </summary>
    /// <param name="work">May run again from its beginning when the database chose this transaction to end a deadlock.</param>
    /// <param name="waits">The work waits for something outside the database (a plugin step): it is not put into one commit with work that does not.</param>
    public abstract Task<T> WriteAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, bool waits, CancellationToken ct);

    /// <summary>
    /// Runs work as the only writer in a transaction of its own (publish, migration); <see cref="SqlSession.Connection"/>
    /// may be given to EF Core inside it.
    /// </summary>
    public abstract Task<T> ExclusiveAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct);

    /// <summary>
    /// Runs long work on tables in use: only one process at a time does, no publish comes in between, and where the database
    /// can work beside readers and writers they are not held up. The session has no transaction there (PostgreSQL).
    /// </summary>
    /// <returns>False when another process is at such work, or a publish did not want to wait: nothing may have been done, or half of it.</returns>
    public abstract Task<bool> AsideAsync(Func<SqlSession, CancellationToken, Task> work, CancellationToken ct);

    /// <summary>Other processes may work on the same database.</summary>
    public virtual bool IsShared => false;

    /// <summary>
    /// Listens on a connection of its own for notices that other processes send with <see cref="SqlSession.NotifyAsync"/>;
    /// on a database that is not shared, for ever.
    /// </summary>
    /// <param name="heard">Called when listening has begun, and for every notice; must not block.</param>
    /// <exception cref="DbException">The connection is lost, or there is none.</exception>
    public virtual Task ListenAsync(string channel, Action heard, CancellationToken ct) => Task.Delay(Timeout.Infinite, ct);

    /// <summary>Another process has changed the tables: what connections know of them is forgotten.</summary>
    public virtual void ForgetTables()
    {
    }

    public abstract ValueTask DisposeAsync();
}

/// <summary>A connection inside a read view or a transaction.</summary>
public abstract class SqlSession
{
    /// <summary>The connection, for EF Core on the catalog.</summary>
    public abstract DbConnection Connection { get; }

    /// <summary>The transaction where the driver has an object for it (PostgreSQL); <c>null</c> on SQLite, where it is text.</summary>
    public abstract DbTransaction? Transaction { get; }

    public abstract SqlDialect Dialect { get; }

    /// <summary>True inside a transaction that writes.</summary>
    public abstract bool Writes { get; }

    /// <summary>The transaction is that of several messages, each under a savepoint: it shows what others of them wrote and have not committed.</summary>
    public virtual bool SharesTransaction => false;

    /// <summary>Executes a statement and returns the rows changed.</summary>
    public abstract ValueTask<int> ExecuteAsync(SqlStatement statement, CancellationToken ct);

    /// <summary>Executes DDL text of one or many statements, without parameters, however long that takes.</summary>
    /// <exception cref="ConstraintException">An index cannot be made over the rows.</exception>
    public abstract ValueTask ExecuteScriptAsync(string script, CancellationToken ct);

    /// <summary>Reads rows into <paramref name="rows"/> until it has enough or there are no more.</summary>
    public abstract ValueTask QueryAsync(SqlStatement statement, IRowReceiver rows, CancellationToken ct);

    /// <summary>What the database would do for a statement, without doing it.</summary>
    public abstract Task<StatementPlan> ExplainAsync(SqlStatement statement, CancellationToken ct);

    /// <summary>Sends a notice to whoever listens, once the transaction is committed; nothing on a database that is not shared.</summary>
    public virtual ValueTask NotifyAsync(string channel, CancellationToken ct) => ValueTask.CompletedTask;

    /// <summary>The next row version: grows over all tables, unique.</summary>
    public abstract ValueTask<long> NextVersionAsync(CancellationToken ct);

    /// <summary>
    /// The version up to which nothing changes any more: reads that begin now see all that was written under it and lower
    /// ones, and no transaction that is still running has one as low.
    /// </summary>
    /// <remarks>
    /// Where several write at once it may come down again, when a transaction took its time to say that it begins: that one
    /// takes versions above every mark that was given before.
    /// </remarks>
    public abstract ValueTask<long> SettledVersionAsync(CancellationToken ct);

    /// <summary>The last version that anybody has taken and that can be known of: no mark is above it.</summary>
    public abstract ValueTask<long> LastVersionAsync(CancellationToken ct);
}

/// <summary>Takes rows from <see cref="SqlSession.QueryAsync"/>.</summary>
public interface IRowReceiver
{
    /// <summary>Called for each row; returns false to stop.</summary>
    ValueTask<bool> ReceiveAsync(Records.RowCursor row, CancellationToken ct);
}

/// <summary>A write was refused by the database: a unique index, a foreign key, or values that an index cannot take.</summary>
/// <param name="constraint">Name of the index or constraint where the database tells it; else empty.</param>
/// <param name="columns">Columns where the database tells them (SQLite); else empty.</param>
public sealed class ConstraintException(ConstraintKind kind, string constraint, IReadOnlyList<string> columns, Exception? inner = null)
    : Exception($"{kind} constraint {constraint} ({string.Join(", ", columns)})", inner)
{
    public ConstraintKind Kind { get; } = kind;

    public string Constraint { get; } = constraint;

    public IReadOnlyList<string> Columns { get; } = columns;
}

public enum ConstraintKind
{
    PrimaryKey,
    Unique,
    ForeignKey,

    /// <summary>The values of an index are too long for it (PostgreSQL).</summary>
    TooLong,
    Other,
}
