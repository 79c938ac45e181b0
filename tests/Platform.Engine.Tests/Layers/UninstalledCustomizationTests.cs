using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Layers;

public sealed class SqliteUninstalledCustomizationTests() : UninstalledCustomizationTests(TestDatabase.SqliteAsync);

public sealed class PostgreSqlUninstalledCustomizationTests() : UninstalledCustomizationTests(TestDatabase.PostgreSqlAsync);

/// <summary>All that administrators made is taken out at once, with data in it, and comes back.</summary>
public abstract class UninstalledCustomizationTests(Func<Task<TestDatabase>> open) : IAsyncLifetime
{
    private static readonly Guid Keeper = new("5b1c8f0e-7a34-4d0c-9b55-2f6f0a9c1e42");

    private static readonly MetadataChange Uninstall = new() { Uninstall = [PackDefinition.Customization] };

    private TestEngine engine = null!;

    public async Task InitializeAsync() => engine = await TestEngine.StartAsync(await open(), packs: new ProjectPack().Files);

    public async Task DisposeAsync() => await engine.DisposeAsync();

    [Fact]
    public async Task A_customization_is_taken_out_with_its_data_parked_and_a_rollback_brings_all_of_it_back()
    {
        await CustomizeAsync();
        var version = engine.Metadata.Version;
        await engine.Seeder.SeedAsync(demo: false, engine.Admin, default);
        var keeper = await engine.UserAsync(Keeper);
        var rows = await RowsAsync(keeper);
        var components = await ComponentsAsync();

        var refused = Assert.Single((await engine.Publisher.PlanAsync(Uninstall, default)).Blockers);
        Assert.Contains("'name' of 'account' shrinks from 300 to 160 characters: 1 row holds data that would be lost", refused.Reason, StringComparison.Ordinal);
        await engine.SendAsync(new Update(new EntityRecord("account", rows.GoneAccount) { ["name"] = "G" }));

        await PlanTellsAllOfItAsync();
        await Assert.ThrowsAsync<MetadataException>(() => engine.Publisher.ApplyAsync(Uninstall, PublishOptions.Default, default));
        Assert.Equal(version, engine.Metadata.Version);
        Assert.Equal(components, await ComponentsAsync());
        await engine.Publisher.ApplyAsync(Uninstall, new PublishOptions { Park = true }, default);

        Assert.Equal((null, "Account name"), (engine.Metadata.Find("new_house"), engine.Metadata.Entity("account").Attribute("name").Title.For("en")));
        Assert.DoesNotContain(await ComponentsAsync(), component => component.Contains("customization", StringComparison.Ordinal));
        Assert.Equal(
            ["attribute/account/new_houseid", "attribute/account/new_kind", "attribute/account/new_note", "entity/new_house", "entity/new_house_project", "attribute/tst_project/new_budget"],
            (await engine.Publisher.ParkedAsync(default)).Select(parked => parked.Component));
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("account") { ["name"] = "B" }, keeper))).Kind);
        await engine.SendAsync(new Update(new EntityRecord("account", rows.Account) { ["name"] = "A2" }));
        await engine.SendAsync(new Delete(new EntityReference("account", rows.GoneAccount)));
        await engine.SendAsync(new Delete(new EntityReference("tst_project", rows.GoneProject)));

        await engine.Publisher.ApplyAsync(new MetadataChange { RollBackTo = version }, PublishOptions.Default, default);

        Assert.Equal(components, await ComponentsAsync());
        Assert.Empty(await engine.Publisher.ParkedAsync(default));
        await AllIsBackAsync(rows, keeper);
    }

    private async Task PlanTellsAllOfItAsync()
    {
        var plan = await engine.Publisher.PlanAsync(Uninstall, default);
        Assert.Empty(plan.Blockers);
        Assert.Equal(
            [
                "app/ours", "attribute/account/new_empty", "attribute/account/new_houseid", "attribute/account/new_kind", "attribute/account/new_note", "attribute/new_house/new_accountid",
                "attribute/new_house/new_name", "attribute/new_house/new_rank", "attribute/tst_project/new_budget", "choice/new_kind", "entity/new_house", "file/customization/labels/ko.json",
                "form/new_house/main", "key/new_house/new_rank_key", "pack/customization", "relationship/new_house_projects", "role/keeper", "view/account/new_noted", "view/new_house/new_all",
            ],
            plan.Components.Where(component => component.Change == ComponentChangeKind.Removed).Select(component => component.Component));
        var kept = Assert.Single(plan.Components, component => component.Change != ComponentChangeKind.Removed);
        Assert.Equal(("attribute/account/name", "core"), (kept.Component, kept.Pack));
        Assert.Equal(
            [("attribute/account/new_houseid", 2), ("attribute/account/new_kind", 1), ("attribute/account/new_note", 1), ("attribute/tst_project/new_budget", 1), ("entity/new_house", 3), ("entity/new_house_project", 2)],
            plan.Parks.Select(park => (park.Component, park.Rows)).Order());
        Assert.Contains("drop column account.new_empty", plan.Changes);
        Assert.Equal(["The role 'keeper' grants nothing any more. Users and teams keep it, and have its rights again when it comes back."], plan.Notes.AsEnumerable());
    }

    private async Task<Rows> RowsAsync(Caller keeper)
    {
        var account = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "A", ["new_note"] = "text", ["new_kind"] = 2 });
        var house = await engine.CreateAsync(new EntityRecord("new_house") { ["new_name"] = "H", ["new_rank"] = 1, ["new_accountid"] = new EntityReference("account", account) }, keeper);
        await engine.CreateAsync(new EntityRecord("new_house") { ["new_name"] = "I", ["new_rank"] = 2 });
        await engine.SendAsync(new Update(new EntityRecord("account", account) { ["new_houseid"] = new EntityReference("new_house", house) }));
        var gone = await engine.CreateAsync(new EntityRecord("account") { ["name"] = new string('x', 200), ["new_houseid"] = new EntityReference("new_house", house) });
        await engine.CreateAsync(new EntityRecord("new_house") { ["new_name"] = "O", ["new_rank"] = 3, ["new_accountid"] = new EntityReference("account", gone) });
        var project = await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "P", ["tst_code"] = "P-1", ["new_budget"] = 7 });
        var goneProject = await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "Q", ["tst_code"] = "P-2" });
        await engine.SendAsync(new Associate(new EntityReference("new_house", house), "new_house_projects", [new EntityReference("tst_project", project), new EntityReference("tst_project", goneProject)]));
        return new Rows(account, house, project, gone, goneProject);
    }

    private async Task AllIsBackAsync(Rows rows, Caller keeper)
    {
        var account = await engine.ReadAsync("account", rows.Account);
        Assert.Equal(("A2", "text", 2, rows.House), (account.Get<string>("name"), account.Get<string>("new_note"), account.Get<int>("new_kind"), account.Get<EntityReference>("new_houseid")!.Id));
        // What was deleted meanwhile is pointed to no more.
        Assert.Equal(
            [("H", 1, rows.Account), ("I", 2, null), ("O", 3, (Guid?)null)],
            (await engine.QueryAsync("new_house", "$orderby=new_rank")).Select(house => (house.Get<string>("new_name")!, house.Get<int>("new_rank"), house.Get<EntityReference>("new_accountid")?.Id)));
        Assert.Equal("H", (await engine.ReadAsync("new_house", rows.House, keeper)).Get<string>("new_name"));
        Assert.Equal(7, (await engine.ReadAsync("tst_project", rows.Project)).Get<int>("new_budget"));
        Assert.Equal(rows.Project, Assert.Single(await engine.QueryAsync("new_house_project", "")).Get<EntityReference>("tst_projectid")!.Id);
        await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("new_house") { ["new_name"] = "J", ["new_rank"] = 2 }));
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "B" }, keeper);
        Assert.Equal(("Firm", "상호", "집"), (Title("account", "name").For("en"), Title("account", "name").For("ko"), engine.Metadata.Entity("new_house").Title.For("ko")));
        Assert.Contains(engine.Metadata.Apps, app => app.Name == "ours");

        Label Title(string entity, string attribute) => engine.Metadata.Entity(entity).Attribute(attribute).Title;
    }

    private async Task<List<string>> ComponentsAsync() => [.. (await engine.Publisher.ComponentsAsync(default)).Components.Select(component => $"{component.Pack} {component.Component}")];

    private Task<PublishResult> CustomizeAsync() => engine.Publisher.CustomizeAsync(
        draft =>
        {
            Put("choice/new_kind", """{ "title": "Kind", "values": [ { "value": 1, "label": "Small" }, { "value": 2, "label": "Large" } ] }""");
            Put("entity/new_house", """{ "title": "House", "x-entity": { "logicalName": "new_house", "entitySetName": "new_houses", "ownership": "user", "primaryNameAttribute": "new_name" } }""");
            Put("attribute/new_house/new_name", """{ "type": "string", "title": "Name", "required": true }""");
            Put("attribute/new_house/new_rank", """{ "type": "integer", "title": "Rank" }""");
            Put("attribute/new_house/new_accountid", """{ "x-lookup": { "targets": ["account"], "relationship": "new_account_houses", "onDelete": "cascade" }, "title": "Account" }""");
            Put("key/new_house/new_rank_key", """{ "title": "Rank", "attributes": ["new_rank"] }""");
            Put("form/new_house/main", """{ "title": "House", "tabs": [ { "name": "general", "title": "General", "sections": [ { "name": "all", "title": "All", "fields": ["new_name", "new_rank", "new_accountid"] } ] } ] }""");
            Put("view/new_house/new_all", """{ "title": "All houses", "columns": [ { "attribute": "new_name" }, { "attribute": "new_rank" } ] }""");
            Put("relationship/new_house_projects", """{ "title": "Projects of houses", "entities": ["new_house", "tst_project"], "intersect": "new_house_project" }""");
            Put("attribute/account/new_note", """{ "type": "string", "title": "Note" }""");
            Put("attribute/account/new_kind", """{ "type": "integer", "x-choice": "new_kind", "title": "Kind" }""");
            Put("attribute/account/new_empty", """{ "type": "string", "title": "Empty" }""");
            Put("attribute/account/new_houseid", """{ "x-lookup": { "targets": ["new_house"], "relationship": "new_house_accounts" }, "title": "House" }""");
            Put("attribute/tst_project/new_budget", """{ "type": "integer", "title": "Budget" }""");
            Put("view/account/new_noted", """{ "title": "Noted", "columns": [ { "attribute": "name" }, { "attribute": "new_note" } ] }""");
            var name = draft.Find("attribute/account/name")!;
            name["title"] = "Firm";
            name["maxLength"] = 300;
            draft.Put("attribute/account/name", name);
            draft.SetLabel("ko", "attribute/account/name", "title", "상호");
            draft.SetLabel("ko", "entity/new_house", "title", "집");
            Put("role/keeper", $$"""{ "id": "{{Keeper}}", "title": "Keeper", "privileges": { "new_house": { "create": "user", "read": "user", "write": "user", "append": "user" }, "account": { "create": "user", "read": "organization", "appendTo": "organization" } } }""");
            Put("app/ours", """{ "title": "Ours", "groups": [ { "name": "all", "title": "All", "items": [ { "entity": "new_house" }, { "entity": "account" } ] } ] }""");

            void Put(string component, string content) => draft.Put(component, JsonNode.Parse(content)!.AsObject());
        },
        PublishOptions.Default,
        CancellationToken.None);

    private sealed record Rows(Guid Account, Guid House, Guid Project, Guid GoneAccount, Guid GoneProject);
}
