using SQLitePCL;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>
/// A prepared statement on one connection. Below ADO.NET on purpose: the row's UTF-8 goes to the response without
/// becoming a string, and nothing is allocated for a parameter or a column.
/// </summary>
internal sealed class PreparedStatement : IDisposable
{
    private readonly sqlite3 connection;
    private readonly sqlite3_stmt statement;

    public PreparedStatement(sqlite3 connection, string text)
    {
        this.connection = connection;
        SqliteErrors.Check(raw.sqlite3_prepare_v3(connection, text, raw.SQLITE_PREPARE_PERSISTENT, out statement), connection);
        Cursor = new SqliteRowCursor(statement);
    }

    /// <summary>The current row after <see cref="Step"/> returned true.</summary>
    public SqliteRowCursor Cursor { get; }

    /// <summary>In use by a read that has not ended; a nested read of the same text needs another statement.</summary>
    public bool Busy { get; set; }

    /// <summary>Kept for the next use; one made beside a busy twin is not.</summary>
    public bool Cached { get; set; }

    public void Bind(ReadOnlySpan<object?> arguments)
    {
        for (var at = 0; at < arguments.Length; at++)
            SqliteErrors.Check(BindOne(at + 1, arguments[at]), connection);
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        throw SqliteErrors.Failure(code, connection);
    }

    /// <summary>Makes the statement ready for the next use; its parameters are forgotten.</summary>
    public void Reset()
    {
        // An error that Step has already reported comes again from reset, by SQLite's design.
        raw.sqlite3_reset(statement);
        raw.sqlite3_clear_bindings(statement);
        Busy = false;
    }

    public void Dispose() => statement.Dispose();

    private int BindOne(int position, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(statement, position),
        string text => raw.sqlite3_bind_text(statement, position, text),
        long number => raw.sqlite3_bind_int64(statement, position, number),
        double number => raw.sqlite3_bind_double(statement, position, number),
        int number => raw.sqlite3_bind_int64(statement, position, number),
        byte[] bytes => raw.sqlite3_bind_blob(statement, position, bytes),
        _ => throw new ArgumentException($"{value.GetType().Name} is not a storage form of SQLite.", nameof(value)),
    };
}
