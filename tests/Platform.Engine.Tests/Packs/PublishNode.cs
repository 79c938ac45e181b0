using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Packs.Building;
using Platform.Engine.Pipeline;
using Platform.Engine.Sql;
using Platform.OData.Queries;
using Platform.Sandbox;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Tests.Packs;

/// <summary>A server as publishing sees it: a publisher and the metadata that it puts in force. Sends no messages.</summary>
internal sealed class PublishNode
{
    private readonly PlatformEngine engine = new(new Lazy<MessagePipeline>(() => throw new InvalidOperationException("No message is sent here.")), TimeProvider.System);

    public PublishNode(Database database, IPluginHost host, int buildLaterFrom = 10_000)
    {
        var catalog = new CatalogDatabase(database);
        var deployments = new Deployments(catalog);
        Builder = new IndexBuilder(database, catalog, deployments, engine, buildLaterFrom, TimeSpan.FromHours(1), TimeProvider.System);
        Publisher = new Publisher(database, catalog, deployments, engine, host, new QueryTextParser(), Builder, TimeProvider.System);
    }

    public Publisher Publisher { get; }

    public IndexBuilder Builder { get; }

    public MetadataSnapshot Metadata => engine.Metadata;

    public Task<PublishResult> PublishAsync(IReadOnlyList<PackFiles> packs) => Publisher.PublishAsync(packs, CancellationToken.None);

    public Task<PublishResult> ApplyAsync(MetadataChange change, PublishOptions options) => Publisher.ApplyAsync(change, options, CancellationToken.None);
}

/// <summary>The real host, counting what it compiles.</summary>
internal sealed class CountingHost : IPluginHost
{
    private readonly WorkerPluginHost host = new();

    public int Compiled { get; private set; }

    public Task<ScriptImage> CompileAsync(ScriptSource source, CancellationToken ct)
    {
        Compiled++;
        return host.CompileAsync(source, ct);
    }

    public Task<PluginOutcome> RunAsync(PluginRun run, IPluginServices services, CancellationToken ct) => host.RunAsync(run, services, ct);

    public ValueTask DisposeAsync() => host.DisposeAsync();
}
