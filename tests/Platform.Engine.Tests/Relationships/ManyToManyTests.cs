using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Relationships;

/// <summary>Associate and Disassociate, the same on both databases.</summary>
public abstract class ManyToManyTests
{
    private const string Tags = "tst_project_tags";

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task A_pair_is_made_once_seen_from_both_ends_and_removed_once()
    {
        await using var engine = await StartAsync();
        var (project, tag) = (await ProjectAsync(engine), await TagAsync(engine));

        await engine.SendAsync(new Associate(project, Tags, [tag]));
        await engine.SendAsync(new Associate(project, Tags, [tag]));
        await engine.SendAsync(new Associate(tag, Tags, [project]));

        var pair = Assert.Single(await engine.QueryAsync("tst_project_tag", ""));
        Assert.Equal((project, tag), (pair.GetLookup("tst_projectid"), pair.GetLookup("tst_tagid")));
        Assert.Equal([tag.Id], await PairedAsync(engine, project, Tags));
        Assert.Equal([project.Id], await PairedAsync(engine, tag, Tags));

        await engine.SendAsync(new Disassociate(tag, Tags, [project]));
        await engine.SendAsync(new Disassociate(project, Tags, [tag]));
        Assert.Empty(await engine.QueryAsync("tst_project_tag", ""));
        Assert.NotNull(await engine.ReadAsync("tst_tag", tag.Id));
    }

    [Fact]
    public async Task A_table_tied_to_itself_tells_the_two_directions_apart()
    {
        await using var engine = await StartAsync();
        var (first, second) = (await ProjectAsync(engine), await ProjectAsync(engine));

        await engine.SendAsync(new Associate(first, "tst_successors", [second]));

        Assert.Equal([second.Id], await PairedAsync(engine, first, "tst_successors"));
        Assert.Empty(await PairedAsync(engine, first, "tst_predecessors"));
        Assert.Equal([first.Id], await PairedAsync(engine, second, "tst_predecessors"));
        await engine.SendAsync(new Disassociate(second, "tst_predecessors", [first]));
        Assert.Empty(await PairedAsync(engine, first, "tst_successors"));
    }

    [Fact]
    public async Task Deleting_either_row_removes_the_pair_and_leaves_the_other_row()
    {
        await using var engine = await StartAsync();
        var (project, tag, other) = (await ProjectAsync(engine), await TagAsync(engine), await TagAsync(engine));
        await engine.SendAsync(new Associate(project, Tags, [tag, other]));

        await engine.SendAsync(new Delete(tag));
        Assert.Equal([other.Id], await PairedAsync(engine, project, Tags));
        await engine.SendAsync(new Delete(project));

        Assert.Empty(await engine.QueryAsync("tst_project_tag", ""));
        Assert.NotNull(await engine.ReadAsync("tst_tag", other.Id));
    }

    [Fact]
    public async Task Both_rows_history_tells_of_the_pair()
    {
        await using var engine = await StartAsync();
        var (project, tag) = (await ProjectAsync(engine), await TagAsync(engine));

        await engine.SendAsync(new Associate(project, Tags, [tag]));
        await engine.SendAsync(new Disassociate(project, Tags, [tag]));

        foreach (var (row, other) in new[] { (project, tag), (tag, project) })
        {
            var audit = await engine.QueryAsync("audit", $"?$filter=objectid eq {row.Id:D} and operation eq 2&$orderby=versionnumber");
            Assert.Equal([(33, "Associate"), (34, "Disassociate")], audit.Select(entry => ((int)entry["action"]!, (string)entry["messagename"]!)));
            Assert.Contains($"{other.LogicalName},{other.Id:D}", (string)audit[0]["changedata"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Tying_rows_needs_append_on_the_one_and_append_to_on_the_other()
    {
        await using var engine = await StartAsync();
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var own = new EntityReference("tst_project", await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "Own" }, worker));
        var ownTag = new EntityReference("tst_tag", await engine.CreateAsync(new EntityRecord("tst_tag") { ["tst_name"] = "Own" }, worker));
        var (foreign, foreignTag) = (await ProjectAsync(engine), await TagAsync(engine));

        await engine.SendAsync(new Associate(own, Tags, [ownTag]), worker);
        await RefusedAsync(ErrorKind.Forbidden, new Associate(own, Tags, [foreignTag]));
        await RefusedAsync(ErrorKind.Forbidden, new Associate(ownTag, Tags, [own]));
        await RefusedAsync(ErrorKind.NotFound, new Associate(foreign, Tags, [ownTag]));
        await RefusedAsync(ErrorKind.Forbidden, new Associate(worker.User, "systemuserroles_association", [new EntityReference("role", ProjectPack.Worker)]));
        await RefusedAsync(ErrorKind.NotFound, new Associate(own, Tags, [new EntityReference("tst_tag", Guid.CreateVersion7())]));
        await RefusedAsync(ErrorKind.Invalid, new Associate(own, "nothing", [ownTag]));
        await RefusedAsync(ErrorKind.Invalid, new Associate(own, Tags, [foreign]));
        await RefusedAsync(ErrorKind.Invalid, new Associate(own, "createdby", [worker.User]));

        Assert.Equal([(own.Id, ownTag.Id)], (await engine.QueryAsync("tst_project_tag", "")).Select(pair => (pair.GetLookup("tst_projectid")!.Id, pair.GetLookup("tst_tagid")!.Id)));

        async Task RefusedAsync(ErrorKind kind, Message message) =>
            Assert.Equal(kind, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(message, worker))).Kind);
    }

    [Fact]
    public async Task A_pair_is_seen_by_whoever_sees_both_of_its_rows()
    {
        await using var engine = await StartAsync();
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var own = new EntityReference("tst_project", await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "Own" }, worker));
        var (foreign, tag) = (await ProjectAsync(engine), await TagAsync(engine));
        foreach (var project in (EntityReference[])[own, foreign]) await engine.SendAsync(new Associate(project, Tags, [tag]));
        await engine.SendAsync(new Associate(own, "tst_successors", [foreign]));

        const string tags = "<fetch><entity name='tst_tag'><link-entity name='tst_project_tag' from='tst_tagid' to='tst_tagid' alias='p'><attribute name='tst_projectid'/></link-entity></entity></fetch>";
        Assert.Equal((2, 1), (await CountAsync(tags, engine.Admin), await CountAsync(tags, worker)));
        Assert.Equal(own.Id, Assert.Single(await engine.QueryAsync("tst_project_tag", "", worker)).GetLookup("tst_projectid")!.Id);
        Assert.Equal(2, (await engine.QueryAsync("tst_project_tag", "")).Count);
        const string peers = "<fetch><entity name='tst_project'><link-entity name='tst_project_peers' from='tst_projectidone' to='tst_projectid' link-type='exists'/></entity></fetch>";
        Assert.Equal((1, 0), (await CountAsync(peers, engine.Admin), await CountAsync(peers, worker)));
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<PlatformException>(async () => await engine.QueryAsync("tst_project_tag", "", await engine.UserAsync()))).Kind);

        async Task<int> CountAsync(string fetch, Caller caller)
        {
            var rows = new RecordList();
            await engine.SendAsync(new RetrieveMultiple(engine.Parser.ParseFetch(engine.Metadata, fetch), rows), caller);
            return rows.Records.Count;
        }
    }

    [Fact]
    public async Task A_lookup_is_set_and_emptied_from_either_of_its_ends()
    {
        await using var engine = await StartAsync();
        var project = await ProjectAsync(engine);
        var task = new EntityReference("tst_task", await engine.CreateAsync(new EntityRecord("tst_task") { ["tst_name"] = "T" }));

        await engine.SendAsync(new Associate(project, "tst_project_tasks", [task]));
        Assert.Equal(project, (await engine.ReadAsync("tst_task", task.Id))["tst_projectid"]);
        await engine.SendAsync(new Disassociate(await ProjectAsync(engine), "tst_project_tasks", [task]));
        Assert.Equal(project, (await engine.ReadAsync("tst_task", task.Id))["tst_projectid"]);
        await engine.SendAsync(new Disassociate(project, "tst_project_tasks", [task]));
        Assert.Null((await engine.ReadAsync("tst_task", task.Id))["tst_projectid"]);
        await engine.SendAsync(new Associate(task, "tst_projectid", [project]));
        await engine.SendAsync(new Disassociate(task, "tst_projectid", []));
        Assert.Null((await engine.ReadAsync("tst_task", task.Id))["tst_projectid"]);
    }

    [Fact]
    public async Task Steps_see_what_is_tied_may_refuse_it_and_tie_rows_themselves()
    {
        await using var engine = await StartAsync(new ProjectPack()
            .Write("entities/tst_project/steps.json", """
                { "steps": [ { "name": "guard", "script": "guard.js", "message": "Associate", "stage": "PreOperation", "limits": { "milliseconds": 60000 } },
                             { "name": "tag", "script": "tag.csx", "message": "Create", "stage": "PostOperation", "limits": { "milliseconds": 60000 } },
                             { "name": "untag", "script": "untag.js", "message": "Update", "stage": "PostOperation", "limits": { "milliseconds": 60000 } } ] }
                """)
            .Write("entities/tst_project/guard.js", """
                const related = context.input.get('RelatedEntities');
                for (const row of related) {
                  if (context.input.get('Relationship') === 'tst_project_tags' && context.service.retrieve(row, 'tst_name').get('tst_name') === 'Forbidden')
                    context.reject('Not with ' + context.target.id + '.', 'tst_forbidden');
                }
                """)
            .Write("entities/tst_project/tag.csx", """
                var tag = Context.Service.Create(new EntityRecord("tst_tag") { ["tst_name"] = "New" });
                Context.Service.Associate(Context.Target.ToReference(), "tst_project_tags", new EntityReference("tst_tag", tag));
                """)
            .Write("entities/tst_project/untag.js", """
                const pairs = context.service.retrieveMultiple('tst_project_tag', `?$filter=_tst_projectid_value eq ${context.target.id}`);
                context.service.disassociate(context.target.toReference(), 'tst_project_tags', pairs.map(function (pair) { return pair.getLookup('tst_tagid'); }));
                """));

        var project = await ProjectAsync(engine);
        Assert.Equal(["New"], await NamesAsync());
        var forbidden = await TagAsync(engine, "Forbidden");
        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Associate(project, Tags, [forbidden])));
        Assert.Equal("tst_forbidden", refused.SubCode);
        Assert.Equal(["New"], await NamesAsync());
        await engine.SendAsync(new Update(new EntityRecord("tst_project", project.Id) { ["tst_name"] = "Renamed" }));
        Assert.Empty(await PairedAsync(engine, project, Tags));

        async Task<IEnumerable<string>> NamesAsync() =>
            await Task.WhenAll((await PairedAsync(engine, project, Tags)).Select(async id => (string)(await engine.ReadAsync("tst_tag", id))["tst_name"]!));
    }

    [Fact]
    public async Task A_role_given_by_association_holds_at_once()
    {
        await using var engine = await StartAsync();
        var user = await engine.UserAsync();

        await engine.SendAsync(new Associate(user.User, "systemuserroles_association", [new EntityReference("role", ProjectPack.Worker)]));
        var worker = await engine.Callers.ForUserAsync(user.UserId, CancellationToken.None);
        Assert.Equal(ProjectPack.Worker, Assert.Single(worker.Roles));

        await engine.SendAsync(new Disassociate(new EntityReference("role", ProjectPack.Worker), "systemuserroles_association", [user.User]));
        Assert.Empty((await engine.Callers.ForUserAsync(user.UserId, CancellationToken.None)).Roles);
    }

    [Fact]
    public async Task Many_who_tie_the_same_rows_at_once_make_one_pair()
    {
        await using var engine = await StartAsync();
        var (project, tag) = (await ProjectAsync(engine), await TagAsync(engine));

        await Task.WhenAll(Enumerable.Range(0, 20).Select(at => engine.SendAsync(at % 2 == 0 ? new Associate(project, Tags, [tag]) : new Associate(tag, Tags, [project]))));

        Assert.Single(await engine.QueryAsync("tst_project_tag", ""));
    }

    private static async Task<EntityReference> ProjectAsync(TestEngine engine) => new("tst_project", await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "P" }));

    private static async Task<EntityReference> TagAsync(TestEngine engine, string name = "T") => new("tst_tag", await engine.CreateAsync(new EntityRecord("tst_tag") { ["tst_name"] = name }));

    private static async Task<IEnumerable<Guid>> PairedAsync(TestEngine engine, EntityReference row, string navigation)
    {
        var pairs = Assert.IsType<PairsNavigation>(Navigation.Find(engine.Metadata.Entity(row.LogicalName), navigation));
        var (entity, intersect) = (engine.Metadata.Entity(pairs.Far.Entity), engine.Metadata.Entity(pairs.Relationship.IntersectEntity));
        var rows = new RecordList();
        var paired = new PairedWith(entity.PrimaryId, intersect, intersect.Attribute(pairs.Far.IntersectAttribute), intersect.Attribute(pairs.Near.IntersectAttribute), row.Id);
        await engine.SendAsync(new RetrieveMultiple(new Query(entity) { Filter = paired }, rows));
        return rows.Records.Select(found => found.Id);
    }

    private async Task<TestEngine> StartAsync(ProjectPack? pack = null) => await TestEngine.StartAsync(await DatabaseAsync(), [], (pack ?? new ProjectPack()).Files);
}

public sealed class ManyToManyOnSqlite : ManyToManyTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class ManyToManyOnPostgreSql : ManyToManyTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
