using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>
/// Row versions. Counted in memory by the one writer and written once per commit; numbers of a rolled-back message are
/// skipped, never given twice.
/// </summary>
internal sealed class VersionSequence
{
    /// <summary>Reads the number of the last commit.</summary>
    public const string Saved = $"SELECT value FROM platform_sequence WHERE name = '{Name}'";

    private const string Name = "version";

    private long last;
    private long saved;

    public static VersionSequence Open(SqliteConnection connection)
    {
        using var create = connection.CreateCommand();
        create.CommandText = "CREATE TABLE IF NOT EXISTS platform_sequence (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID";
        create.ExecuteNonQuery();
        using var seed = connection.CreateCommand();
        seed.CommandText = $"INSERT OR IGNORE INTO platform_sequence (name, value) VALUES ('{Name}', 1000)";
        seed.ExecuteNonQuery();
        using var read = connection.CreateCommand();
        read.CommandText = Saved;
        var value = Convert.ToInt64(read.ExecuteScalar(), CultureInfo.InvariantCulture);
        return new VersionSequence { last = value, saved = value };
    }

    public long Next() => ++last;

    /// <summary>Writes the sequence inside the transaction that is about to commit.</summary>
    public void Save(SqliteSession session)
    {
        if (last == saved) return;
        session.Execute($"UPDATE platform_sequence SET value = $1 WHERE name = '{Name}'", [last]);
    }

    /// <summary>The transaction is durable.</summary>
    public void Committed() => saved = last;
}
