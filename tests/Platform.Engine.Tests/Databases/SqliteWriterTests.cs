using Platform.Engine.Sql;

namespace Platform.Engine.Tests.Databases;

/// <summary>What the one writer of the embedded database promises to many who write at once.</summary>
public sealed class SqliteWriterTests() : DatabaseSuite(TestDatabase.SqliteAsync)
{
    [Fact]
    public async Task The_log_goes_into_the_file_beside_the_writer_and_begins_anew()
    {
        const int Most = 600 * 1024 * 1024;
        const int Piece = 1024 * 1024;
        await ExecuteAsync("CREATE TABLE t (name TEXT, content BLOB)");
        var log = new FileInfo(Test.Target.SqliteFile! + "-wal");
        var written = 0;
        do
        {
            await Database.WriteAsync((session, ct) => session.ExecuteAsync(new SqlStatement("INSERT INTO t VALUES ($1, zeroblob($2))", $"{written}", (long)Piece), ct).AsTask(), waits: false, default);
            written += Piece;
            log.Refresh();
        }
        while (written < Most && log.Length > written - (16 * Piece));

        Assert.True(written < Most, "The log holds all that was ever written.");
        Assert.True(new FileInfo(Test.Target.SqliteFile!).Length > 32 * Piece, "The file has what the log no longer has.");
        Assert.Equal(written / Piece, (await TextsAsync("SELECT name FROM t")).Count);
        Assert.Equal(["ok"], await TextsAsync("PRAGMA integrity_check"));
    }
}
