using System.Diagnostics.CodeAnalysis;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Tests.Databases;
using Platform.Engine.Tests.Metadata;

namespace Platform.Engine.Tests.Packs;

public sealed class SqliteStoredLimitTests() : StoredLimitTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlStoredLimitTests() : StoredLimitTests(TestDatabase.PostgreSqlAsync);

/// <summary>Versions that an engine without today's limits of lengths has stored.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public abstract class StoredLimitTests(Func<Task<TestDatabase>> open) : DatabaseSuite(open)
{
    private const string Choice = "choices/shp_region.json", Korean = "labels/ko.json";

    private static readonly string Long = new('L', 500), LongInKorean = new('가', 500);

    private readonly CountingHost host = new();

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        await new PublishNode(Database, host).PublishAsync(new SmallPacks().Files);
        await ExecuteAsync($"""UPDATE platform_metadata_text SET content = REPLACE(REPLACE(content, '"title": "Region", "values"', '"title": "{Long}", "values"'), '"title": "지역"', '"title": "{LongInKorean}"')""");
    }

    public override async Task DisposeAsync()
    {
        await host.DisposeAsync();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task Labels_that_were_stored_before_the_limit_are_served_and_noted()
    {
        var node = new PublishNode(Database, host);

        var result = await node.PublishAsync([]);

        Assert.Equal((Long, LongInKorean), (Region(node).Title.English, Region(node).Title.For("ko")));
        Assert.Equal([$"shop/{Choice}", $"shop/{Korean}"], result.Notes.Where(note => note.Contains("500 characters", StringComparison.Ordinal)).Select(note => note.Split('#')[0]));
        // Whatever comes beside it is as free as ever.
        await node.Publisher.CustomizeAsync(draft => draft.Put("attribute/shp_order/new_colour", new() { ["type"] = "string", ["title"] = "Colour" }), PublishOptions.Default, default);
        Assert.True(await new PublishNode(Database, host).Publisher.LoadAsync(default));
    }

    [Fact]
    public async Task A_rollback_to_such_a_version_brings_it_back()
    {
        var node = new PublishNode(Database, host);
        await node.ApplyAsync(new MetadataChange { Packs = [Shop(new SmallPacks())] }, new PublishOptions { Park = true });
        Assert.Equal("Region", Region(node).Title.English);

        await node.ApplyAsync(new MetadataChange { RollBackTo = 1 }, PublishOptions.Default);

        Assert.Equal(Long, Region(node).Title.English);
    }

    [Fact]
    public async Task A_file_that_changes_keeps_the_limit()
    {
        var node = new PublishNode(Database, host);
        await node.PublishAsync([]);
        var version = node.Metadata.Version;

        // The choice stands as it is stored but for another label; the translations are the stored ones.
        var stored = (await node.Publisher.FilesAsync(default)).Single(pack => pack.Origin == "shop");
        var changed = stored with { Files = stored.Files.SetItem(Choice, stored.Files[Choice].Replace("North", "Northern", StringComparison.Ordinal)) };
        var refused = await Assert.ThrowsAsync<MetadataException>(() => node.ApplyAsync(new MetadataChange { Packs = [changed] }, PublishOptions.Default));

        Assert.Equal((Choice, "/title", "The text has 500 characters."), (Assert.Single(refused.Errors).File["shop/".Length..], refused.Errors[0].Pointer, refused.Errors[0].Reason));
        Assert.Equal(version, node.Metadata.Version);
    }

    private static ChoiceDefinition Region(PublishNode node) => node.Metadata.Choices.Single(choice => choice.Name == "shp_region");

    private static PackFiles Shop(SmallPacks packs) => packs.Files.Single(pack => pack.Files[PackSet.Manifest].Contains("\"shop\"", StringComparison.Ordinal));
}
