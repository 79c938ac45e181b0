using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Platform.Engine.Packs;
using Platform.OData;
using Platform.Sandbox;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Tests.Databases;

/// <summary>One database of each kind in which core is published: a test copies it, and need not wait until all the base tables are made.</summary>
internal static class CoreDatabases
{
    private static readonly ConcurrentDictionary<Type, Lazy<Task<TestDatabase>>> Made = [];

    /// <summary>The one of the kind of a test's database.</summary>
    public static Task<TestDatabase> OfAsync(TestDatabase database) => Made.GetOrAdd(database.GetType(), _ => new(() => MakeAsync(database))).Value;

    private static async Task<TestDatabase> MakeAsync(TestDatabase kind)
    {
        var made = await kind.EmptyAsync();
        await made.CloseAsync();
        // A file goes at once; a PostgreSQL database goes with its server.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _ = made.DisposeAsync().AsTask();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IPluginHost>(new WorkerPluginHost());
        services.AddEngine(made.Target);
        services.AddWebApi();
        await using var provider = services.BuildServiceProvider();
        await provider.GetRequiredService<Publisher>().PublishAsync(await TestEngine.PacksAsync([]), CancellationToken.None);
        return made;
    }
}
