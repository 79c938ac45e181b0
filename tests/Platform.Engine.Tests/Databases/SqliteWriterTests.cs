using System.Diagnostics;
using Platform.Engine.Sql;

namespace Platform.Engine.Tests.Databases;

/// <summary>What the one writer of the embedded database promises to many who write at once.</summary>
public sealed class SqliteWriterTests() : DatabaseSuite(TestDatabase.SqliteAsync)
{
    private static readonly AsyncLocal<string?> Sender = new();

    [Theory]
    [InlineData("k")]
    [InlineData("f")]
    [InlineData("kfk")]
    [InlineData("fkk")]
    [InlineData("ffkfk")]
    [InlineData("fff")]
    public async Task In_one_commit_each_piece_that_fails_takes_its_own_rows_with_it_and_no_others(string pieces)
    {
        await ExecuteAsync("CREATE TABLE t (name TEXT)");

        var answers = await InOneCommitAsync([.. pieces.Select<char, Func<SqlSession, string, Task>>(piece => async (session, name) =>
        {
            await InsertAsync(session, name + " a");
            await InsertAsync(session, name + " b");
            if (piece == 'f') throw new InvalidOperationException(name);
        })]);

        Assert.Equal(pieces.Select((piece, at) => piece == 'f' ? $"piece {at}" : null), answers.Select(answer => answer?.Message));
        Assert.Equal(pieces.SelectMany((piece, at) => piece == 'f' ? [] : new[] { $"piece {at} a", $"piece {at} b" }), await TextsAsync("SELECT name FROM t ORDER BY rowid"));
        await Test.ReopenAsync();
        Assert.Equal(2 * pieces.Count(piece => piece == 'k'), (await TextsAsync("SELECT name FROM t")).Count);
    }

    // As SQLite does of itself when the disk is full.
    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task A_transaction_that_the_database_gives_up_is_acknowledged_to_nobody_whose_rows_were_in_it(int at, bool isTold)
    {
        await ExecuteAsync("CREATE TABLE t (name TEXT)");

        var answers = await InOneCommitAsync([.. Enumerable.Range(0, 3).Select<int, Func<SqlSession, string, Task>>(piece => async (session, name) =>
        {
            await InsertAsync(session, name);
            if (piece != at) return;
            await session.ExecuteAsync(new SqlStatement("ROLLBACK"), default);
            if (isTold) throw new InvalidOperationException(name);
        })]);

        var kept = await TextsAsync("SELECT name FROM t ORDER BY rowid");
        Assert.NotNull(answers[at]);
        Assert.Equal(answers.Select((answer, piece) => answer is null ? $"piece {piece}" : null).OfType<string>(), kept);
        await Database.WriteAsync(async (session, _) => await InsertAsync(session, "after"), waits: false, default);
        Assert.Equal([.. kept, "after"], await TextsAsync("SELECT name FROM t ORDER BY rowid"));
    }

    [Fact]
    public async Task Each_piece_runs_for_its_sender_whoever_writes_it()
    {
        var seen = new List<string?>();

        await InOneCommitAsync([.. Enumerable.Repeat<Func<SqlSession, string, Task>>(
            async (_, name) =>
            {
                seen.Add($"{name} for {Sender.Value}, {Activity.Current?.OperationName}");
                Sender.Value = "somebody else";
                await Task.Yield();
            },
            3)]);

        Assert.Equal(["piece 0 for sender 0, activity 0", "piece 1 for sender 1, activity 1", "piece 2 for sender 2, activity 2"], seen);
        Assert.Null(Sender.Value);
    }

    [Fact]
    public async Task Of_many_writers_at_once_nobody_is_forgotten_and_a_close_ends_what_waits()
    {
        await ExecuteAsync("CREATE TABLE t (name TEXT)");

        await Task.WhenAll(Enumerable.Range(0, 32).Select(writer => Task.Run(async () =>
        {
            for (var row = 0; row < 40; row++)
            {
                var name = $"{writer} {row}";
                await Database.WriteAsync(async (session, _) => await InsertAsync(session, name), waits: row % 5 == 0, default);
                if (row % 8 == 0) await Task.Yield();
            }
        })));
        Assert.Equal(32 * 40, (await TextsAsync("SELECT DISTINCT name FROM t")).Count);

        var hold = new TaskCompletionSource();
        var waiting = Enumerable.Range(0, 200).Select(row => Database.WriteAsync(
            async (session, _) =>
            {
                await hold.Task;
                return await InsertAsync(session, $"late {row}");
            },
            waits: row % 2 == 0,
            default)).ToList();
        var closed = Test.CloseAsync();
        hold.SetResult();
        await closed;
        await Task.WhenAll(waiting);
        await Test.ReopenAsync();
        Assert.Equal(200, (await TextsAsync("SELECT name FROM t WHERE name LIKE 'late %'")).Count);
    }

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

    private static async Task<int> InsertAsync(SqlSession session, string name) => await session.ExecuteAsync(new SqlStatement("INSERT INTO t VALUES ($1)", name), default);

    /// <summary>Runs pieces that are all there before the first of them ends, each for a sender of its own; the failure of each, or <c>null</c>.</summary>
    private async Task<Exception?[]> InOneCommitAsync(Func<SqlSession, string, Task>[] pieces)
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = pieces.Select((piece, at) => SendAsync(piece, at)).ToList();
        hold.SetResult();
        return [.. await Task.WhenAll(sent.Select(async one => await Record.ExceptionAsync(() => one)))];

        async Task SendAsync(Func<SqlSession, string, Task> piece, int at)
        {
            Sender.Value = $"sender {at}";
            using var activity = new Activity($"activity {at}").Start();
            await Database.WriteAsync(
                async (session, _) =>
                {
                    await hold.Task;
                    await piece(session, $"piece {at}");
                    return true;
                },
                waits: false,
                default);
        }
    }
}
