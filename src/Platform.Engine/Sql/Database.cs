using System.Data.Common;

namespace Platform.Engine.Sql;

/// <summary>One database: hands out sessions for reading and for writing. SQLite and PostgreSQL differ behind it.</summary>
public abstract class Database : IAsyncDisposable
{
    public abstract SqlDialect Dialect { get; }

    /// <summary>Runs reads on a consistent view of what is committed.</summary>
    public abstract Task<T> ReadAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct);

    /// <summary>
    /// Runs one message's work as one atomic unit; returns when it is durable. An exception rolls back all of the unit
    /// and nothing else.
    /// </summary>
    public abstract Task<T> WriteAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct);

    /// <summary>
    /// Runs work as the only writer in a transaction of its own (publish, migration); <see cref="SqlSession.Connection"/>
    /// may be given to EF Core inside it.
    /// </summary>
    public abstract Task<T> ExclusiveAsync<T>(Func<SqlSession, CancellationToken, Task<T>> work, CancellationToken ct);

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

    /// <summary>Executes a statement and returns the rows changed.</summary>
    public abstract ValueTask<int> ExecuteAsync(SqlStatement statement, CancellationToken ct);

    /// <summary>Executes DDL text of one or many statements, without parameters.</summary>
    public abstract ValueTask ExecuteScriptAsync(string script, CancellationToken ct);

    /// <summary>Reads rows; <paramref name="row"/> is called for each and says whether to go on.</summary>
    public abstract ValueTask QueryAsync(SqlStatement statement, Func<Records.RowCursor, ValueTask<bool>> row, CancellationToken ct);

    /// <summary>The next row version: grows over all tables, unique.</summary>
    public abstract ValueTask<long> NextVersionAsync(CancellationToken ct);
}
