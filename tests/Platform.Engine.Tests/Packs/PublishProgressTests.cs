using System.Diagnostics.CodeAnalysis;
using Platform.Engine.Packs;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Packs;

public sealed class SqlitePublishProgressTests() : PublishProgressTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlPublishProgressTests() : PublishProgressTests(TestDatabase.PostgreSqlAsync);

/// <summary>What a publish tells while it runs, and what readers notice of it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public abstract class PublishProgressTests(Func<Task<TestDatabase>> open) : IAsyncLifetime
{
    private TestEngine engine = null!;

    public async Task InitializeAsync() => engine = await TestEngine.StartAsync(await open());

    public async Task DisposeAsync() => await engine.DisposeAsync();

    [Fact]
    public async Task A_publish_tells_its_stages_in_order_and_each_part_once()
    {
        var told = new Reports();

        var result = await ApplyAsync(Pack(), told);
        await engine.Seeder.SeedAsync(demo: false, engine.Admin, CancellationToken.None, told);

        Assert.Equal([PublishStage.Plan, PublishStage.Compile, PublishStage.Change, PublishStage.Seed], told.All.Select(report => report.Stage).Distinct());
        var changes = told.Of(PublishStage.Change);
        Assert.Equal(result.Plan.Changes.Length, changes[0].Total);
        Assert.Equal(result.Plan.Changes.Select(change => change.ToString()).Order(StringComparer.Ordinal), changes.Select(report => report.Part).OfType<string>().Order(StringComparer.Ordinal));
        foreach (var stage in new[] { PublishStage.Compile, PublishStage.Change })
            Assert.Equal(Enumerable.Range(0, told.Of(stage)[0].Total + 1), told.Of(stage).Select(report => report.Done));
        Assert.Equal("projects/entities/tst_tag/colour.js", Assert.Single(told.Of(PublishStage.Compile), report => report.Part is not null).Part);
        // The seed files of core are open, too: nobody has brought them in before.
        Assert.Contains(told.Of(PublishStage.Seed), report => report.Part == "projects/data/10-tst_tag.json");
        Assert.Equal(told.Of(PublishStage.Seed)[^1].Total, told.Of(PublishStage.Seed)[^1].Done);
    }

    [Fact]
    public async Task Made_one_by_one_the_changes_give_the_same_database()
    {
        await ApplyAsync(Pack(), new Reports());

        var tag = await engine.CreateAsync(new EntityRecord("tst_tag") { ["tst_name"] = "A", ["tst_colour"] = "red" });
        await engine.Publisher.ApplyAsync(new MetadataChange { Uninstall = ["projects"] }, new PublishOptions { Park = true, Progress = new Reports() }, CancellationToken.None);
        await ApplyAsync(Pack(), new Reports());

        Assert.Equal("red", (await engine.ReadAsync("tst_tag", tag)).Get<string>("tst_colour"));
        Assert.True((await engine.Publisher.PlanAsync(new MetadataChange { Packs = [Pack().Files] }, CancellationToken.None)).IsEmpty);
    }

    [Fact]
    public async Task Readers_go_on_reading_while_a_slow_publish_changes_the_database()
    {
        var account = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Adatum" });
        var before = engine.Metadata.Version;
        using var reached = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var publish = Task.Run(() => ApplyAsync(Pack(), new Reports(report =>
        {
            // Inside the transaction, before its last change.
            if (report.Stage != PublishStage.Change || report.Done != report.Total - 1) return;
            reached.Set();
            Assert.True(goOn.Wait(TimeSpan.FromMinutes(1)));
        })));
        Assert.True(reached.Wait(TimeSpan.FromMinutes(1)));
        try
        {
            for (var read = 0; read < 25; read++)
            {
                var reading = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () => (await engine.ReadAsync("account", account)).Get<string>("name"))));
                Assert.All(await reading.WaitAsync(TimeSpan.FromSeconds(30)), name => Assert.Equal("Adatum", name));
                Assert.Single(await engine.QueryAsync("account", "$filter=name eq 'Adatum'"));
            }

            Assert.False(publish.IsCompleted);
            Assert.Equal(before, engine.Metadata.Version);
            Assert.Null(engine.Metadata.Find("tst_project"));
        }
        finally
        {
            goOn.Set();
        }

        await publish;
        Assert.Equal(before + 1, engine.Metadata.Version);
        await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "P", ["tst_accountid"] = new EntityReference("account", account) });
    }

    private static ProjectPack Pack() => new ProjectPack()
        .Write("entities/tst_tag/steps.json", """{ "steps": [ { "name": "colour", "script": "colour.js", "message": "Create", "stage": "PreOperation" } ] }""")
        .Write("entities/tst_tag/colour.js", "context.trace(context.target.get(\"tst_colour\"));")
        .Write("data/10-tst_tag.json", """{ "entity": "tst_tag", "key": ["tst_name"], "rows": [ { "tst_name": "Urgent" } ] }""");

    private Task<PublishResult> ApplyAsync(ProjectPack pack, IProgress<PublishProgress> progress) =>
        engine.Publisher.ApplyAsync(new MetadataChange { Packs = [pack.Files] }, new PublishOptions { Progress = progress }, CancellationToken.None);

    private sealed class Reports(Action<PublishProgress>? then = null) : IProgress<PublishProgress>
    {
        public List<PublishProgress> All { get; } = [];

        public List<PublishProgress> Of(PublishStage stage) => [.. All.Where(report => report.Stage == stage)];

        public void Report(PublishProgress value)
        {
            All.Add(value);
            then?.Invoke(value);
        }
    }
}
