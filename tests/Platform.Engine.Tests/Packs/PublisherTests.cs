using System.Collections.Immutable;
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
    private const string Two = "22222222-2222-7222-8222-222222222222";

    private static readonly string[] Scripts = ["shop/apis/shp_List/list.js", "shop/apis/shp_Pay/pay.js", "shop/entities/shp_order/check.js"];

    private readonly CountingHost host = new();
    private PublishNode node = null!;

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        node = new PublishNode(Database, host);
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
        Assert.Equal(Scripts, node.Metadata.Images.Keys);
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
        Assert.Equal(Scripts.Length, host.Compiled);
        Assert.Equal(["1"], await TextsAsync("SELECT CAST(count(*) AS text) FROM platform_metadata_version"));
    }

    [Fact]
    public async Task After_a_restart_the_deployed_version_loads_without_files_and_without_compiling()
    {
        await node.PublishAsync(new SmallPacks().Files);
        await Test.ReopenAsync();
        node = new PublishNode(Database, host);

        Assert.True(await node.Publisher.LoadAsync(CancellationToken.None));

        Assert.Equal(1, node.Metadata.Version);
        Assert.Equal(Scripts, node.Metadata.Images.Keys);
        Assert.Equal(Scripts.Length, host.Compiled);
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
        var other = new PublishNode(Database, host);
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
        Assert.Equal(Scripts.Length + 1, host.Compiled);
    }

    [Fact]
    public async Task A_plan_names_components_statements_and_what_would_be_parked_and_changes_nothing()
    {
        await node.PublishAsync(WithColumn().Files);
        await InsertOrderAsync("A-1");
        await ExecuteAsync("UPDATE shp_order SET shp_colour = 'red'");
        var change = new MetadataChange { Packs = new SmallPacks().Replace("shop", OrderFile, "\"title\": \"Note\"", "\"title\": \"Remark\"").Files };

        var plan = await node.Publisher.PlanAsync(change, CancellationToken.None);

        Assert.Equal(1, plan.BaseVersion);
        Assert.Equal(["Removed attribute/shp_order/shp_colour", "Changed attribute/shp_order/shp_note"], plan.Components.Select(component => $"{component.Change} {component.Component}"));
        Assert.Equal(new PropertyChange("/title", "\"Note\"", "\"Remark\""), Assert.Single(plan.Components[1].Properties));
        Assert.Equal(new ParkedRows("attribute/shp_order/shp_colour", 1), Assert.Single(plan.Parks));
        Assert.Equal("park column shp_order.shp_colour", Assert.Single(plan.Changes));
        Assert.Contains("shp_colour", plan.Statements, StringComparison.Ordinal);
        Assert.Empty(plan.Blockers);
        Assert.Equal(plan.Id, (await node.Publisher.PlanAsync(change, CancellationToken.None)).Id);
        Assert.Equal(1, node.Metadata.Version);
        Assert.Equal(["red"], await TextsAsync("SELECT shp_colour FROM shp_order"));
    }

    [Fact]
    public async Task A_plan_counts_the_rows_that_lack_a_value_in_columns_that_become_required()
    {
        await node.PublishAsync(WithColumn().Files);
        await InsertOrderAsync("A-1");
        await ExecuteAsync($"INSERT INTO shp_order (shp_orderid, versionnumber, shp_number, shp_note, shp_colour) VALUES ('{Two}', 2, 'A-2', 'Gift', 'red')");
        SmallPacks Demanding(SmallPacks packs, string columns) => packs.Replace("shop", OrderFile, "\"required\": [\"shp_number\"]", $"\"required\": [\"shp_number\", {columns}]");
        async Task<string[]> NotesAsync(SmallPacks packs) =>
            [.. (await node.Publisher.PlanAsync(new MetadataChange { Packs = packs.Files }, default)).Notes.Where(note => note.Contains("required", StringComparison.Ordinal)).Select(note => note[..note.IndexOf(',', StringComparison.Ordinal)])];

        // One that is there, one that is new in all rows; of the column that is required already nothing is said.
        var demanding = Demanding(WithColumn(), "\"shp_note\", \"shp_size\"").Replace("shop", OrderFile, "\"shp_external\":", "\"shp_size\": { \"type\": \"integer\", \"title\": \"Size\" }, \"shp_external\":");
        Assert.Equal(["1 row of 'shp_order' has no value in 'shp_note'", "2 rows of 'shp_order' have no value in 'shp_size'"], await NotesAsync(demanding));
        var published = await node.Publisher.ApplyAsync(new MetadataChange { Packs = demanding.Files }, PublishOptions.Default, default);
        Assert.Contains("1 row of 'shp_order' has no value in 'shp_note', which becomes required. It stays as it is, also when other columns change; a write of this column has to give a value.", published.Notes);
        Assert.Equal(["Gift"], await TextsAsync("SELECT shp_note FROM shp_order WHERE shp_note IS NOT NULL"));
        // Said once: it is no requirement that comes.
        Assert.Empty(await NotesAsync(Demanding(WithColumn(), "\"shp_note\"").Replace("shop", OrderFile, "\"title\": \"Note\"", "\"title\": \"Remark\"")));

        // A column that comes back is counted where it is parked.
        await ExecuteAsync($"UPDATE shp_order SET shp_note = 'Gift', shp_size = 1");
        await node.Publisher.ApplyAsync(new MetadataChange { Packs = new SmallPacks().Files }, new PublishOptions { Park = true }, default);
        Assert.Equal(["1 row of 'shp_order' has no value in 'shp_colour'"], await NotesAsync(Demanding(WithColumn(), "\"shp_note\", \"shp_colour\"")));
    }

    [Fact]
    public async Task A_rollback_brings_the_columns_of_the_version_back_with_their_values_and_survives_the_next_start()
    {
        await node.PublishAsync(WithColumn().Files);
        await InsertOrderAsync("A-1");
        await ExecuteAsync("UPDATE shp_order SET shp_colour = 'red'");
        await node.ApplyAsync(new MetadataChange { Packs = new SmallPacks().Files }, new PublishOptions { Park = true });
        await node.PublishAsync(new SmallPacks().Files);
        Assert.Null(node.Metadata.Entity("shp_order").Find("shp_colour"));

        var result = await node.ApplyAsync(new MetadataChange { RollBackTo = 1 }, new PublishOptions { PublishedBy = Guid.Parse(One) });

        Assert.Equal((3, true), (result.Version, result.Changed));
        Assert.NotNull(node.Metadata.Entity("shp_order").Find("shp_colour"));
        Assert.Equal(["red"], await TextsAsync("SELECT shp_colour FROM shp_order"));
        Assert.Equal([$"rollback {One}"], await TextsAsync("SELECT action || ' ' || CAST(publishedby AS text) FROM platform_metadata_version WHERE rolledbackto = 1"));

        await Test.ReopenAsync();
        node = new PublishNode(Database, host);
        await node.PublishAsync(new SmallPacks().Files);
        Assert.NotNull(node.Metadata.Entity("shp_order").Find("shp_colour"));
    }

    [Fact]
    public async Task A_pack_that_is_uninstalled_takes_its_tables_along_and_brings_its_rows_when_it_comes_back()
    {
        await node.PublishAsync(new SmallPacks().Files);
        await InsertOrderAsync("A-1");
        var uninstall = new MetadataChange { Uninstall = ["shop"] };

        var refusal = await Assert.ThrowsAsync<MetadataException>(() => node.ApplyAsync(uninstall, PublishOptions.Default));
        Assert.StartsWith("shop/entities/shp_order/entity.json#: The entity 'shp_order' is removed: 1 row holds data that would be parked.", Assert.Single(refusal.Errors).ToString(), StringComparison.Ordinal);

        await node.ApplyAsync(uninstall, new PublishOptions { Park = true });
        Assert.Null(node.Metadata.Find("shp_order"));
        Assert.Equal(["core"], await TextsAsync("SELECT id FROM platform_pack"));

        await node.PublishAsync(new SmallPacks().Files);
        Assert.Equal(["A-1"], await TextsAsync("SELECT shp_number FROM shp_order"));
    }

    [Fact]
    public async Task Neither_core_is_uninstalled_nor_a_pack_that_others_depend_on_nor_one_that_is_not_there()
    {
        await node.PublishAsync([.. new SmallPacks().Files, new PackFiles("more", ImmutableSortedDictionary<string, string>.Empty.Add(
            "pack.json", """{ "id": "more", "version": "1.0.0", "publisher": { "prefix": "mor", "name": "More" }, "title": "More", "dependencies": { "shop": ">=1.0.0" } }"""))]);

        var needed = await Assert.ThrowsAsync<MetadataException>(() => node.ApplyAsync(new MetadataChange { Uninstall = ["shop"] }, new PublishOptions { Park = true }));
        Assert.Contains(needed.Errors, error => error.File == "more/pack.json" && error.Reason == "The pack 'shop' is not installed.");
        var core = await Assert.ThrowsAsync<MetadataException>(() => node.ApplyAsync(new MetadataChange { Uninstall = ["core"] }, new PublishOptions { Park = true }));
        Assert.Equal("The pack 'core' cannot be taken out.", Assert.Single(core.Errors).Reason);

        var missing = await Assert.ThrowsAsync<MetadataException>(() => node.ApplyAsync(new MetadataChange { Uninstall = ["nothing"] }, PublishOptions.Default));
        Assert.Contains("'nothing' is not installed", Assert.Single(missing.Errors).Reason, StringComparison.Ordinal);
        Assert.Equal(1, node.Metadata.Version);
    }

    [Fact]
    public async Task A_plan_that_somebody_outran_is_refused_with_a_fresh_one()
    {
        await node.PublishAsync(new SmallPacks().Files);
        var change = new MetadataChange { Packs = [.. WithColumn().Files.Where(pack => pack.Origin == "packs/shop")] };
        var seen = await node.Publisher.PlanAsync(change, CancellationToken.None);
        await node.ApplyAsync(new MetadataChange { Packs = [.. new SmallPacks().Replace("core", "pack.json", "1.2.0", "1.3.0").Files.Where(pack => pack.Origin == "packs/core")] }, PublishOptions.Default);

        var refusal = await Assert.ThrowsAsync<PlanChangedException>(() => node.ApplyAsync(change, new PublishOptions { ExpectedPlan = seen.Id }));

        Assert.Equal(2, refusal.Plan.BaseVersion);
        Assert.Null(node.Metadata.Entity("shp_order").Find("shp_colour"));
        await node.ApplyAsync(change, new PublishOptions { ExpectedPlan = refusal.Plan.Id });
        Assert.NotNull(node.Metadata.Entity("shp_order").Find("shp_colour"));
    }

    [Fact]
    public async Task A_version_that_never_was_is_no_place_to_go_back_to()
    {
        await node.PublishAsync(new SmallPacks().Files);

        var plan = await node.Publisher.PlanAsync(new MetadataChange { RollBackTo = 9 }, CancellationToken.None);

        Assert.Equal("There is no version 9.", Assert.Single(plan.Blockers).Reason);
    }

    [Fact]
    public async Task What_is_parked_is_listed_and_goes_for_good_only_when_it_is_purged()
    {
        await node.PublishAsync(WithColumn().Files);
        await InsertOrderAsync("A-1");
        await ExecuteAsync("UPDATE shp_order SET shp_colour = 'red'");
        await node.ApplyAsync(new MetadataChange { Packs = new SmallPacks().Files }, new PublishOptions { Park = true });
        await node.ApplyAsync(new MetadataChange { Uninstall = ["shop"] }, new PublishOptions { Park = true });

        var parked = await node.Publisher.ParkedAsync(CancellationToken.None);
        Assert.Equal(["attribute/shp_order.parked.3/shp_colour", "entity/shp_order"], parked.Select(part => part.Component));
        await Assert.ThrowsAsync<PlatformException>(() => node.Publisher.PurgeAsync("shp_order", CancellationToken.None));

        await node.Publisher.PurgeAsync(parked[0].Name, CancellationToken.None);
        await node.ApplyAsync(new MetadataChange { RollBackTo = 1 }, PublishOptions.Default);
        Assert.Equal(["A-1/"], await TextsAsync("SELECT shp_number || '/' || coalesce(shp_colour, '') FROM shp_order"));

        await node.ApplyAsync(new MetadataChange { Uninstall = ["shop"] }, new PublishOptions { Park = true });
        await node.Publisher.PurgeAsync(Assert.Single(await node.Publisher.ParkedAsync(CancellationToken.None)).Name, CancellationToken.None);
        await node.ApplyAsync(new MetadataChange { RollBackTo = 1 }, PublishOptions.Default);
        Assert.Empty(await TextsAsync("SELECT shp_number FROM shp_order"));
        Assert.Equal(
            ["6 rollback", "5 uninstall", "4 rollback", "3 uninstall", "2 publish", "1 publish"],
            (await node.Publisher.VersionsAsync(CancellationToken.None)).Select(version => $"{version.Version} {version.Action}"));
    }

    [Fact]
    public async Task A_plan_that_was_shown_is_carried_out_and_meets_the_rows_that_came_since()
    {
        await node.PublishAsync(WithColumn().Files);
        var change = new MetadataChange { Packs = new SmallPacks().Files };
        var plan = await node.Publisher.PlanAsync(change, CancellationToken.None);
        Assert.Empty(plan.Parks);
        await InsertOrderAsync("A-1");
        await ExecuteAsync("UPDATE shp_order SET shp_colour = 'red'");

        await Assert.ThrowsAsync<MetadataException>(() => node.ApplyAsync(change, new PublishOptions { ExpectedPlan = plan.Id }));
        Assert.Equal(["red"], await TextsAsync("SELECT shp_colour FROM shp_order"));
        var result = await node.ApplyAsync(change, new PublishOptions { ExpectedPlan = plan.Id, Park = true });

        Assert.Equal((2, true), (result.Version, result.Changed));
        Assert.DoesNotContain("compile", result.Phases.Select(phase => phase.Name));
        Assert.Equal("attribute/shp_order/shp_colour", Assert.Single(await node.Publisher.ParkedAsync(CancellationToken.None)).Component);
    }

    [Fact]
    public async Task Taking_out_what_others_use_is_refused_with_everybody_who_does()
    {
        await node.PublishAsync(new SmallPacks().Files);
        var without = new SmallPacks().Remove("shop", "choices/shp_region.json");

        var plan = await node.Publisher.PlanAsync(new MetadataChange { Packs = without.Files }, CancellationToken.None);

        var refusal = Assert.Single(plan.Blockers, error => error.Reason.StartsWith("'choice/shp_region' is taken out", StringComparison.Ordinal));
        Assert.Equal("shop/choices/shp_region.json", refusal.File);
        Assert.Equal(
            "Take it out there first: attribute/shp_order/shp_region (shop/entities/shp_order/entity.json#/properties/shp_region/x-choice); file/shop/labels/ko.json (shop/labels/ko.json#/choices/shp_region).",
            refusal.Hint);
        await Assert.ThrowsAsync<MetadataException>(() => node.ApplyAsync(new MetadataChange { Packs = without.Files }, new PublishOptions { Park = true }));
        Assert.Equal(1, node.Metadata.Version);
    }

    [Fact]
    public async Task Who_uses_a_component_of_the_version_in_force_is_told_and_a_mistyped_one_is_guessed()
    {
        await node.PublishAsync(new SmallPacks().Files);

        var uses = await node.Publisher.UsesAsync("attribute/shp_order/shp_region", CancellationToken.None);
        Assert.Empty(uses);
        uses = await node.Publisher.UsesAsync("attribute/shp_order/shp_due", CancellationToken.None);
        Assert.Contains(uses, use => use.By == "index/shp_order/shp_order_due");
        Assert.Empty(await node.Publisher.UsesAsync("attribute/shp_order/importsequencenumber", CancellationToken.None));

        await node.PublishAsync(new SmallPacks().Remove("shop", "entities/shp_order/views/active.json").Replace("shop", "labels/ko.json", ", \"views\": { \"active\": \"진행 중\" }", "").Files);
        Assert.DoesNotContain(await node.Publisher.UsesAsync("attribute/shp_order/shp_number", CancellationToken.None), use => use.By.StartsWith("view/", StringComparison.Ordinal));
        var refusal = await Assert.ThrowsAsync<PlatformException>(() => node.Publisher.UsesAsync("attribute/shp_order/shp_regoin", CancellationToken.None));
        Assert.Equal(ErrorKind.NotFound, refusal.Kind);
        Assert.Contains("attribute/shp_order/shp_region", refusal.Hint, StringComparison.Ordinal);
    }

    private static SmallPacks WithColumn() =>
        new SmallPacks().Replace("shop", OrderFile, "\"shp_external\":", "\"shp_colour\": { \"type\": \"string\", \"title\": \"Colour\" }, \"shp_external\":");

    private Task InsertOrderAsync(string number) =>
        ExecuteAsync($"INSERT INTO shp_order (shp_orderid, versionnumber, shp_number) VALUES ('{One}', 1, '{number}')");
}
