using Microsoft.Extensions.DependencyInjection;
using Platform.Engine.Packs;
using Platform.OData;
using Platform.Sandbox;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Tests.Databases;

/// <summary>A database in which core is published, for a <see cref="TestEngine"/>. Each is a copy of one that is made once: a test does not wait until all the base tables are made.</summary>
internal static class CoreDatabase
{
    private static readonly Lazy<Task<TestDatabase>> Sqlite = new(() => PublishAsync(TestDatabase.SqliteAsync()));
    private static readonly Lazy<Task<TestDatabase>> PostgreSql = new(() => PublishAsync(TestDatabase.PostgreSqlAsync()));

    public static async Task<TestDatabase> SqliteAsync() => await TestDatabase.SqliteAsync(await Sqlite.Value);

    public static async Task<TestDatabase> PostgreSqlAsync() => await TestDatabase.PostgreSqlAsync(await PostgreSql.Value);

    private static async Task<TestDatabase> PublishAsync(Task<TestDatabase> empty)
    {
        var database = await empty;
        await database.CloseAsync();
        // A file goes at once; a PostgreSQL database goes with its server.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _ = database.DisposeAsync().AsTask();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IPluginHost>(new WorkerPluginHost());
        services.AddEngine(database.Target);
        services.AddWebApi();
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<Publisher>().PublishAsync(await TestEngine.PacksAsync([]), CancellationToken.None);
        return database;
    }
}
