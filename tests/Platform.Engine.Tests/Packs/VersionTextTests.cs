using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Packs;
using Platform.Engine.Packs.Versions;
using Platform.Engine.Tests.Databases;
using Platform.Engine.Tests.Metadata;

namespace Platform.Engine.Tests.Packs;

public sealed class SqliteVersionTextTests() : VersionTextTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlVersionTextTests() : VersionTextTests(TestDatabase.PostgreSqlAsync);

[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public abstract class VersionTextTests(Func<Task<TestDatabase>> open) : DatabaseSuite(open)
{
    private const string OrderFile = "entities/shp_order/entity.json";

    private readonly CountingHost host = new();
    private PublishNode node = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        node = new PublishNode(Database, host);
        await node.PublishAsync(new SmallPacks().Files);
    }

    public override async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_version_stores_only_the_texts_that_it_changes()
    {
        var before = await TextsAsync("SELECT hash FROM platform_metadata_text");

        await node.ApplyAsync(new MetadataChange { Packs = WithColumn().Files }, PublishOptions.Default);

        var added = (await TextsAsync("SELECT hash FROM platform_metadata_text")).Except(before).ToList();
        Assert.Equal(2, added.Count);
        Assert.Contains(VersionTexts.HashOf(ColumnFile), added);
    }

    [Fact]
    public async Task A_version_that_takes_nothing_new_stores_nothing_new()
    {
        await node.ApplyAsync(new MetadataChange { Packs = WithColumn().Files }, PublishOptions.Default);
        var before = await TextsAsync("SELECT hash FROM platform_metadata_text ORDER BY hash");

        await node.ApplyAsync(new MetadataChange { RollBackTo = 1 }, PublishOptions.Default);

        Assert.Equal(before, await TextsAsync("SELECT hash FROM platform_metadata_text ORDER BY hash"));
        Assert.Null(node.Metadata.Entity("shp_order").Find("shp_colour"));
    }

    [Fact]
    public async Task Versions_that_hold_their_texts_themselves_load_go_on_and_come_back()
    {
        await MoveTextsInsideAsync();
        node = new PublishNode(Database, host);

        Assert.True(await node.Publisher.LoadAsync(CancellationToken.None));
        Assert.NotNull(node.Metadata.Find("shp_order"));
        await node.ApplyAsync(new MetadataChange { Packs = WithColumn().Files }, PublishOptions.Default);
        Assert.NotNull(node.Metadata.Entity("shp_order").Find("shp_colour"));
        var files = (await node.Publisher.FilesAsync(CancellationToken.None)).Single(pack => pack.Origin == "shop").Files;
        Assert.Equal(ColumnFile, files[OrderFile]);

        await node.ApplyAsync(new MetadataChange { RollBackTo = 1 }, PublishOptions.Default);
        Assert.Null(node.Metadata.Entity("shp_order").Find("shp_colour"));
    }

    private static string ColumnFile => WithColumn().Files.Single(pack => pack.Files[PackSet.Manifest].Contains("\"shop\"", StringComparison.Ordinal)).Files[OrderFile];

    /// <summary>The catalog as the version before left it.</summary>
    private async Task MoveTextsInsideAsync()
    {
        await new CatalogDatabase(Database).WriteAsync(
            async (context, ct) =>
            {
                var texts = await context.Texts.ToDictionaryAsync(text => text.Hash, text => text.Content, ct);
                var version = await context.Versions.SingleAsync(ct);
                var packs = StoredPacks.FromJson(version.Documents).ToPacks(texts);
                var schema = StoredSchema.FromJson(version.Schema).ToModel(texts, Sql.Schema.SchemaModel.Empty);
                context.Versions.Remove(version);
                await context.SaveChangesAsync(ct);
                context.Versions.Add(new MetadataVersion
                {
                    Version = version.Version,
                    PublishedOn = version.PublishedOn,
                    Fingerprint = "of an earlier engine",
                    Documents = new StoredPacks([.. packs.Packs.Select(entry => new StoredPacks.Entry(entry.Id) { Files = entry.Pack.Files })]).ToJson(),
                    Schema = new StoredSchema { Tables = schema.Tables }.ToJson(),
                });
                await context.Texts.ExecuteDeleteAsync(ct);
                return await context.SaveChangesAsync(ct);
            },
            CancellationToken.None);
    }

    private static SmallPacks WithColumn() =>
        new SmallPacks().Replace("shop", OrderFile, "\"shp_external\":", "\"shp_colour\": { \"type\": \"string\", \"title\": \"Colour\" }, \"shp_external\":");
}
