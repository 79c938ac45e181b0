using System.Collections.Immutable;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Platform.Engine.Records;
using SQLitePCL;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>A connection with its prepared statements. Used by one message at a time.</summary>
internal sealed class SqliteSession : SqlSession, IDisposable
{
    /// <summary>Statements kept per connection; the one unused longest goes first.</summary>
    private const int MostStatements = 256;

    private readonly SqliteConnection connection;
    private readonly Dictionary<string, LinkedListNode<(string Text, PreparedStatement Statement)>> byText = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Text, PreparedStatement Statement)> byUse = new();
    private readonly VersionSequence? versions;

    /// <param name="versions">The writer's sequence; <c>null</c> for connections that only read.</param>
    public SqliteSession(SqliteConnection connection, SqlDialect dialect, VersionSequence? versions)
    {
        this.connection = connection;
        this.versions = versions;
        Dialect = dialect;
    }

    public override DbConnection Connection => connection;

    public override DbTransaction? Transaction => null;

    public override SqlDialect Dialect { get; }

    public override bool Writes => versions is not null;

    public override bool SharesTransaction => Writes;

    /// <summary>False after an error that made SQLite roll back the whole transaction.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    public override ValueTask<int> ExecuteAsync(SqlStatement statement, CancellationToken ct) =>
        ValueTask.FromResult(Execute(statement.Text, statement.Arguments));

    public int Execute(string text, ImmutableArray<object?> arguments)
    {
        var prepared = Take(text);
        try
        {
            prepared.Bind(arguments.AsSpan());
            while (prepared.Step())
            {
            }
            return raw.sqlite3_changes(connection.Handle);
        }
        finally
        {
            Return(prepared);
        }
    }

    public override async ValueTask QueryAsync(SqlStatement statement, IRowReceiver rows, CancellationToken ct)
    {
        var prepared = Take(statement.Text);
        // A search that finds nothing has no row at which it could be stopped. The writer's statements belong to several messages.
        using var stop = Writes ? default : ct.UnsafeRegister(static handle => raw.sqlite3_interrupt((sqlite3)handle!), connection.Handle);
        try
        {
            prepared.Bind(statement.Arguments.AsSpan());
            while (Step(prepared, ct))
            {
                if (!await rows.ReceiveAsync(prepared.Cursor, ct)) break;
                ct.ThrowIfCancellationRequested();
            }
        }
        finally
        {
            Return(prepared);
        }
    }

    public override async ValueTask ExecuteScriptAsync(string script, CancellationToken ct)
    {
        using var command = connection.CreateCommand();
        command.CommandText = script;
        try
        {
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == raw.SQLITE_CONSTRAINT)
        {
            throw SqliteErrors.Failure(error.SqliteErrorCode, connection.Handle!);
        }
    }

    public override ValueTask<long> NextVersionAsync(CancellationToken ct) =>
        ValueTask.FromResult((versions ?? throw new InvalidOperationException("This session only reads.")).Next());

    public override Task<StatementPlan> ExplainAsync(SqlStatement statement, CancellationToken ct) => SqlitePlan.OfAsync(this, statement, ct);

    // One writes at a time, and the number is written with its rows: what is committed is settled.
    public override ValueTask<long> SettledVersionAsync(CancellationToken ct) => LastVersionAsync(ct);

    public override async ValueTask<long> LastVersionAsync(CancellationToken ct)
    {
        var read = new OneNumber();
        await QueryAsync(new SqlStatement(VersionSequence.Saved), read, ct);
        return read.Value;
    }

    public void Dispose()
    {
        foreach (var (_, statement) in byUse)
            statement.Dispose();
        connection.Dispose();
    }

    private static bool Step(PreparedStatement prepared, CancellationToken ct)
    {
        try
        {
            return prepared.Step();
        }
        catch (SqliteException stopped) when (stopped.SqliteErrorCode == raw.SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException(stopped.Message, stopped, ct);
        }
    }

    // Two reads of the same text can be open at once (a step that reads while a read streams): the second gets a statement of its own.
    private PreparedStatement Take(string text)
    {
        if (byText.TryGetValue(text, out var known) && !known.Value.Statement.Busy)
        {
            byUse.Remove(known);
            byUse.AddFirst(known);
            known.Value.Statement.Busy = true;
            return known.Value.Statement;
        }
        var prepared = new PreparedStatement(connection.Handle!, text) { Busy = true };
        if (known is null)
        {
            if (byText.Count >= MostStatements) DropOldest();
            byText[text] = byUse.AddFirst((text, prepared));
            prepared.Cached = true;
        }
        return prepared;
    }

    private static void Return(PreparedStatement prepared)
    {
        prepared.Reset();
        if (!prepared.Cached) prepared.Dispose();
    }

    private void DropOldest()
    {
        for (var node = byUse.Last; node is not null; node = node.Previous)
        {
            if (node.Value.Statement.Busy) continue;
            byUse.Remove(node);
            byText.Remove(node.Value.Text);
            node.Value.Statement.Dispose();
            return;
        }
    }
}
