using Platform.Engine.Sql;
using Platform.Engine.Sql.PostgreSql;
using Platform.Engine.Sql.Sqlite;

namespace Platform.Engine.Tests.Databases;

/// <summary>An empty database of one test: a file in a folder of its own, or a database in the run's PostgreSQL.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    private Database? database;

    /// <summary>The database, opened.</summary>
    public Database Database => database ?? throw new InvalidOperationException("Call OpenAsync first.");

    /// <summary>Options with which a server or <c>AddEngine</c> opens the same database; close this one first.</summary>
    public abstract EngineOptions Target { get; }

    public static async Task<TestDatabase> SqliteAsync() => await new SqliteTestDatabase().OpenedAsync();

    public static async Task<TestDatabase> PostgreSqlAsync() =>
        await new PostgreSqlTestDatabase(await (await PostgreSqlCluster.SharedAsync()).CreateDatabaseAsync()).OpenedAsync();

    /// <summary>Closes and opens it again, as a restart does.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        database = await OpenAsync();
    }

    public async Task CloseAsync()
    {
        if (database is not null) await database.DisposeAsync();
        database = null;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await RemoveAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<Database> OpenAsync();

    private protected abstract ValueTask RemoveAsync();

    private async Task<TestDatabase> OpenedAsync()
    {
        database = await OpenAsync();
        return this;
    }

    private sealed class SqliteTestDatabase : TestDatabase
    {
        private readonly string folder = Directory.CreateTempSubdirectory("platform-").FullName;

        public override EngineOptions Target => new() { SqliteFile = Path.Combine(folder, "platform.db") };

        private protected override Task<Database> OpenAsync() => Task.FromResult<Database>(SqliteDatabase.Open(Target.SqliteFile!));

        private protected override ValueTask RemoveAsync()
        {
            Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class PostgreSqlTestDatabase(PostgreSqlServerDatabase server) : TestDatabase
    {
        public override EngineOptions Target => new() { PostgreSql = server.ConnectionString };

        private protected override Task<Database> OpenAsync() => Task.FromResult<Database>(PostgreSqlDatabase.Open(server.ConnectionString));

        private protected override ValueTask RemoveAsync() => server.DisposeAsync();
    }
}
