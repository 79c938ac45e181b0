using Platform.Engine.Messages;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Relationships;

/// <summary>A new owner of a row, and the rows that follow it, on both databases.</summary>
public abstract class AssignTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Theory]
    [InlineData("cascade", "own, inactive, foreign")]
    [InlineData("active", "foreign, own")]
    [InlineData("userOwned", "inactive, own")]
    [InlineData("none", "")]
    public async Task The_rows_below_get_the_new_owner_by_the_rule_of_their_relationship(string rule, string follow)
    {
        await using var engine = await StartAsync(rule);
        var (anna, bo) = (await engine.UserAsync(ProjectPack.Worker), await engine.UserAsync(ProjectPack.Worker));
        var project = await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "P", ["ownerid"] = anna.User });
        await TaskAsync(engine, project, "own", anna);
        await TaskAsync(engine, project, "inactive", anna, state: 1);
        await TaskAsync(engine, project, "foreign", engine.Admin);
        await TaskAsync(engine, await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "Q", ["ownerid"] = anna.User }), "elsewhere", anna);

        await engine.SendAsync(new Update(new EntityRecord("tst_project", project) { ["ownerid"] = bo.User }));

        Assert.Equal(bo.User, (await engine.ReadAsync("tst_project", project))["ownerid"]);
        var moved = (await engine.QueryAsync("tst_task", $"?$filter=_ownerid_value eq {bo.UserId:D}")).Select(task => (string)task["tst_name"]!);
        Assert.Equal(follow.Split(", ", StringSplitOptions.RemoveEmptyEntries).Order(), moved.Order());
    }

    [Fact]
    public async Task Rows_that_follow_leave_history_move_to_the_owners_unit_and_come_back_when_a_step_refuses()
    {
        await using var engine = await StartAsync("cascade", pack => pack
            .Write("entities/tst_task/steps.json", """{ "steps": [ { "name": "stay", "script": "stay.js", "message": "Update", "stage": "PreOperation", "filteringAttributes": ["ownerid"], "images": [ { "type": "pre", "alias": "before", "attributes": ["tst_name"] } ], "limits": { "milliseconds": 60000 } } ] }""")
            .Write("entities/tst_task/stay.js", "if (context.preImage('before').get('tst_name') === 'stays') context.reject('It stays.', 'tst_stays');"));
        var elsewhere = await engine.UnitAsync("Elsewhere");
        var bo = await engine.UserInAsync(elsewhere, ProjectPack.Worker);
        var project = await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "P" });
        var task = await TaskAsync(engine, project, "goes", engine.Admin);

        await engine.SendAsync(new Update(new EntityRecord("tst_project", project) { ["ownerid"] = bo.User }));
        Assert.Equal(elsewhere, (await engine.ReadAsync("tst_task", task)).GetLookup("owningbusinessunit")!.Id);
        Assert.Contains("ownerid", (string)Assert.Single(await engine.QueryAsync("audit", $"?$filter=objectid eq {task:D} and operation eq 2"))["changedata"]!, StringComparison.Ordinal);

        await TaskAsync(engine, project, "stays", bo);
        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("tst_project", project) { ["ownerid"] = engine.Admin.User })));
        Assert.Equal("tst_stays", refused.SubCode);
        Assert.Equal(bo.User, (await engine.ReadAsync("tst_project", project))["ownerid"]);
        Assert.All(await engine.QueryAsync("tst_task", ""), row => Assert.Equal(bo.User, row["ownerid"]));
    }

    [Fact]
    public async Task Giving_a_row_away_needs_the_right_to_assign_it_and_nothing_on_the_rows_that_follow()
    {
        await using var engine = await StartAsync("cascade");
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var project = await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "P" }, worker);

        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("tst_project", project) { ["ownerid"] = engine.Admin.User }), worker));
        await engine.SendAsync(new Update(new EntityRecord("tst_project", project) { ["tst_name"] = "Q", ["ownerid"] = worker.User }), worker);

        Assert.Equal(ErrorKind.Forbidden, refused.Kind);
        Assert.Contains("prvAssigntst_project", refused.Message, StringComparison.Ordinal);
        Assert.Equal(worker.User, (await engine.ReadAsync("tst_project", project))["ownerid"]);

        await using var generous = await StartAsync("cascade", pack => pack.Replace("roles/worker.json", "\"tst_project\": { ", "\"tst_project\": { \"assign\": \"user\", "));
        var giver = await generous.UserAsync(ProjectPack.Worker);
        var given = await generous.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "P" }, giver);
        var task = await TaskAsync(generous, given, "T", generous.Admin);
        var taker = await generous.UserAsync(ProjectPack.Worker);
        await generous.SendAsync(new Update(new EntityRecord("tst_project", given) { ["ownerid"] = taker.User }), giver);
        Assert.Equal(taker.User, (await generous.ReadAsync("tst_task", task))["ownerid"]);
    }

    private static Task<Guid> TaskAsync(TestEngine engine, Guid project, string name, Caller owner, int state = 0) => engine.CreateAsync(new EntityRecord("tst_task")
    {
        ["tst_name"] = name, ["tst_projectid"] = new EntityReference("tst_project", project), ["ownerid"] = owner.User, ["statecode"] = state,
    });

    private async Task<TestEngine> StartAsync(string rule, Action<ProjectPack>? change = null)
    {
        var pack = new ProjectPack().Replace("entities/tst_task/entity.json", "\"onDelete\": \"cascade\"", $"\"cascade\": {{ \"assign\": \"{rule}\", \"delete\": \"cascade\" }}");
        change?.Invoke(pack);
        return await TestEngine.StartAsync(await DatabaseAsync(), [], pack.Files);
    }
}

public sealed class AssignOnSqlite : AssignTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class AssignOnPostgreSql : AssignTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
