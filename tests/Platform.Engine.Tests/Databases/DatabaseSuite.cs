using Platform.Engine.Records;
using Platform.Engine.Sql;

namespace Platform.Engine.Tests.Databases;

/// <summary>
/// Base of tests that must hold on both databases: an abstract class holds the tests, two sealed ones say where they
/// run. Each test has a database of its own.
/// </summary>
public abstract class DatabaseSuite(Func<Task<TestDatabase>> open) : IAsyncLifetime
{
    protected TestDatabase Test { get; private set; } = null!;

    protected Database Database => Test.Database;

    public virtual async Task InitializeAsync() => Test = await open();

    public virtual async Task DisposeAsync() => await Test.DisposeAsync();

    protected Task ExecuteAsync(string sql) => Database.ExclusiveAsync(
        async (session, ct) =>
        {
            await session.ExecuteScriptAsync(sql, ct);
            return true;
        },
        CancellationToken.None);

    /// <summary>First column of all rows, as text.</summary>
    protected async Task<List<string>> TextsAsync(string sql)
    {
        var texts = new Texts();
        await Database.ReadAsync(
            async (session, ct) =>
            {
                await session.QueryAsync(new SqlStatement(sql), texts, ct);
                return true;
            },
            CancellationToken.None);
        return texts.Found;
    }

    private sealed class Texts : IRowReceiver
    {
        public List<string> Found { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            Found.Add(row.IsNull(0) ? "" : row.GetString(0));
            return ValueTask.FromResult(true);
        }
    }
}
