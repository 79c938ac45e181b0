using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Packs.Customization;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Layers;

public sealed class SqliteDroppedComponentTests() : DroppedComponentTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlDroppedComponentTests() : DroppedComponentTests(TestDatabase.PostgreSqlAsync);

/// <summary>What becomes of the customization when packs drop, or take out with them, what it stands on.</summary>
public abstract class DroppedComponentTests(Func<Task<TestDatabase>> open) : IAsyncLifetime
{
    private const string Korean = "labels/ko.json";

    private static readonly PublishOptions Parking = new() { Park = true };

    private TestEngine engine = null!;

    public async Task InitializeAsync() => engine = await TestEngine.StartAsync(await open(), packs: [Stock().Files]);

    public async Task DisposeAsync() => await engine.DisposeAsync();

    /// <summary>Every kind of component that a customization can change, what it changes, and what a pack without it looks like.</summary>
    public static TheoryData<string> Kinds { get; } =
    [
        "entity/tst_item", "attribute/tst_item/tst_size", "attribute/account/tst_rank", "key/tst_item/tst_code_key", "index/tst_item/tst_size_index", "form/tst_item/main", "view/tst_item/all",
        "choice/tst_region", "role/keeper", "relationship/tst_item_tags", "app/stock",
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_dropped_component_that_is_kept_works_on_in_the_customization_with_its_labels(string component)
    {
        await RetitleAsync(component);
        var upgrade = Stock().Without(component);

        var undecided = await engine.Publisher.PlanAsync(new MetadataChange { Packs = [upgrade] }, default);
        Assert.Equal([$"{component}#"], undecided.Conflicts.Select(conflict => conflict.Id));
        Assert.Contains("--resolve", Assert.Single(undecided.Blockers).Hint, StringComparison.Ordinal);

        await ApplyAsync(new MetadataChange { Packs = [upgrade], ResolveAll = LayerChoice.Customization });

        var kept = (await engine.Publisher.ComponentsAsync(default)).Components.Single(known => known.Component == component);
        Assert.Equal("customization", kept.Pack);
        if (component.StartsWith("index/", StringComparison.Ordinal))
        {
            Assert.Equal("""["tst_depth","tst_size"]""", kept.Properties.Single(property => property.Pointer == "/attributes").Value);
        }
        else
        {
            Assert.Equal("\"Ours\"", kept.Properties.Single(property => property.Pointer == "/title").Value);
            Assert.Contains("\"라벨\"", kept.Properties.Where(property => property.Pointer.StartsWith("/labels/ko", StringComparison.Ordinal)).Select(property => property.Value));
        }

        // It is the customization's, to change and to take out.
        await CustomizeAsync(draft => draft.Remove(component));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Where_the_pack_prevails_the_dropped_component_goes(string component)
    {
        await RetitleAsync(component);

        await ApplyAsync(new MetadataChange { Packs = [Stock().Without(component)], ResolveAll = LayerChoice.Pack });

        Assert.DoesNotContain((await engine.Publisher.ComponentsAsync(default)).Components, known => known.Component == component);
        Assert.DoesNotContain(Korean, (await engine.Publisher.FilesAsync(default))[^1].Files.Keys);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task An_uninstall_in_favour_of_the_customization_keeps_what_the_component_cannot_be_without(string component)
    {
        await RetitleAsync(component);

        var plan = await engine.Publisher.PlanAsync(new MetadataChange { Uninstall = ["stock"], ResolveAll = LayerChoice.Customization }, default);
        Assert.Contains(plan.Notes, note => note.StartsWith("The customization takes over", StringComparison.Ordinal) && note.Contains(component, StringComparison.Ordinal));
        await ApplyAsync(new MetadataChange { Uninstall = ["stock"], ResolveAll = LayerChoice.Customization });

        Assert.Contains((await engine.Publisher.ComponentsAsync(default)).Components, known => known.Component == component && known.Pack == "customization");
    }

    [Fact]
    public async Task A_kept_table_keeps_rows_parts_and_labels_and_says_that_its_steps_stop()
    {
        await RetitleAsync("entity/tst_item");
        var id = await engine.CreateAsync(new EntityRecord("tst_item") { ["tst_name"] = "A", ["tst_size"] = 7, ["tst_region"] = 1 });

        var change = new MetadataChange { Uninstall = ["stock"], ResolveAll = LayerChoice.Customization };
        Assert.Contains((await engine.Publisher.PlanAsync(change, default)).Notes, note => note.Contains("step/tst_item/note", StringComparison.Ordinal));
        await ApplyAsync(change);

        var table = engine.Metadata.Entity("tst_item");
        Assert.Equal((7, 1), ((await engine.ReadAsync("tst_item", id)).Get<int>("tst_size"), (await engine.ReadAsync("tst_item", id)).Get<int>("tst_region")));
        Assert.Equal(("라벨", "라벨", "북부"), (table.Title.For("ko"), table.Attribute("tst_size").Title.For("ko"), table.Attribute("tst_region").Options[0].Label.For("ko")));
        Assert.Equal("일반", table.Forms.Single(form => form.Name == "main").Tabs[0].Title.For("ko"));
    }

    [Fact]
    public async Task A_second_app_cannot_be_kept_and_the_refusal_says_what_to_do()
    {
        await CustomizeAsync(draft => draft.Put("app/ours", Json("""{ "title": "Ours", "groups": [] }""")));
        await RetitleAsync("app/stock");

        var plan = await engine.Publisher.PlanAsync(new MetadataChange { Packs = [Stock().Without("app/stock")], ResolveAll = LayerChoice.Customization }, default);

        var blocker = Assert.Single(plan.Blockers);
        Assert.Contains("has its own app 'ours'", blocker.Reason, StringComparison.Ordinal);
        Assert.Contains("--resolve 'app/stock#=pack'", blocker.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_view_cannot_be_kept_without_columns_and_the_refusal_says_what_to_do()
    {
        await ApplyAsync(new MetadataChange { Packs = [Stock().Write("entities/account/views/ranks.json", """{ "title": "Ranks", "columns": [ { "attribute": "tst_rank" } ] }""").Files] });
        await RetitleAsync("view/account/ranks");

        var plan = await engine.Publisher.PlanAsync(new MetadataChange { Packs = [Stock().Without("attribute/account/tst_rank")], ResolveAll = LayerChoice.Customization }, default);

        var blocker = Assert.Single(plan.Blockers);
        Assert.Equal("The customization cannot keep 'view/account/ranks': the packs take out all columns that it shows.", blocker.Reason);
        Assert.Contains("--resolve 'view/account/ranks#=pack'", blocker.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_of_the_customization_that_a_pack_brings_as_well_becomes_a_part_in_the_packs()
    {
        await ApplyAsync(new MetadataChange { Packs = [Stock().Without("app/stock")] });
        await CustomizeAsync(draft =>
        {
            draft.Put("app/stock", Json("""{ "title": "Ours", "groups": [] }"""));
            draft.SetLabel("ko", "app/stock", "title", "우리");
        });

        await ApplyAsync(new MetadataChange { Packs = [Stock().Write("pack.json", Stock().Manifest("1.2.0")).Files], ResolveAll = LayerChoice.Customization });

        var app = engine.Metadata.Apps.Single(known => known.Name == "stock");
        Assert.Equal(("Ours", "우리", "stock"), (app.Title.English, app.Title.For("ko"), app.Pack));
    }

    [Fact]
    public async Task An_uninstall_names_each_part_of_the_customization_that_stands_in_its_way()
    {
        await BuildOnItAsync();

        var plan = await engine.Publisher.PlanAsync(new MetadataChange { Uninstall = ["stock"] }, default);

        (string, string)[] expected =
            [
                ("attribute/account/new_itemid", "entity/tst_item"), ("attribute/account/new_region", "choice/tst_region"), ("attribute/tst_item/new_colour", "entity/tst_item"),
                ("form/account/main", "attribute/account/tst_rank"), ("form/tst_item/new_short", "entity/tst_item"), ("role/clerk", "entity/tst_item"), ("app/ours", "entity/tst_item"),
                ("view/account/new_items", "attribute/account/new_itemid"), ("view/tst_item/new_short", "entity/tst_item"), ("relationship/new_item_account", "entity/tst_item"),
            ];
        Assert.Equal(expected.Order(), plan.Dependents.Select(part => (part.Component, part.Uses)).Distinct().Order());
        Assert.All(plan.Blockers, blocker => Assert.Contains("--with-dependents", blocker.Hint, StringComparison.Ordinal));
        Assert.Contains(plan.Blockers, blocker => blocker is { File: "customization/entities/account/entity.json", Pointer: "/properties/new_itemid/x-lookup/targets/0", Reason: "'attribute/account/new_itemid' of the customization uses 'entity/tst_item', which is taken out." });
        await Assert.ThrowsAsync<MetadataException>(() => ApplyAsync(new MetadataChange { Uninstall = ["stock"] }));
        Assert.NotNull(engine.Metadata.Find("tst_item"));
    }

    [Fact]
    public async Task An_uninstall_with_dependents_parks_their_data_and_leaves_the_rest_of_the_customization()
    {
        await BuildOnItAsync();
        await CustomizeAsync(draft => draft.Put("attribute/account/new_free", Json("""{ "type": "string", "title": "Free" }""")));
        await RetitleAsync("attribute/tst_item/tst_size");
        var item = await engine.CreateAsync(new EntityRecord("tst_item") { ["tst_name"] = "A", ["new_colour"] = "red" });
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "A", ["new_itemid"] = new EntityReference("tst_item", item), ["new_region"] = 1, ["new_free"] = "kept" });

        var change = new MetadataChange { Uninstall = ["stock"], WithDependents = true };
        var plan = await engine.Publisher.PlanAsync(change, default);
        Assert.Empty(plan.Blockers);
        Assert.Contains(plan.Notes, note => note.StartsWith("Of the customization stays", StringComparison.Ordinal) && note.Contains("attribute/account/new_free", StringComparison.Ordinal));
        Assert.Superset(new HashSet<string> { "entity/tst_item", "attribute/account/new_itemid", "attribute/account/new_region" }, plan.Parks.Select(park => park.Component).ToHashSet());
        await ApplyAsync(change);

        var account = engine.Metadata.Entity("account");
        Assert.Equal((null, null, "customization"), (engine.Metadata.Find("tst_item"), account.Find("new_itemid"), account.Attribute("new_free").Pack));
        Assert.Equal("kept", (await engine.QueryAsync("account", "?$select=new_free")).Single().Get<string>("new_free"));
        // A group in which nothing is left goes with its label.
        Assert.Equal(["more"], engine.Metadata.Apps.Single(app => app.Name == "ours").Groups.Select(group => group.Name));
        Assert.DoesNotContain("tst_", string.Concat((await engine.Publisher.FilesAsync(default))[^1].Files.Values), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upgrade_that_drops_a_column_is_stopped_by_the_form_of_the_customization_that_shows_it()
    {
        await BuildOnItAsync();
        var upgrade = Stock().Without("attribute/account/tst_rank");

        var blocker = Assert.Single((await engine.Publisher.PlanAsync(new MetadataChange { Packs = [upgrade] }, default)).Blockers);
        Assert.Equal("'form/account/main' of the customization uses 'attribute/account/tst_rank', which is taken out.", blocker.Reason);

        await ApplyAsync(new MetadataChange { Packs = [upgrade], WithDependents = true });
        Assert.DoesNotContain("tst_rank", engine.Metadata.Entity("account").Forms.Single(form => form.Name == "main").Tabs.SelectMany(tab => tab.Sections).SelectMany(section => section.Fields));
    }

    [Fact]
    public async Task A_role_that_the_administrator_made_first_becomes_the_packs_and_its_users_are_spoken_of()
    {
        await ApplyAsync(new MetadataChange { Packs = [Stock().Without("role/keeper")] });
        await CustomizeAsync(draft => draft.Put("role/keeper", Json("""{ "id": "5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e99", "title": "Ours", "privileges": { "account": { "read": "user" } } }""")));
        var upgrade = Stock().Write("pack.json", Stock().Manifest("1.2.0")).Files;

        Assert.Equal("role/keeper#", Assert.Single((await engine.Publisher.PlanAsync(new MetadataChange { Packs = [upgrade] }, default)).Conflicts).Id);
        var result = await ApplyAsync(new MetadataChange { Packs = [upgrade], ResolveAll = LayerChoice.Customization });

        var role = engine.Metadata.Roles.Single(known => known.Name == "keeper");
        Assert.Equal(("Ours", "stock", StockPack.Keeper), (role.Title.English, role.Pack, role.Id));
        Assert.Contains(result.Notes, note => note.Contains("5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e99", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_packs_with_a_role_of_one_name_are_refused()
    {
        var other = new PackFiles("packs/other", ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add("pack.json", """{ "id": "other", "version": "1.0.0", "publisher": { "prefix": "oth", "name": "Tests" }, "title": "Other", "dependencies": { "core": ">=1.0.0" } }""")
            .Add("roles/keeper.json", """{ "id": "5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e98", "title": "Keeper", "privileges": {} }"""));

        var error = Assert.Single((await Assert.ThrowsAsync<MetadataException>(() => ApplyAsync(new MetadataChange { Packs = [other] }))).Errors);

        Assert.StartsWith("The role 'keeper' exists already in the pack '", error.Reason, StringComparison.Ordinal);
        Assert.Contains("x-extends", error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_label_of_an_upper_pack_stays_in_force_when_the_lower_pack_changes_its_own()
    {
        var upper = new PackFiles("packs/upper", ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add("pack.json", """{ "id": "upper", "version": "1.0.0", "publisher": { "prefix": "upp", "name": "Tests" }, "title": "Upper", "dependencies": { "core": ">=1.0.0", "stock": ">=1.0.0" } }""")
            .Add(Korean, """{ "entities": { "tst_item": { "attributes": { "tst_size": { "title": "위" } } } } }"""));
        await ApplyAsync(new MetadataChange { Packs = [upper] });
        await CustomizeAsync(draft => draft.SetLabel("ko", "attribute/tst_item/tst_size", "title", "우리"));
        var upgrade = Stock().Write("pack.json", Stock().Manifest("1.1.0"));
        upgrade.Labels["entities"]!["tst_item"]!["attributes"]!["tst_size"]!["title"] = "새 라벨";

        // The lower pack's label was not in force and is not now: nobody has to decide.
        Assert.Empty((await engine.Publisher.PlanAsync(new MetadataChange { Packs = [upgrade.Files] }, default)).Conflicts);
        // What it changes in the upper one is decided.
        var changed = upper with { Files = upper.Files.SetItem(Korean, upper.Files[Korean].Replace("위", "더 위", StringComparison.Ordinal)).SetItem("pack.json", upper.Files["pack.json"].Replace("\"version\": \"1.0.0\"", "\"version\": \"1.1.0\"", StringComparison.Ordinal)) };
        var conflict = Assert.Single((await engine.Publisher.PlanAsync(new MetadataChange { Packs = [changed, upgrade.Files] }, default)).Conflicts);
        Assert.Equal(("\"위\"", "\"더 위\"", "\"우리\""), (conflict.Before, conflict.Now, conflict.Customization));
    }

    /// <summary>A customization that leans on the pack in every way.</summary>
    private Task<PublishResult> BuildOnItAsync() => CustomizeAsync(draft =>
    {
        draft.Put("attribute/tst_item/new_colour", Json("""{ "type": "string", "title": "Colour" }"""));
        draft.SetLabel("ko", "attribute/tst_item/new_colour", "title", "색");
        draft.Put("view/tst_item/new_short", Json("""{ "title": "Short", "columns": [ { "attribute": "new_colour" } ] }"""));
        draft.Put("form/tst_item/new_short", Json("""{ "title": "Short", "tabs": [ { "name": "a", "title": "A", "sections": [ { "name": "a", "title": "A", "fields": ["new_colour", "tst_size"] } ] } ] }"""));
        draft.Put("attribute/account/new_itemid", Json("""{ "title": "Item", "x-lookup": { "targets": ["tst_item"], "relationship": "new_item_accounts" } }"""));
        draft.Put("attribute/account/new_region", Json("""{ "type": "integer", "title": "Region", "x-choice": "tst_region" }"""));
        draft.Put("view/account/new_items", Json("""{ "title": "With item", "columns": [ { "attribute": "name" } ], "filter": "_new_itemid_value ne null" }"""));
        var form = draft.Find("form/account/main")!;
        form["tabs"]![0]!["sections"]![0]!["fields"]!.AsArray().Add("tst_rank");
        draft.Put("form/account/main", form);
        draft.Put("role/clerk", Json("""{ "id": "5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e77", "title": "Clerk", "privileges": { "tst_item": { "read": "user" }, "account": { "read": "user" } } }"""));
        draft.Put("app/ours", Json("""{ "title": "Ours", "groups": [ { "name": "all", "title": "All", "items": [ { "entity": "tst_item" } ] }, { "name": "more", "title": "More", "items": [ { "entity": "account" }, { "entity": "tst_item" } ] } ] }"""));
        draft.SetLabel("ko", "app/ours", "groups/all", "모두");
        draft.Put("relationship/new_item_account", Json("""{ "title": "Accounts of items", "entities": ["tst_item", "account"], "intersect": "new_item_account" }"""));
    });

    private Task<PublishResult> RetitleAsync(string component) => CustomizeAsync(draft =>
    {
        var content = draft.Find(component)!;
        // An index has no title.
        if (component.StartsWith("index/", StringComparison.Ordinal)) content["attributes"] = new JsonArray("tst_depth", "tst_size");
        else content["title"] = "Ours";
        draft.Put(component, content);
    });

    private static StockPack Stock() => new();

    private Task<PublishResult> CustomizeAsync(Action<CustomizationDraft> change) => engine.Publisher.CustomizeAsync(change, Parking, default);

    private Task<PublishResult> ApplyAsync(MetadataChange change) => engine.Publisher.ApplyAsync(change, Parking, default);

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
}
