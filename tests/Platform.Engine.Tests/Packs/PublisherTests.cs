using System.Diagnostics.CodeAnalysis;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Pipeline;
using Platform.Engine.Tests.Databases;
using Platform.Engine.Tests.Metadata;
using Platform.OData.Queries;
using Platform.Sandbox;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Tests.Packs;

public sealed class SqlitePublisherTests() : PublisherTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlPublisherTests() : PublisherTests(TestDatabase.PostgreSqlAsync);

[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public abstract class PublisherTests(Func<Task<TestDatabase>> open) : DatabaseSuite(open)
{
    private const string OrderFile = "entities/shp_order/entity.json";
    private const string One = "11111111-1111-7111-8111-111111111111";

    private readonly CountingHost host = new();
    private Node node = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        node = new Node(this);
    }

    public override async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_first_publish_makes_tables_and_puts_metadata_with_compiled_scripts_in_force()
    {
        var result = await node.PublishAsync(new SmallPacks().Files);

        Assert.Equal((1, true), (result.Version, result.Changed));
        Assert.Equal(1, node.Metadata.Version);
        Assert.Equal(["shop/entities/shp_order/check.js"], node.Metadata.Images.Keys);
        await InsertOrderAsync("A-1");
        Assert.Equal(["core", "shop"], await TextsAsync("SELECT id FROM platform_pack ORDER BY position"));
    }

    [Fact]
    public async Task The_same_packs_again_change_nothing_and_compile_nothing()
    {
        await node.PublishAsync(new SmallPacks().Files);
        var before = node.Metadata;

        var result = await node.PublishAsync(new SmallPacks().Files);

        Assert.Equal((1, false), (result.Version, result.Changed));
        Assert.Equal(before.Version, node.Metadata.Version);
        Assert.Equal(1, host.Compiled);
        Assert.Equal(["1"], await TextsAsync("SELECT CAST(count(*) AS text) FROM platform_metadata_version"));
    }

    [Fact]
    public async Task After_a_restart_the_deployed_version_loads_without_files_and_without_compiling()
    {
        await node.PublishAsync(new SmallPacks().Files);
        await Test.ReopenAsync();
        node = new Node(this);

        Assert.True(await node.Publisher.LoadAsync(CancellationToken.None));

        Assert.Equal(1, node.Metadata.Version);
        Assert.Equal(["shop/entities/shp_order/check.js"], node.Metadata.Images.Keys);
        Assert.Equal(1, host.Compiled);
    }

    [Fact]
    public async Task Loading_finds_nothing_in_an_empty_database() =>
        Assert.False(await node.Publisher.LoadAsync(CancellationToken.None));

    [Fact]
    public async Task A_pack_that_is_not_given_stays_as_it_is()
    {
        await node.PublishAsync(new SmallPacks().Files);
        var core = new SmallPacks().Replace("core", "pack.json", "1.2.0", "1.3.0").Files.Where(pack => pack.Origin == "packs/core");

        var result = await node.PublishAsync([.. core]);

        Assert.Equal(2, result.Version);
        Assert.Equal(["1.3.0", "1.0.0"], node.Metadata.Packs.Select(pack => pack.Version));
        Assert.NotNull(node.Metadata.Find("shp_order"));
    }

    [Fact]
    public async Task A_new_column_keeps_the_rows_and_is_noted_when_the_version_number_stayed()
    {
        await node.PublishAsync(new SmallPacks().Files);
        await InsertOrderAsync("A-1");

        var result = await node.PublishAsync(WithColumn().Files);

        Assert.Equal(["add column shp_order.shp_colour"], result.Plan.Changes.Select(change => change.ToString()));
        Assert.Equal("The pack 'shop' changed without a new version number (1.0.0).", Assert.Single(result.Notes));
        Assert.Equal(["A-1"], await TextsAsync("SELECT shp_number FROM shp_order WHERE shp_colour IS NULL"));
    }

    [Fact]
    public async Task A_change_that_would_lose_data_is_refused_with_every_loss_and_nothing_has_changed()
    {
        await node.PublishAsync(WithColumn().Files);
        await InsertOrderAsync("A-12");
        await ExecuteAsync("UPDATE shp_order SET shp_colour = 'red'");
        var shorter = new SmallPacks().Replace("shop", OrderFile, "\"maxLength\": 20", "\"maxLength\": 3");

        var refusal = await Assert.ThrowsAsync<MetadataException>(() => node.PublishAsync(shorter.Files));

        Assert.Equal(
            ["packs/shop/entities/shp_order/entity.json#/properties/shp_colour", "packs/shop/entities/shp_order/entity.json#/properties/shp_number"],
            refusal.Errors.Select(error => $"{error.File}#{error.Pointer}").Order());
        Assert.Equal(1, node.Metadata.Version);
        Assert.Equal(["red"], await TextsAsync("SELECT shp_colour FROM shp_order"));
        Assert.Equal(["1"], await TextsAsync("SELECT CAST(max(version) AS text) FROM platform_metadata_version"));
    }

    [Fact]
    public async Task What_is_wrong_in_views_and_scripts_is_said_at_once_and_the_old_version_stays()
    {
        await node.PublishAsync(new SmallPacks().Files);
        var broken = WithColumn()
            .Replace("shop", "entities/shp_order/views/active.json", "statecode eq 0", "nothing eq 0")
            .Write("shop", "entities/shp_order/check.js", "const a = 1;\nconst b = ;\ncontext.reject('No.', 'shp_too_much');");

        var refusal = await Assert.ThrowsAsync<MetadataException>(() => node.PublishAsync(broken.Files));

        Assert.Equal(
            ["packs/shop/entities/shp_order/check.js", "packs/shop/entities/shp_order/views/active.json"],
            refusal.Errors.Select(error => error.File).Order());
        Assert.StartsWith("2:", refusal.Errors.Single(error => error.File.EndsWith(".js", StringComparison.Ordinal)).Pointer, StringComparison.Ordinal);
        Assert.Equal(1, node.Metadata.Version);
        await Assert.ThrowsAnyAsync<Exception>(() => TextsAsync("SELECT shp_order.shp_colour FROM shp_order"));
    }

    [Fact]
    public async Task An_older_version_of_an_installed_pack_is_refused()
    {
        await node.PublishAsync(new SmallPacks().Files);

        var refusal = await Assert.ThrowsAsync<MetadataException>(
            () => node.PublishAsync(new SmallPacks().Replace("core", "pack.json", "1.2.0", "1.1.9").Files));

        Assert.Equal("packs/core/pack.json#/version: Version 1.1.9 of the pack 'core' is older than the installed 1.2.0. Install that version or a newer one.", Assert.Single(refusal.Errors).ToString());
    }

    [Fact]
    public async Task Two_nodes_that_publish_at_once_end_with_both_changes()
    {
        await node.PublishAsync(new SmallPacks().Files);
        var other = new Node(this);
        var core = new SmallPacks().Replace("core", "pack.json", "1.2.0", "1.3.0").Files.Where(pack => pack.Origin == "packs/core");
        var shop = WithColumn().Files.Where(pack => pack.Origin == "packs/shop");

        await Task.WhenAll(node.PublishAsync([.. core]), other.PublishAsync([.. shop]));
        await node.Publisher.LoadAsync(CancellationToken.None);

        Assert.Equal(3, node.Metadata.Version);
        Assert.Equal("1.3.0", node.Metadata.Packs[0].Version);
        Assert.NotNull(node.Metadata.Entity("shp_order").Find("shp_colour"));
        await InsertOrderAsync("A-1");
        Assert.Equal([""], await TextsAsync("SELECT shp_colour FROM shp_order"));
    }

    [Fact]
    public async Task A_changed_script_alone_compiles_alone_and_leaves_the_tables()
    {
        await node.PublishAsync(new SmallPacks().Files);

        var result = await node.PublishAsync(new SmallPacks().Write("shop", "entities/shp_order/check.js", "context.trace('hello'); context.reject('No.', 'shp_too_much');").Files);

        Assert.Equal(2, result.Version);
        Assert.Empty(result.Plan.Changes);
        Assert.Equal(2, host.Compiled);
    }

    private static SmallPacks WithColumn() =>
        new SmallPacks().Replace("shop", OrderFile, "\"shp_external\":", "\"shp_colour\": { \"type\": \"string\", \"title\": \"Colour\" }, \"shp_external\":");

    private Task InsertOrderAsync(string number) =>
        ExecuteAsync($"INSERT INTO shp_order (shp_orderid, versionnumber, shp_number) VALUES ('{One}', 1, '{number}')");

    /// <summary>One process of the platform on the test's database.</summary>
    private sealed class Node
    {
        private readonly PlatformEngine engine = new(new Lazy<MessagePipeline>(() => throw new InvalidOperationException("No message is sent here.")), TimeProvider.System);

        public Node(PublisherTests test) =>
            Publisher = new Publisher(test.Database, new CatalogDatabase(test.Database), engine, test.host, new QueryTextParser(), TimeProvider.System);

        public Publisher Publisher { get; }

        public MetadataSnapshot Metadata => engine.Metadata;

        public Task<PublishResult> PublishAsync(IReadOnlyList<PackFiles> packs) => Publisher.PublishAsync(packs, CancellationToken.None);
    }

    /// <summary>The real host, counting what it compiles.</summary>
    private sealed class CountingHost : IPluginHost
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
}
