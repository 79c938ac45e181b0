using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Platform.Server.Tests.Hosting;

/// <summary>What a database holds, table by table, in so few words that two moments can be compared.</summary>
internal static class DatabaseFingerprint
{
    private static readonly string[] Nothing = [];

    /// <param name="connectionString">Of PostgreSQL; otherwise the file of SQLite.</param>
    public static async Task<SortedDictionary<string, string>> OfAsync(string? connectionString, string sqliteFile)
    {
        await using DbConnection connection = connectionString is null
            ? new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = sqliteFile, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString())
            : new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var table in await TablesAsync(connection)) result[table] = await RowsAsync(connection, table);
        return result;
    }

    /// <summary>Tables that differ; nothing when the two are the same.</summary>
    public static IReadOnlyList<string> Changes(SortedDictionary<string, string> before, SortedDictionary<string, string> after) =>
        before.SequenceEqual(after) ? Nothing : [.. before.Keys.Union(after.Keys).Where(table => before.GetValueOrDefault(table) != after.GetValueOrDefault(table)).Select(table => $"{table}: {before.GetValueOrDefault(table)} → {after.GetValueOrDefault(table)}")];

    // Sequences are no data: their numbers are never given twice, and where a write is rolled back some are missing.
    private static async Task<List<string>> TablesAsync(DbConnection connection)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = connection is SqliteConnection
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'platform_sequence'"
            : "SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";
        var tables = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) tables.Add(reader.GetString(0));
        return tables;
    }

    private static async Task<string> RowsAsync(DbConnection connection, string table)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = connection is SqliteConnection
            ? $"SELECT * FROM \"{table}\""
            : $"SELECT count(*) || ' rows ' || coalesce(md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))), '') FROM {table} t";
        await using var reader = await command.ExecuteReaderAsync();
        if (connection is not SqliteConnection) return await reader.ReadAsync() ? reader.GetString(0) : "";
        // Order plays no part: rows are read as they lie.
        var (rows, sum) = (0, new byte[32]);
        while (await reader.ReadAsync())
        {
            rows++;
            var text = new StringBuilder();
            for (var column = 0; column < reader.FieldCount; column++) text.Append(reader.GetValue(column) is byte[] bytes ? Convert.ToHexString(SHA256.HashData(bytes)) : Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture)).Append('\u001f');
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
            for (var at = 0; at < sum.Length; at++) sum[at] += hash[at];
        }
        return $"{rows} rows {Convert.ToHexString(sum)[..16]}";
    }
}
