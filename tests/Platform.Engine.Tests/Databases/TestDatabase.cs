using Platform.Engine.Sql;
using Platform.Engine.Sql.PostgreSql;
using Platform.Engine.Sql.Sqlite;

namespace Platform.Engine.Tests.Databases;

/// <summary>A database of one test, empty or a copy of another: a file in a folder of its own, or a database in the run's PostgreSQL.</summary>
public abstract class TestDatabase : IAsyncDisposable
{
    private Database? database;

    /// <summary>The database, opened.</summary>
    public Database Database => database ?? throw new InvalidOperationException("Call OpenAsync first.");

    /// <summary>Options with which a server or <c>AddEngine</c> opens the same database; close this one first.</summary>
    public abstract EngineOptions Target { get; }

    public static Task<TestDatabase> SqliteAsync() => SqliteAsync(null);

    public static Task<TestDatabase> PostgreSqlAsync() => PostgreSqlAsync(null);

    /// <param name="template">A closed one to copy; <c>null</c> for an empty one.</param>
    public static async Task<TestDatabase> SqliteAsync(TestDatabase? template) => await new SqliteTestDatabase(template as SqliteTestDatabase).OpenedAsync();

    /// <param name="template">A closed one to copy; <c>null</c> for an empty one.</param>
    public static async Task<TestDatabase> PostgreSqlAsync(TestDatabase? template) =>
        await new PostgreSqlTestDatabase(await (await PostgreSqlCluster.SharedAsync()).CreateDatabaseAsync((template as PostgreSqlTestDatabase)?.Server)).OpenedAsync();

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

        public SqliteTestDatabase(SqliteTestDatabase? template)
        {
            if (template is null) return;
            foreach (var file in Directory.EnumerateFiles(template.folder)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

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
        public PostgreSqlServerDatabase Server => server;

        public override EngineOptions Target => new() { PostgreSql = server.ConnectionString };

        private protected override Task<Database> OpenAsync() => Task.FromResult<Database>(PostgreSqlDatabase.Open(server.ConnectionString));

        private protected override ValueTask RemoveAsync() => server.DisposeAsync();
    }
}
