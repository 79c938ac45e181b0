using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>Turns SQLite's result codes into exceptions.</summary>
internal static partial class SqliteErrors
{
    public static void Check(int code, sqlite3 connection)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        throw Failure(code, connection);
    }

    public static Exception Failure(int code, sqlite3 connection)
    {
        var extended = raw.sqlite3_extended_errcode(connection);
        var text = raw.sqlite3_errmsg(connection).utf8_to_string();
        var inner = new SqliteException($"SQLite Error {code}: '{text}'.", code, extended);
        return extended switch
        {
            raw.SQLITE_CONSTRAINT_PRIMARYKEY => Constraint(ConstraintKind.PrimaryKey, text, inner),
            raw.SQLITE_CONSTRAINT_UNIQUE => Constraint(ConstraintKind.Unique, text, inner),
            raw.SQLITE_CONSTRAINT_FOREIGNKEY => Constraint(ConstraintKind.ForeignKey, text, inner),
            _ when code == raw.SQLITE_CONSTRAINT => Constraint(ConstraintKind.Other, text, inner),
            _ => inner,
        };
    }

    // "UNIQUE constraint failed: loy_card.loy_number, loy_card.x" or "... failed: index 'loy_number_key'"
    private static ConstraintException Constraint(ConstraintKind kind, string text, Exception inner)
    {
        var index = IndexName().Match(text);
        if (index.Success) return new ConstraintException(kind, index.Groups[1].Value, [], inner);
        var colon = text.LastIndexOf(": ", StringComparison.Ordinal);
        var columns = colon < 0 ? [] : text[(colon + 2)..].Split(", ").Select(name => name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..]).ToArray();
        return new ConstraintException(kind, "", columns, inner);
    }

    [GeneratedRegex("index '([^']+)'")]
    private static partial Regex IndexName();
}
