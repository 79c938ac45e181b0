using Platform.Engine.Messages;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Messages;

/// <summary>Merge, the same on both databases.</summary>
public abstract class MergeTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Rows_move_by_the_rule_of_their_relationship_pairs_move_once_and_the_subordinate_ends()
    {
        await using var engine = await StartAsync();
        var (target, subordinate) = (await ProjectAsync(engine, "Target"), await ProjectAsync(engine, "Subordinate"));
        var task = await engine.CreateAsync(new EntityRecord("tst_task") { ["tst_name"] = "T", ["tst_projectid"] = subordinate });
        var note = await engine.CreateAsync(new EntityRecord("tst_tag") { ["tst_name"] = "stays", ["tst_projectid"] = subordinate });
        var (both, one) = (await TagAsync(engine), await TagAsync(engine));
        await engine.SendAsync(new Associate(target, "tst_project_tags", [both]));
        await engine.SendAsync(new Associate(subordinate, "tst_project_tags", [both, one]));
        await engine.SendAsync(new Associate(subordinate, "tst_successors", [target]));

        await engine.SendAsync(new Merge(target, subordinate, new EntityRecord("tst_project") { ["tst_code"] = "taken over" }));

        Assert.Equal(target, (await engine.ReadAsync("tst_task", task))["tst_projectid"]);
        Assert.Equal(subordinate, (await engine.ReadAsync("tst_tag", note))["tst_projectid"]);
        var pairs = await engine.QueryAsync("tst_project_tag", "");
        Assert.Equal(new[] { both.Id, one.Id }.Order(), pairs.Select(pair => pair.GetLookup("tst_tagid")!.Id).Order());
        Assert.All(pairs, pair => Assert.Equal(target, pair.GetLookup("tst_projectid")));
        Assert.Equal("taken over", (await engine.ReadAsync("tst_project", target.Id))["tst_code"]);
        Assert.Equal((0, 1), ((int)(await engine.ReadAsync("tst_project", target.Id))["statecode"]!, (int)(await engine.ReadAsync("tst_project", subordinate.Id))["statecode"]!));
        foreach (var (row, other) in new[] { (target, subordinate), (subordinate, target) })
        {
            var entry = Assert.Single(await engine.QueryAsync("audit", $"?$filter=objectid eq {row.Id:D} and action eq 12"));
            Assert.Contains(other.Id.ToString("D"), (string)entry["changedata"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Accounts_take_over_contacts_and_the_accounts_below_and_none_stands_below_itself()
    {
        await using var engine = await StartAsync();
        var top = await AccountAsync(engine, null);
        var subordinate = await AccountAsync(engine, top);
        var target = await AccountAsync(engine, subordinate);
        var sibling = await AccountAsync(engine, subordinate);
        var contact = await engine.CreateAsync(new EntityRecord("contact") { ["lastname"] = "Kim", ["parentcustomerid"] = subordinate });

        await engine.SendAsync(new Merge(target, subordinate));

        Assert.Equal(top, (await engine.ReadAsync("account", target.Id))["parentaccountid"]);
        Assert.Equal(target, (await engine.ReadAsync("account", sibling.Id))["parentaccountid"]);
        Assert.Equal(target, (await engine.ReadAsync("contact", contact))["parentcustomerid"]);
    }

    [Fact]
    public async Task What_cannot_be_merged_is_refused_and_nothing_moves()
    {
        await using var engine = await StartAsync(pack => pack
            .Write("entities/tst_task/steps.json", """{ "steps": [ { "name": "stay", "script": "stay.js", "message": "Update", "stage": "PreOperation", "filteringAttributes": ["tst_projectid"], "limits": { "milliseconds": 60000 } } ] }""")
            .Write("entities/tst_task/stay.js", "context.reject('It stays.', 'tst_stays');"));
        var (target, subordinate) = (await ProjectAsync(engine, "Target"), await ProjectAsync(engine, "Subordinate"));
        var task = await engine.CreateAsync(new EntityRecord("tst_task") { ["tst_name"] = "T", ["tst_projectid"] = subordinate });
        await engine.SendAsync(new Associate(subordinate, "tst_project_tags", [await TagAsync(engine)]));

        Assert.Equal("tst_stays", (await RefusedAsync(new Merge(target, subordinate, new EntityRecord("tst_project") { ["tst_code"] = "x" }))).SubCode);
        await RefusedAsync(new Merge(target, target));
        await RefusedAsync(new Merge(target, await TagAsync(engine)));
        await RefusedAsync(new Merge(target, new EntityReference("tst_project", Guid.CreateVersion7())));
        Assert.Equal(ErrorKind.NotAllowed, (await RefusedAsync(new Merge(engine.Admin.User, (await engine.UserAsync()).User))).Kind);
        var above = await AccountAsync(engine, null);
        await RefusedAsync(new Merge(await AccountAsync(engine, above), await AccountAsync(engine, null), null, PerformParentingChecks: true));

        Assert.Equal(subordinate, (await engine.ReadAsync("tst_task", task))["tst_projectid"]);
        Assert.Equal(subordinate, Assert.Single(await engine.QueryAsync("tst_project_tag", "")).GetLookup("tst_projectid"));
        Assert.Null((await engine.ReadAsync("tst_project", target.Id))["tst_code"]);
        Assert.Equal(0, (await engine.ReadAsync("tst_project", subordinate.Id))["statecode"]);
        await engine.SendAsync(new SetState(subordinate, 1));
        await RefusedAsync(new Merge(target, subordinate));

        Task<PlatformException> RefusedAsync(Message message) => Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(message));
    }

    [Fact]
    public async Task Both_rows_ask_for_the_right_to_write_and_those_that_follow_for_none()
    {
        await using var engine = await StartAsync();
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var foreign = await ProjectAsync(engine, "Foreign");
        var (own, other) = (await ProjectAsync(engine, "Own", worker), await ProjectAsync(engine, "Other", worker));
        var task = await engine.CreateAsync(new EntityRecord("tst_task") { ["tst_name"] = "Foreign", ["tst_projectid"] = other });

        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Merge(own, foreign), worker))).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Merge(foreign, own), worker))).Kind);
        await engine.SendAsync(new Merge(own, other), worker);

        Assert.Equal(own, (await engine.ReadAsync("tst_task", task))["tst_projectid"]);
        Assert.Equal(0, (await engine.ReadAsync("tst_project", foreign.Id))["statecode"]);
    }

    [Fact]
    public async Task Who_has_the_subordinate_shared_gets_the_target_beside_what_was_there_and_only_from_those_who_may_share_it()
    {
        await using var engine = await StartAsync();
        var (worker, anna, bo) = (await engine.UserAsync(ProjectPack.Worker), await engine.UserAsync(ProjectPack.Worker), await engine.UserAsync(ProjectPack.Worker));
        var (target, subordinate) = (await ProjectAsync(engine, "Target", worker), await ProjectAsync(engine, "Subordinate", worker));
        Task<MessageResult> GrantAsync(EntityReference row, Caller to, AccessRights rights) => engine.SendAsync(new GrantAccess(row, new PrincipalAccess(to.User, rights)));
        async Task<(AccessRights Anna, AccessRights Bo)> SharesAsync(EntityReference row) => (await OfAsync(row, anna), await OfAsync(row, bo));
        async Task<AccessRights> OfAsync(EntityReference row, Caller who) =>
            (AccessRights)((await engine.QueryAsync("principalobjectaccess", $"?$filter=objectid eq {row.Id:D} and principalid eq {who.UserId:D}")).SingleOrDefault()?["accessrightsmask"] ?? 0);
        await GrantAsync(subordinate, anna, AccessRights.ReadAccess | AccessRights.WriteAccess);
        await GrantAsync(subordinate, bo, AccessRights.ReadAccess);
        await GrantAsync(target, bo, AccessRights.AppendToAccess);

        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Merge(target, subordinate), worker))).Kind);
        Assert.Equal((AccessRights.None, AccessRights.AppendToAccess), await SharesAsync(target));
        Assert.Equal(0, (await engine.ReadAsync("tst_project", subordinate.Id))["statecode"]);
        await engine.SendAsync(new Merge(target, subordinate));

        Assert.Equal((AccessRights.ReadAccess | AccessRights.WriteAccess, AccessRights.ReadAccess | AccessRights.AppendToAccess), await SharesAsync(target));
        Assert.Equal((AccessRights.ReadAccess | AccessRights.WriteAccess, AccessRights.ReadAccess), await SharesAsync(subordinate));
        Assert.Equal("Target", (await engine.ReadAsync("tst_project", target.Id, anna))["tst_name"]);
    }

    private static async Task<EntityReference> ProjectAsync(TestEngine engine, string name, Caller? caller = null) =>
        new("tst_project", await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = name }, caller));

    private static async Task<EntityReference> TagAsync(TestEngine engine) => new("tst_tag", await engine.CreateAsync(new EntityRecord("tst_tag") { ["tst_name"] = "T" }));

    private static async Task<EntityReference> AccountAsync(TestEngine engine, EntityReference? above) =>
        new("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = "A", ["parentaccountid"] = above }));

    private async Task<TestEngine> StartAsync(Action<ProjectPack>? change = null)
    {
        var pack = new ProjectPack()
            .Replace("entities/tst_task/entity.json", "\"onDelete\": \"cascade\"", "\"cascade\": { \"merge\": \"cascade\", \"delete\": \"cascade\" }")
            .Write("entities/tst_tag/entity.json", ProjectPack.Table("tst_tag", """ "tst_projectid": { "x-lookup": { "targets": ["tst_project"], "relationship": "tst_project_notes" }, "title": "Project" } """));
        change?.Invoke(pack);
        return await TestEngine.StartAsync(await DatabaseAsync(), [], pack.Files);
    }
}

public sealed class MergeOnSqlite : MergeTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class MergeOnPostgreSql : MergeTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
