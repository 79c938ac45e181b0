using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Packs.Customization;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Layers;

public sealed class SqliteCustomizationTests() : CustomizationTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlCustomizationTests() : CustomizationTests(TestDatabase.PostgreSqlAsync);

/// <summary>What administrators change above packs, and what becomes of it when the packs change.</summary>
public abstract class CustomizationTests(Func<Task<TestDatabase>> open) : IAsyncLifetime
{
    private const string Thing = "entities/tst_thing/entity.json";
    private const string Title = "attribute/tst_thing/tst_size#/title";

    private static readonly PublishOptions Parking = new() { Park = true };

    private TestEngine engine = null!;

    public async Task InitializeAsync() => engine = await TestEngine.StartAsync(await open(), packs: Pack());

    public async Task DisposeAsync() => await engine.DisposeAsync();

    [Fact]
    public async Task A_column_that_an_administrator_adds_is_there_for_the_next_message()
    {
        await CustomizeAsync(draft =>
        {
            draft.Put("attribute/tst_thing/new_colour", Json("""{ "type": "string", "title": "Colour" }"""));
            draft.SetLabel("ko", "attribute/tst_thing/new_colour", "title", "색");
        });

        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_name"] = "A", ["new_colour"] = "red" });
        Assert.Equal("red", (await engine.ReadAsync("tst_thing", id)).Get<string>("new_colour"));
        Assert.Equal(("customization", "색"), (Column("new_colour").Pack, Column("new_colour").Title.For("ko")));
    }

    [Fact]
    public async Task A_change_of_a_packs_column_keeps_only_what_is_different_and_can_be_taken_back()
    {
        await CustomizeAsync(draft =>
        {
            var size = draft.Find("attribute/tst_thing/tst_size")!;
            size["title"] = "Width";
            draft.Put("attribute/tst_thing/tst_size", size);
        });
        Assert.Equal("Width", Column("tst_size").Title.English);
        var file = (await engine.Publisher.FilesAsync(default))[^1].Files[Thing];
        Assert.True(JsonNode.DeepEquals(Json("""{ "type": "object", "x-extends": "tst_thing", "properties": { "tst_size": { "title": "Width" } } }"""), JsonNode.Parse(file)));

        await CustomizeAsync(draft => draft.Remove("attribute/tst_thing/tst_size"));

        Assert.Equal("Size", Column("tst_size").Title.English);
        Assert.DoesNotContain(Thing, (await engine.Publisher.FilesAsync(default))[^1].Files.Keys);
    }

    [Fact]
    public async Task Rows_without_a_value_in_a_column_that_becomes_required_are_noted_and_change_otherwise()
    {
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_name"] = "A" });

        var result = await engine.Publisher.CustomizeAsync(draft => draft.Put("attribute/tst_thing/tst_size", With(draft.Find("attribute/tst_thing/tst_size")!)), PublishOptions.Default, CancellationToken.None);

        Assert.StartsWith("1 row of 'tst_thing' has no value in 'tst_size'", Assert.Single(result.Notes), StringComparison.Ordinal);
        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_name"] = "B" }));
        Assert.Equal("tst_size", (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_name"] = "C", ["tst_size"] = null })))).Attribute);
        Assert.Equal(("B", (object?)null), ((await engine.ReadAsync("tst_thing", id))["tst_name"], (await engine.ReadAsync("tst_thing", id))["tst_size"]));

        static JsonObject With(JsonObject column)
        {
            column["required"] = true;
            return column;
        }
    }

    [Fact]
    public async Task A_customization_that_changes_is_not_asked_for_a_version_number()
    {
        await CustomizeAsync(draft => draft.Put("attribute/tst_thing/new_one", Json("""{ "type": "string", "title": "One" }""")));

        var result = await engine.Publisher.CustomizeAsync(draft => draft.Put("attribute/tst_thing/new_two", Json("""{ "type": "string", "title": "Two" }""")), PublishOptions.Default, CancellationToken.None);

        Assert.Empty(result.Notes);
    }

    [Fact]
    public async Task A_packs_component_cannot_be_deleted_and_an_unknown_one_not_found()
    {
        var managed = await Assert.ThrowsAsync<PlatformException>(() => CustomizeAsync(draft => draft.Remove("attribute/tst_thing/tst_size")));
        var unknown = await Assert.ThrowsAsync<PlatformException>(() => CustomizeAsync(draft => draft.Remove("attribute/tst_thing/nothing")));

        Assert.Equal("0x8004f026", managed.Code);
        Assert.Equal(ErrorKind.NotFound, unknown.Kind);
    }

    [Fact]
    public async Task Two_administrators_who_change_different_columns_at_once_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(at => Task.Run(() =>
            CustomizeAsync(draft => draft.Put($"attribute/tst_thing/new_{(char)('a' + at)}", Json("""{ "type": "integer", "title": "Number" }"""))))));

        Assert.Equal(6, engine.Metadata.Entity("tst_thing").Attributes.Count(attribute => attribute.Pack == "customization"));
    }

    [Fact]
    public async Task An_upgrade_leaves_what_only_the_administrator_changed_and_brings_what_only_the_pack_changed()
    {
        await RetitleAsync("Width");

        var plan = await PlanAsync(Pack("1.1.0", """ "tst_size": { "type": "integer", "title": "Size", "minimum": 1 } """));
        Assert.Empty(plan.Conflicts);
        await ApplyAsync(new MetadataChange { Packs = [Pack("1.1.0", """ "tst_size": { "type": "integer", "title": "Size", "minimum": 1 } """)] });

        Assert.Equal(("Width", 1m), (Column("tst_size").Title.English, Column("tst_size").Minimum));
    }

    [Fact]
    public async Task A_property_that_both_sides_changed_stops_the_upgrade_until_somebody_decides()
    {
        await RetitleAsync("Width");
        var upgrade = Pack("1.1.0", """ "tst_size": { "type": "integer", "title": "Length" } """);

        var conflict = Assert.Single((await PlanAsync(upgrade)).Conflicts);
        var refused = await Assert.ThrowsAsync<MetadataException>(() => ApplyAsync(new MetadataChange { Packs = [upgrade] }));

        Assert.Equal((Title, "\"Size\"", "\"Length\"", "\"Width\""), (conflict.Id, conflict.Before, conflict.Now, conflict.Customization));
        Assert.Contains(refused.Errors, error => error.Hint.Contains(Title, StringComparison.Ordinal));
        Assert.Equal("Width", Column("tst_size").Title.English);

        await ApplyAsync(new MetadataChange { Packs = [upgrade], Resolutions = ImmutableDictionary<string, LayerChoice>.Empty.Add(Title, LayerChoice.Customization) });
        Assert.Equal("Width", Column("tst_size").Title.English);
        Assert.Empty((await PlanAsync(Pack("1.2.0", """ "tst_size": { "type": "integer", "title": "Length", "minimum": 3 } """))).Conflicts);
    }

    [Fact]
    public async Task Where_the_pack_prevails_the_customization_no_longer_says_anything()
    {
        await RetitleAsync("Width");

        await ApplyAsync(new MetadataChange { Packs = [Pack("1.1.0", """ "tst_size": { "type": "integer", "title": "Length" } """)], ResolveAll = LayerChoice.Pack });

        Assert.Equal("Length", Column("tst_size").Title.English);
        Assert.DoesNotContain(Thing, (await engine.Publisher.FilesAsync(default))[^1].Files.Keys);
    }

    [Fact]
    public async Task A_column_that_the_pack_gives_up_can_be_adopted_with_its_data()
    {
        await RetitleAsync("Width");
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_name"] = "A", ["tst_size"] = 7 });
        var without = Pack("1.1.0", """ "tst_weight": { "type": "integer", "title": "Weight" } """);

        Assert.Equal(LayerConflictKind.Removed, Assert.Single((await PlanAsync(without)).Conflicts).Kind);
        await ApplyAsync(new MetadataChange { Packs = [without], ResolveAll = LayerChoice.Customization });

        Assert.Equal(("Width", "customization"), (Column("tst_size").Title.English, Column("tst_size").Pack));
        Assert.Equal(7, (await engine.ReadAsync("tst_thing", id)).Get<int>("tst_size"));
    }

    [Fact]
    public async Task A_column_that_the_administrator_made_first_becomes_the_packs_when_it_brings_the_same()
    {
        await CustomizeAsync(draft => draft.Put("attribute/contact/pnt_colour", Json("""{ "type": "string", "title": "Colour" }""")));
        var id = await engine.CreateAsync(new EntityRecord("contact") { ["lastname"] = "A", ["pnt_colour"] = "red" });

        var paints = new PackFiles("packs/paints", ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
            .Add("pack.json", """{ "id": "paints", "version": "1.0.0", "publisher": { "prefix": "pnt", "name": "Tests" }, "title": "Paints", "dependencies": { "core": ">=1.0.0" } }""")
            .Add("entities/contact/entity.json", """{ "x-extends": "contact", "type": "object", "properties": { "pnt_colour": { "type": "string", "title": "Paint", "maxLength": 50 } } }"""));
        Assert.Equal(LayerConflictKind.Added, Assert.Single((await PlanAsync(paints)).Conflicts).Kind);
        await ApplyAsync(new MetadataChange { Packs = [paints], ResolveAll = LayerChoice.Customization });

        var colour = engine.Metadata.Entity("contact").Attribute("pnt_colour");
        Assert.Equal(("Colour", 50, "paints"), (colour.Title.English, colour.MaxLength, colour.Pack));
        Assert.Equal("red", (await engine.ReadAsync("contact", id)).Get<string>("pnt_colour"));
        // What is there is changed under whatever name it has.
        await CustomizeAsync(draft =>
        {
            var known = draft.Find("attribute/contact/pnt_colour")!;
            known["title"] = "Tint";
            draft.Put("attribute/contact/pnt_colour", known);
        });
    }

    [Theory]
    [InlineData("attribute/account/rank", "does not begin with a prefix")]
    [InlineData("attribute/account/rank_", "does not begin with a prefix")]
    [InlineData("entity/house", "does not begin with a prefix")]
    [InlineData("choice/x_region", "does not begin with a prefix")]
    [InlineData("key/account/name_key", "")]
    [InlineData("attribute/account/tst_rank", "the prefix 'tst' of the pack 'things'")]
    [InlineData("entity/tst_house", "the prefix 'tst' of the pack 'things'")]
    [InlineData("app/", "There is no component")]
    [InlineData("entity/", "There is no component")]
    [InlineData("form//main", "There is no component")]
    public async Task New_components_have_a_prefix_that_no_installed_pack_has(string component, string reason)
    {
        var put = () => CustomizeAsync(draft => draft.Put(component, Json("""{ "title": "A" }""")));
        if (reason.Length == 0)
        {
            // 'name' looks like a prefix; what else is wrong is told as before.
            await Assert.ThrowsAsync<MetadataException>(put);
            return;
        }

        Assert.Contains(reason, (await Assert.ThrowsAsync<PlatformException>(put)).Message, StringComparison.Ordinal);
        Assert.Equal(1, engine.Metadata.Version);
    }

    [Theory]
    [InlineData("leads", "'leads' does not begin with a prefix")]
    [InlineData("tst_leads", "the prefix 'tst' of the pack 'things'")]
    public async Task The_entity_set_of_an_administrators_table_is_no_name_that_a_pack_may_bring(string set, string reason)
    {
        var house = Json("""{ "title": "House", "x-entity": { "logicalName": "new_house", "entitySetName": "new_houses", "ownership": "user" } }""");
        await CustomizeAsync(draft => draft.Put("entity/new_house", house));
        house["x-entity"]!["entitySetName"] = set;

        var renamed = await Assert.ThrowsAsync<PlatformException>(() => CustomizeAsync(draft => draft.Put("entity/new_house", house)));
        house["x-entity"]!["logicalName"] = "new_home";
        var made = await Assert.ThrowsAsync<PlatformException>(() => CustomizeAsync(draft => draft.Put("entity/new_home", house)));

        Assert.All([renamed, made], refused => Assert.Contains(reason, refused.Message, StringComparison.Ordinal));
        Assert.Equal("new_houses", engine.Metadata.Entity("new_house").EntitySetName);
    }

    [Fact]
    public async Task An_administrator_has_one_app_which_takes_its_name_from_the_address()
    {
        var content = Json("""{ "title": "Ours", "groups": [ { "name": "all", "title": "All", "items": [ { "entity": "tst_thing" } ] } ] }""");
        await CustomizeAsync(draft =>
        {
            draft.Put("app/ours", content);
            draft.SetLabel("ko", "app/ours", "title", "우리");
        });

        var app = engine.Metadata.Apps.Single(known => known.Name == "ours");
        Assert.Equal(("Ours", "우리", "customization"), (app.Title.English, app.Title.For("ko"), app.Pack));
        Assert.Contains("has the app 'ours' already", (await Assert.ThrowsAsync<PlatformException>(() => CustomizeAsync(draft => draft.Put("app/more", content)))).Message, StringComparison.Ordinal);
        content["name"] = "theirs";
        Assert.Contains("has the name 'theirs'", (await Assert.ThrowsAsync<PlatformException>(() => CustomizeAsync(draft => draft.Put("app/ours", content)))).Message, StringComparison.Ordinal);

        await CustomizeAsync(draft => draft.Delete("app/ours"));
        Assert.DoesNotContain(engine.Metadata.Apps, known => known.Name == "ours");
    }

    [Fact]
    public async Task Parked_data_that_comes_back_too_long_is_refused_with_the_purge_that_drops_it()
    {
        await CustomizeAsync(draft => draft.Put("attribute/account/new_note", Json("""{ "type": "string", "title": "Note" }""")));
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "A", ["new_note"] = "more than five" });
        await CustomizeAsync(draft => draft.Remove("attribute/account/new_note"));

        var again = () => CustomizeAsync(draft => draft.Put("attribute/account/new_note", Json("""{ "type": "string", "title": "Note", "maxLength": 5 }""")));
        var error = Assert.Single((await Assert.ThrowsAsync<MetadataException>(again)).Errors);

        var parked = Assert.Single(await engine.Publisher.ParkedAsync(default));
        Assert.Contains($"platform metadata purge {parked.Name}.", error.Hint, StringComparison.Ordinal);
        await engine.Publisher.PurgeAsync(parked.Name, default);
        await again();
    }

    [Fact]
    public async Task A_start_with_new_packs_keeps_what_administrators_changed()
    {
        await RetitleAsync("Width");

        await engine.Publisher.PublishAsync(await TestEngine.PacksAsync([], Pack("1.1.0", """ "tst_size": { "type": "integer", "title": "Length" } """)), default);

        Assert.Equal("Width", Column("tst_size").Title.English);
    }

    [Fact]
    public async Task An_uninstall_says_what_of_the_customization_hangs_on_the_pack()
    {
        await RetitleAsync("Width");
        await CustomizeAsync(draft => draft.Put("attribute/account/new_rank", Json("""{ "type": "integer", "title": "Rank" }""")));

        var plan = await engine.Publisher.PlanAsync(new MetadataChange { Uninstall = ["things"] }, default);
        Assert.Equal(["attribute/tst_thing/tst_size#"], plan.Conflicts.Select(conflict => conflict.Id));

        await ApplyAsync(new MetadataChange { Uninstall = ["things"], ResolveAll = LayerChoice.Pack });
        Assert.Null(engine.Metadata.Find("tst_thing"));
        Assert.Equal("customization", engine.Metadata.Entity("account").Attribute("new_rank").Pack);
    }

    [Fact]
    public async Task Labels_of_what_is_gone_go_with_it()
    {
        await CustomizeAsync(draft =>
        {
            draft.SetLabel("ko", "attribute/tst_thing/tst_size", "title", "너비");
            draft.Put("attribute/tst_thing/new_colour", Json("""{ "type": "string", "title": "Colour" }"""));
            draft.SetLabel("ko", "attribute/tst_thing/new_colour", "title", "색");
        });
        await CustomizeAsync(draft => draft.Remove("attribute/tst_thing/new_colour"));
        await ApplyAsync(new MetadataChange { Packs = [Pack("1.1.0", """ "tst_weight": { "type": "integer", "title": "Weight" } """)] });

        Assert.DoesNotContain("labels/ko.json", (await engine.Publisher.FilesAsync(default))[^1].Files.Keys);
    }

    [Fact]
    public async Task A_rollback_brings_the_customization_of_that_version_back()
    {
        await RetitleAsync("Width");
        var version = engine.Metadata.Version;
        await RetitleAsync("Breadth");

        await ApplyAsync(new MetadataChange { RollBackTo = version });

        Assert.Equal("Width", Column("tst_size").Title.English);
    }

    [Fact]
    public async Task The_layers_of_a_component_are_told_property_by_property()
    {
        await RetitleAsync("Width");
        await CustomizeAsync(draft => draft.SetLabel("ko", "attribute/tst_thing/tst_size", "title", "너비"));

        var layers = await engine.Publisher.LayersAsync("attribute/tst_thing/tst_size", default);

        Assert.Equal(["things", "customization"], layers.Layers.AsEnumerable());
        var title = layers.Properties.Single(property => property.Pointer == "/title");
        Assert.Equal(("\"Width\"", "customization"), (title.Value, title.Winner));
        Assert.Equal([("things", "\"Size\""), ("customization", "\"Width\"")], title.Values.Select(value => (value.Layer, value.Value!)));
        Assert.Equal(("\"너비\"", "customization"), (layers.Properties.Single(property => property.Pointer == "/labels/ko/title").Value, layers.Properties.Single(property => property.Pointer == "/labels/ko/title").Winner));
        Assert.Equal("things", layers.Properties.Single(property => property.Pointer == "/type").Winner);
        var unknown = await Assert.ThrowsAsync<PlatformException>(() => engine.Publisher.LayersAsync("attribute/tst_thing/tst_siez", default));
        Assert.Contains("tst_size", unknown.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_of_the_administrators_comes_and_goes_with_its_rows_parked()
    {
        await CustomizeAsync(draft =>
        {
            draft.Put("entity/new_house", Json("""{ "title": "House", "x-entity": { "logicalName": "new_house", "entitySetName": "new_houses", "ownership": "user", "primaryNameAttribute": "new_name" } }"""));
            draft.Put("attribute/new_house/new_name", Json("""{ "type": "string", "title": "Name", "required": true }"""));
        });
        await engine.CreateAsync(new EntityRecord("new_house") { ["new_name"] = "A" });

        await Assert.ThrowsAsync<MetadataException>(() => engine.Publisher.CustomizeAsync(draft => draft.Remove("entity/new_house"), PublishOptions.Default, default));
        await CustomizeAsync(draft => draft.Remove("entity/new_house"));

        Assert.Null(engine.Metadata.Find("new_house"));
        Assert.Single(await engine.Publisher.ParkedAsync(default));
    }

    private AttributeDefinition Column(string name) => engine.Metadata.Entity("tst_thing").Attribute(name);

    private Task<PublishResult> RetitleAsync(string title) => CustomizeAsync(draft =>
    {
        var size = draft.Find("attribute/tst_thing/tst_size")!;
        size["title"] = title;
        draft.Put("attribute/tst_thing/tst_size", size);
    });

    private Task<PublishResult> CustomizeAsync(Action<CustomizationDraft> change) => engine.Publisher.CustomizeAsync(change, Parking, default);

    private Task<MetadataPlan> PlanAsync(PackFiles pack) => engine.Publisher.PlanAsync(new MetadataChange { Packs = [pack] }, default);

    private Task<PublishResult> ApplyAsync(MetadataChange change) => engine.Publisher.ApplyAsync(change, Parking, default);

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static PackFiles Pack(string version = "1.0.0", string columns = """ "tst_size": { "type": "integer", "title": "Size" } """) => new("packs/things", ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
        .Add("pack.json", $$"""{ "id": "things", "version": "{{version}}", "publisher": { "prefix": "tst", "name": "Tests" }, "title": "Things", "dependencies": { "core": ">=1.0.0" } }""")
        .Add(Thing, $$"""
            { "title": "Thing", "type": "object",
              "x-entity": { "logicalName": "tst_thing", "entitySetName": "tst_things", "ownership": "user", "primaryNameAttribute": "tst_name" },
              "properties": { "tst_name": { "type": "string", "title": "Name" }, {{columns}} } }
            """));
}
