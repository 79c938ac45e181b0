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

    /// <summary>Nothing was ever opened in it but by this class.</summary>
    public bool IsEmpty { get; private set; } = true;

    public static async Task<TestDatabase> SqliteAsync() => await new SqliteTestDatabase().OpenedAsync();

    public static async Task<TestDatabase> PostgreSqlAsync() =>
        await new PostgreSqlTestDatabase(await (await PostgreSqlCluster.SharedAsync()).CreateDatabaseAsync()).OpenedAsync();

    /// <summary>Another one of the same kind.</summary>
    public abstract Task<TestDatabase> EmptyAsync();

    /// <summary>Closes it and puts a copy of another, closed one in its place.</summary>
    public async Task CopyAsync(TestDatabase template)
    {
        await CloseAsync();
        await ReplaceAsync(template);
        IsEmpty = false;
    }

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

    private protected abstract Task ReplaceAsync(TestDatabase template);

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

        public override Task<TestDatabase> EmptyAsync() => SqliteAsync();

        private protected override Task<Database> OpenAsync() => Task.FromResult<Database>(SqliteDatabase.Open(Target.SqliteFile!));

        private protected override Task ReplaceAsync(TestDatabase template)
        {
            foreach (var file in Directory.EnumerateFiles(folder)) File.Delete(file);
            foreach (var file in Directory.EnumerateFiles(((SqliteTestDatabase)template).folder)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
            return Task.CompletedTask;
        }

        private protected override ValueTask RemoveAsync()
        {
            Directory.Delete(folder, recursive: true);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class PostgreSqlTestDatabase(PostgreSqlServerDatabase created) : TestDatabase
    {
        private PostgreSqlServerDatabase server = created;

        public override Task<TestDatabase> EmptyAsync() => PostgreSqlAsync();

        public override EngineOptions Target => new() { PostgreSql = server.ConnectionString };

        private protected override Task<Database> OpenAsync() => Task.FromResult<Database>(PostgreSqlDatabase.Open(server.ConnectionString));

        private protected override async Task ReplaceAsync(TestDatabase template)
        {
            await server.DisposeAsync();
            server = await (await PostgreSqlCluster.SharedAsync()).CreateDatabaseAsync(((PostgreSqlTestDatabase)template).server);
        }

        private protected override ValueTask RemoveAsync() => server.DisposeAsync();
    }
}
