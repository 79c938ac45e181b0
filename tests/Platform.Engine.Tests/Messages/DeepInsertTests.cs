using Platform.Engine.Messages;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Messages;

/// <summary>Rows that come along with a new row, the same on both databases.</summary>
public abstract class DeepInsertTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Rows_above_below_and_beside_a_row_are_made_and_tied_with_it()
    {
        await using var engine = await StartAsync();
        var (loose, red) = (await engine.CreateAsync(Task("Loose")), await engine.CreateAsync(new EntityRecord("tst_tag") { ["tst_name"] = "red" }));

        var project = (await engine.SendAsync(new Create(Project("P"))
        {
            Related =
            [
                new RelatedRows("tst_accountid", [new Create(new EntityRecord("account") { ["name"] = "A" }) { Related = [Rows("contact_customer_accounts", new EntityRecord("contact") { ["lastname"] = "Kim" })] }], []),
                new RelatedRows("tst_project_tasks", [new Create(Task("T0")), new Create(Task("T1"))], [new EntityReference("tst_task", loose)]),
                new RelatedRows("tst_project_tags", [new Create(new EntityRecord("tst_tag") { ["tst_name"] = "new" })], [new EntityReference("tst_tag", red)]),
            ],
        })).Id;

        var account = (await engine.ReadAsync("tst_project", project)).GetLookup("tst_accountid")!;
        Assert.Equal("A", (await engine.ReadAsync("account", account.Id))["name"]);
        Assert.Equal(account, Assert.Single(await engine.QueryAsync("contact", "")).GetLookup("parentcustomerid"));
        Assert.Equal(["Loose", "T0", "T1"], (await engine.QueryAsync("tst_task", $"?$filter=_tst_projectid_value eq {project:D}&$orderby=tst_name")).Select(row => row["tst_name"]));
        var pairs = await engine.QueryAsync("tst_project_tag", "");
        Assert.Equal(2, pairs.Count);
        Assert.Contains(pairs, pair => pair.GetLookup("tst_tagid")!.Id == red);
        Assert.All(pairs, pair => Assert.Equal(project, pair.GetLookup("tst_projectid")!.Id));
    }

    [Fact]
    public async Task One_row_that_is_refused_leaves_none_and_is_named_by_its_place()
    {
        await using var engine = await StartAsync();
        var tooLong = new string('x', 5000);

        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Create(Project("P"))
        {
            Related =
            [
                new RelatedRows("tst_accountid", [new Create(new EntityRecord("account") { ["name"] = "A" })], []),
                new RelatedRows("tst_project_tasks", [new Create(Task("fits")), new Create(Task(tooLong))], []),
            ],
        }));
        var deeper = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Create(Task("T"))
        {
            Related = [new RelatedRows("tst_projectid", [new Create(Project("P")) { Related = [Rows("tst_project_tags", new EntityRecord("tst_tag") { ["tst_name"] = tooLong })] }], [])],
        }));

        Assert.Equal(("tst_project_tasks[1]", "tst_name"), (refused.Place, refused.Attribute));
        Assert.StartsWith("tst_project_tasks[1]: ", refused.Message, StringComparison.Ordinal);
        Assert.Equal("tst_projectid/tst_project_tags[0]", deeper.Place);
        foreach (var entity in (string[])["tst_project", "tst_task", "tst_tag", "account"]) Assert.Empty(await engine.QueryAsync(entity, ""));
    }

    [Fact]
    public async Task What_does_not_fit_the_relationship_is_refused()
    {
        await using var engine = await StartAsync();

        await RefusedAsync(new RelatedRows("nothing", [], []));
        await RefusedAsync(Rows("tst_project_tasks", new EntityRecord("tst_tag") { ["tst_name"] = "x" }));
        await RefusedAsync(Rows("tst_accountid", new EntityRecord("account") { ["name"] = "A" }, new EntityRecord("account") { ["name"] = "B" }));
        await RefusedAsync(new RelatedRows("tst_project_tasks", [], [new EntityReference("tst_task", Guid.CreateVersion7())]));
        Assert.Empty(await engine.QueryAsync("tst_project", ""));

        async Task RefusedAsync(RelatedRows related) =>
            await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Create(Project("P")) { Related = [related] }));
    }

    [Fact]
    public async Task The_steps_of_every_row_run_and_see_whole_lookups()
    {
        await using var engine = await StartAsync(new ProjectPack()
            .Write("entities/tst_task/steps.json", """{ "steps": [ { "name": "check", "script": "check.js", "message": "Create", "stage": "PreOperation", "limits": { "milliseconds": 60000 } } ] }""")
            .Write("entities/tst_task/check.js", """
                const project = context.service.retrieve(context.target.getLookup('tst_projectid'), 'tst_name').get('tst_name');
                if (project === 'Closed') context.reject('It is closed.', 'tst_closed');
                context.target.set('tst_name', project + '/' + context.target.get('tst_name'));
                """));

        await engine.SendAsync(new Create(Project("Down")) { Related = [Rows("tst_project_tasks", Task("T"))] });
        await engine.SendAsync(new Create(Task("T")) { Related = [Rows("tst_projectid", Project("Up"))] });
        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Create(Project("Closed")) { Related = [Rows("tst_project_tasks", Task("T"))] }));

        Assert.Equal(["Down/T", "Up/T"], (await engine.QueryAsync("tst_task", "?$orderby=tst_name")).Select(row => row["tst_name"]));
        Assert.Equal(("tst_closed", "tst_project_tasks[0]"), (refused.SubCode, refused.Place));
        Assert.Equal(2, (await engine.QueryAsync("tst_project", "")).Count);
    }

    [Fact]
    public async Task Every_row_asks_for_the_callers_rights()
    {
        await using var engine = await StartAsync();
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var foreign = await engine.CreateAsync(Task("Foreign"));

        await engine.SendAsync(new Create(Project("Own")) { Related = [Rows("tst_project_tasks", Task("T"))] }, worker);
        var contact = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(
            new Create(new EntityRecord("account") { ["name"] = "A" }) { Related = [Rows("contact_customer_accounts", new EntityRecord("contact") { ["lastname"] = "Kim" })] }, worker));
        var bound = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Create(Project("P")) { Related = [new RelatedRows("tst_project_tasks", [], [new EntityReference("tst_task", foreign)])] }, worker));

        Assert.Equal((ErrorKind.Forbidden, ErrorKind.NotFound), (contact.Kind, bound.Kind));
        Assert.Empty(await engine.QueryAsync("account", ""));
        Assert.Equal("Own", Assert.Single(await engine.QueryAsync("tst_project", ""))["tst_name"]);
    }

    private static EntityRecord Project(string name) => new("tst_project") { ["tst_name"] = name };

    private static EntityRecord Task(string name) => new("tst_task") { ["tst_name"] = name };

    private static RelatedRows Rows(string navigation, params EntityRecord[] rows) => new(navigation, [.. rows.Select(row => new Create(row))], []);

    private async Task<TestEngine> StartAsync(ProjectPack? pack = null) => await TestEngine.StartAsync(await DatabaseAsync(), [], (pack ?? new ProjectPack()).Files);
}

public sealed class DeepInsertOnSqlite : DeepInsertTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class DeepInsertOnPostgreSql : DeepInsertTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
