using Platform.Engine.Messages;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Messages;

/// <summary>Assign and SetState, which are updates with a name of their own, and InitializeFrom, on both databases.</summary>
public abstract class OwnerAndStateTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Assign_and_set_state_run_the_steps_the_cascade_and_the_rights_of_the_update()
    {
        await using var engine = await StartAsync(new ProjectPack()
            .Replace("entities/tst_task/entity.json", "\"onDelete\": \"cascade\"", "\"cascade\": { \"assign\": \"cascade\", \"delete\": \"cascade\" }")
            .Write("entities/tst_project/steps.json", """{ "steps": [ { "name": "note", "script": "note.js", "message": "Update", "stage": "PreOperation", "filteringAttributes": ["ownerid", "statecode"], "limits": { "milliseconds": 60000 } } ] }""")
            .Write("entities/tst_project/note.js", "context.target.set('tst_code', context.target.contains('ownerid') ? 'assigned' : 'state');"));
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var project = new EntityReference("tst_project", await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "P" }));
        var task = await engine.CreateAsync(new EntityRecord("tst_task") { ["tst_name"] = "T", ["tst_projectid"] = project });

        await engine.SendAsync(new Assign(project, worker.User));
        Assert.Equal((worker.User, "assigned"), await ReadAsync(row => ((EntityReference)row["ownerid"]!, (string)row["tst_code"]!)));
        Assert.Equal(worker.User, (await engine.ReadAsync("tst_task", task))["ownerid"]);

        await engine.SendAsync(new SetState(project, 1), worker);
        Assert.Equal((1, 2, "state"), await ReadAsync(row => ((int)row["statecode"]!, (int)row["statuscode"]!, (string)row["tst_code"]!)));
        await engine.SendAsync(new SetState(project, 0, 1), worker);
        Assert.Equal(0, await ReadAsync(row => (int)row["statecode"]!));

        Assert.Equal(ErrorKind.Forbidden, (await RefusedAsync(new Assign(project, engine.Admin.User))).Kind);
        await RefusedAsync(new SetState(project, 1, 1));
        await RefusedAsync(new SetState(project, 7));
        await RefusedAsync(new Assign(new EntityReference("businessunit", engine.Admin.BusinessUnitId), worker.User));
        await RefusedAsync(new SetState(new EntityReference("businessunit", engine.Admin.BusinessUnitId), 1));
        Assert.Equal((worker.User, 0), await ReadAsync(row => ((EntityReference)row["ownerid"]!, (int)row["statecode"]!)));

        async Task<T> ReadAsync<T>(Func<EntityRecord, T> read) => read(await engine.ReadAsync("tst_project", project.Id));

        Task<PlatformException> RefusedAsync(Message message) => Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(message, worker));
    }

    [Fact]
    public async Task A_row_made_from_another_takes_columns_of_name_and_type_and_the_way_back()
    {
        await using var engine = await StartAsync(new ProjectPack()
            .Write("entities/tst_task/entity.json", ProjectPack.Table("tst_task", """
                "tst_projectid": { "x-lookup": { "targets": ["tst_project"], "relationship": "tst_project_tasks", "onDelete": "cascade" }, "title": "Project" },
                "tst_code": { "type": "string", "title": "Code" }, "tst_no": { "type": "string", "title": "Number" }, "tst_due": { "type": "string", "format": "date", "title": "Due" }
                """)));
        var account = new EntityReference("account", await engine.CreateAsync(new EntityRecord("account") { ["name"] = "A" }));
        var project = await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "P", ["tst_code"] = "C", ["tst_no"] = 7, ["tst_due"] = new DateOnly(2026, 2, 28), ["tst_accountid"] = account });

        var proposal = (await engine.SendAsync(new InitializeFrom(new EntityReference("tst_project", project), "tst_task"))).Proposal!;

        Assert.Equal(
            new Dictionary<string, object?> { ["tst_name"] = "P", ["tst_code"] = "C", ["tst_due"] = new DateOnly(2026, 2, 28), ["tst_projectid"] = new EntityReference("tst_project", project) },
            proposal.Attributes.OrderBy(pair => pair.Key).ToDictionary());
        Assert.Empty(await engine.QueryAsync("tst_task", ""));
        await engine.CreateAsync(proposal);
        var worker = await engine.UserAsync(ProjectPack.Worker);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new InitializeFrom(new EntityReference("tst_project", project), "tst_task"), worker))).Kind);
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new InitializeFrom(account, "contact"), worker))).Kind);
    }

    private async Task<TestEngine> StartAsync(ProjectPack pack) => await TestEngine.StartAsync(await DatabaseAsync(), [], pack.Files);
}

public sealed class OwnerAndStateOnSqlite : OwnerAndStateTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class OwnerAndStateOnPostgreSql : OwnerAndStateTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
