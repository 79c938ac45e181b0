using Platform.Engine.Messages;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Steps;

/// <summary>Steps on every message: what they see, what they change, with whose rights they act.</summary>
public abstract class MessageStepTests
{
    /// <summary>Writes down which message ran it, and with what.</summary>
    private const string Log = """
        var text = $"{Context.Message} {(int)Context.Stage}";
        foreach (var name in Context.Input.Values.Keys.OrderBy(name => name)) text += $" {name}={Show(Context.Input[name])}";
        if (Context.Config.Get<bool>("image")) text += $" before={Context.PreImage("before")["tst_name"]}";
        if (Context.Stage == PluginStage.PostOperation) foreach (var name in Context.Output.Values.Keys.OrderBy(name => name)) text += $" ->{name}";
        Context.Service.Create(new EntityRecord("tst_log") { ["tst_name"] = text });

        string Show(object? value)
        {
            if (value is EntityReference row) return row.LogicalName;
            if (value is EntityRecord record) return record.Attributes.Count == 0 ? record.LogicalName : record.LogicalName + ":" + record["tst_name"];
            if (value is List<object?> list) return "[" + string.Join(",", list.Select(Show)) + "]";
            if (value is PluginParameters parameters) return "{" + string.Join(",", parameters.Values.Select(pair => pair.Key + "=" + Show(pair.Value))) + "}";
            if (value is Guid) return "guid";
            return value == null ? "" : $"{value}";
        }
        """;

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Every_message_runs_its_steps_with_its_parameters()
    {
        string[] messages = ["Assign", "SetState", "Merge", "GrantAccess", "ModifyAccess", "RevokeAccess", "Associate", "Disassociate", "CreateMultiple", "UpdateMultiple", "DeleteMultiple"];
        await using var engine = await StartAsync(messages.Select(message => Step(message, "log.csx", "PreOperation")).Append(Step("CreateMultiple", "log.csx", "PostOperation")), ("log.csx", Log));
        var (one, two, team) = (await ProjectAsync(engine, "one"), await ProjectAsync(engine, "two"), await TeamAsync(engine));
        await ForgetAsync(engine);

        await engine.SendAsync(new Assign(one, team));
        await engine.SendAsync(new GrantAccess(one, new PrincipalAccess(team, AccessRights.ReadAccess | AccessRights.WriteAccess)));
        await engine.SendAsync(new ModifyAccess(one, new PrincipalAccess(team, AccessRights.ReadAccess)));
        await engine.SendAsync(new RevokeAccess(one, team));
        await engine.SendAsync(new Associate(one, "tst_successors", [two]));
        await engine.SendAsync(new Disassociate(one, "tst_successors", [two]));
        await engine.SendAsync(new CreateMultiple("tst_project", [new(Named("a")), new(Named("b"))]));
        await engine.SendAsync(new UpdateMultiple("tst_project", [new(new EntityRecord("tst_project", one.Id) { ["tst_name"] = "c" })]));
        await engine.SendAsync(new Merge(one, two, Named("merged")));
        await engine.SendAsync(new SetState(one, 1));
        await engine.SendAsync(new DeleteMultiple("tst_project", [new(one)]));

        Assert.Equal(
            [
                "Assign 20 Assignee=team Target=tst_project", "UpdateMultiple 20 Targets=[tst_project:]",
                "GrantAccess 20 PrincipalAccess={Principal=team,AccessMask=ReadAccess, WriteAccess} Target=tst_project",
                "ModifyAccess 20 PrincipalAccess={Principal=team,AccessMask=ReadAccess} Target=tst_project",
                "RevokeAccess 20 Revokee=team Target=tst_project",
                "Associate 20 RelatedEntities=[tst_project] Relationship=tst_successors", "Disassociate 20 RelatedEntities=[tst_project] Relationship=tst_successors",
                "CreateMultiple 20 Targets=[tst_project:a,tst_project:b]", "CreateMultiple 40 Targets=[tst_project:a,tst_project:b] ->Ids",
                "UpdateMultiple 20 Targets=[tst_project:c]",
                "Merge 20 PerformParentingChecks=False SubordinateId=guid Target=tst_project UpdateContent=tst_project:merged", "UpdateMultiple 20 Targets=[tst_project:merged]", "UpdateMultiple 20 Targets=[tst_project:]",
                "SetState 20 EntityMoniker=tst_project State=1 Status=", "UpdateMultiple 20 Targets=[tst_project:]",
                "DeleteMultiple 20 Targets=[tst_project]",
            ],
            await LoggedAsync(engine));
    }

    [Fact]
    public async Task Steps_on_many_run_once_for_many_rows_and_once_for_a_single_one()
    {
        await using var engine = await StartAsync(
            [Step("CreateMultiple", "log.csx", "PreOperation", """, "rank": 5"""), Step("Create", "log.csx", "PreOperation", """, "rank": 1"""), Step("UpdateMultiple", "log.csx", "PostOperation", """, "filteringAttributes": ["tst_no"]""")],
            ("log.csx", Log));

        await engine.SendAsync(new CreateMultiple("tst_project", [new(Named("a")), new(Named("b"))]));
        var id = await engine.CreateAsync(Named("c"));
        await engine.SendAsync(new Upsert(new EntityRecord("tst_project", id) { ["tst_no"] = 1 }));
        await engine.SendAsync(new Update(new EntityRecord("tst_project", id) { ["tst_name"] = "d" }));
        await engine.SendAsync(new UpsertMultiple("tst_project", [new(new EntityRecord("tst_project", Guid.CreateVersion7()) { ["tst_name"] = "e" })]));

        Assert.Equal(
            [
                "CreateMultiple 20 Targets=[tst_project:a,tst_project:b]", "Create 20", "Create 20",
                "Create 20", "CreateMultiple 20 Targets=[tst_project:c]",
                "UpdateMultiple 40 Targets=[tst_project:]",
                "Create 20", "CreateMultiple 20 Targets=[tst_project:e]",
            ],
            await LoggedAsync(engine));
    }

    [Fact]
    public async Task What_steps_make_of_the_input_before_the_operation_is_what_happens()
    {
        await using var engine = await StartAsync(
            [
                Step("CreateMultiple", "upper.js", "PreOperation"), Step("UpdateMultiple", "upper.csx", "PreValidation", """, "filteringAttributes": ["tst_rate"]"""),
                Step("Assign", "back.csx", "PreOperation"), Step("SetState", "other.js", "PreOperation"), Step("Merge", "content.csx", "PreOperation", """, "rank": 2"""), Step("Merge", "foreign.csx", "PreOperation"),
            ],
            ("upper.js", "var rows = context.input.get('Targets');\nfor (var i = 0; i < rows.length; i++) { rows[i].set('tst_name', rows[i].get('tst_name').toUpperCase()); rows[i].set('tst_due', '2026-05-0' + (i + 1)); }"),
            ("upper.csx", "foreach (var row in Context.Input.Get<List<object?>>(\"Targets\")!.OfType<EntityRecord>()) row[\"tst_name\"] = $\"rate {row[\"tst_rate\"]}\";"),
            ("back.csx", "Context.Input[\"Assignee\"] = Context.User;"),
            ("other.js", "context.input.set('Status', null); context.input.set('State', 0);"),
            ("foreign.csx", "if (Context.Input.Get<EntityRecord>(\"UpdateContent\")!.Get<string>(\"tst_name\") == \"foreign\") Context.Input[\"UpdateContent\"] = new EntityRecord(\"tst_tag\") { [\"tst_name\"] = \"x\" };"),
            ("content.csx", "Context.Input.Get<EntityRecord>(\"UpdateContent\")![\"tst_no\"] = 77;"));
        var ids = (await engine.SendAsync(new CreateMultiple("tst_project", [new(Named("a")), new(Named("b"))]))).Parts.Select(part => part.Id).ToList();
        var single = await engine.CreateAsync(Named("c"));
        foreach (var (id, name, day) in new[] { (ids[0], "A", 1), (ids[1], "B", 2), (single, "C", 1) })
        {
            var row = await engine.ReadAsync("tst_project", id);
            Assert.Equal((name, new DateOnly(2026, 5, day)), (row["tst_name"], row["tst_due"]));
        }

        await engine.SendAsync(new Update(new EntityRecord("tst_project", single) { ["tst_rate"] = 1.25m }));
        Assert.Equal("rate 1.25", (await engine.ReadAsync("tst_project", single))["tst_name"]);
        var target = new EntityReference("tst_project", single);
        await engine.SendAsync(new Assign(target, await TeamAsync(engine)));
        Assert.Equal(engine.Admin.User, (await engine.ReadAsync("tst_project", single)).GetLookup("ownerid"));
        await engine.SendAsync(new SetState(target, 1));
        Assert.Equal(0, (await engine.ReadAsync("tst_project", single))["statecode"]);
        await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Merge(target, new EntityReference("tst_project", ids[0]), Named("foreign"))));
        await engine.SendAsync(new Merge(target, new EntityReference("tst_project", ids[0]), Named("merged")));
        Assert.Equal(("merged", 77), ((await engine.ReadAsync("tst_project", single))["tst_name"], (await engine.ReadAsync("tst_project", single))["tst_no"]));
    }

    [Fact]
    public async Task Targets_that_a_step_exchanges_and_values_that_do_not_fit_are_refused()
    {
        await using var engine = await StartAsync([Step("CreateMultiple", "wrong.csx", "PreOperation")],
            ("wrong.csx", """
                var targets = Context.Input.Get<List<object?>>("Targets")!;
                var first = (EntityRecord)targets[0]!;
                if (first.Get<string>("tst_name") == "more") targets.Add(new EntityRecord("tst_project"));
                if (first.Get<string>("tst_name") == "other") targets[0] = new EntityRecord("tst_tag");
                if (first.Get<string>("tst_name") == "engine") first["versionnumber"] = 5L;
                if (first.Get<string>("tst_name") == "type") first["tst_no"] = "seven";
                """));

        foreach (var name in new[] { "more", "other", "engine", "type" })
        {
            var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(Named(name)));
            Assert.Equal(ErrorKind.Invalid, refused.Kind);
        }
        Assert.Empty(await engine.QueryAsync("tst_project", ""));
    }

    [Fact]
    public async Task Steps_after_a_read_change_values_and_take_rows_out_and_steps_before_it_refuse()
    {
        await using var engine = await StartAsync(
            [Step("Retrieve", "mask.js", "PostOperation"), Step("RetrieveMultiple", "mask.csx", "PostOperation"), Step("RetrieveMultiple", "refuse.js", "PreValidation"), Step("Retrieve", "peek.csx", "PreOperation")],
            ("mask.js", "var row = context.output.get('BusinessEntity');\nrow.set('tst_name', '***').set('tst_rate', 0).set('tst_due', '2026-01-01').set('tst_accountid', null);"),
            ("mask.csx", """
                var rows = Context.Output.Get<List<object?>>("BusinessEntityCollection")!;
                rows.RemoveAll(row => ((EntityRecord)row!).Id != Guid.Empty && ((EntityRecord)row!).Get<string>("tst_name") == "secret");
                foreach (EntityRecord row in rows) if (row.Contains("tst_no")) row["tst_no"] = row.Get<int>("tst_no") + 1;
                """),
            ("refuse.js", "if (context.sharedVariables.get('no')) context.reject('No.', '');\ncontext.trace('read');"),
            ("peek.csx", "if (Context.Input.Get<List<object?>>(\"ColumnSet\") is { } columns && columns.Contains(\"tst_kind\")) Context.Reject(\"The kind is not for reading.\", \"tst_kind\");"));
        var account = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Contoso" });
        foreach (var (name, number) in new[] { ("a", 1), ("secret", 2), ("b", 3) })
            await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = name, ["tst_no"] = number, ["tst_rate"] = 5m, ["tst_accountid"] = new EntityReference("account", account) });

        var rows = await engine.QueryAsync("tst_project", "?$select=tst_name,tst_no&$orderby=tst_name");
        Assert.Equal([("a", 2), ("b", 4)], rows.Select(row => ((string)row["tst_name"]!, (int)row["tst_no"]!)));
        // Groups go by unchanged, and so do rows that come along.
        Assert.Equal(3, (await engine.QueryAsync("tst_project", "?$apply=groupby((tst_name))")).Count);
        var masked = await engine.ReadAsync("tst_project", rows[0].Id);
        Assert.Equal(("***", 0m, new DateOnly(2026, 1, 1), null, 1), (masked["tst_name"], masked["tst_rate"], masked["tst_due"], masked["tst_accountid"], masked["tst_no"]));
        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Retrieve(new EntityReference("tst_project", rows[0].Id), ["tst_kind"], new RecordList())));
        Assert.Equal("tst_kind", refused.SubCode);
    }

    [Fact]
    public async Task A_step_before_a_read_that_writes_or_one_after_it_that_adds_rows_is_refused()
    {
        await using var engine = await StartAsync([Step("RetrieveMultiple", "write.csx", "PreOperation"), Step("Retrieve", "add.csx", "PostOperation")],
            ("write.csx", "Context.Service.Create(new EntityRecord(\"tst_log\") { [\"tst_name\"] = \"read\" });"),
            ("add.csx", "Context.Output[\"BusinessEntity\"] = new EntityRecord(\"tst_project\", Context.User.Id);"));
        var id = await engine.CreateAsync(Named("a"));
        Assert.Contains("only reads", (await Assert.ThrowsAsync<PlatformException>(() => engine.QueryAsync("tst_project", ""))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<PlatformException>(() => engine.ReadAsync("tst_project", id));
        Assert.Empty(await LoggedAsync(engine));
    }

    [Fact]
    public async Task No_step_around_a_read_writes_not_even_before_its_transaction_or_as_the_system()
    {
        const string Write = """try { Context.Service.Create(new EntityRecord("tst_log") { ["tst_name"] = "read" }); } catch (Exception error) { Context.SharedVariables["error"] = error.Message; }""";
        await using var engine = await StartAsync(
            [Step("RetrieveMultiple", "write.csx", "PreValidation", """, "runAs": "system" """), Step("Retrieve", "write.csx", "PreValidation", """, "runAs": "system" """)], ("write.csx", Write));
        var id = await engine.CreateAsync(Named("a"));

        Assert.Single(await engine.QueryAsync("tst_project", ""));
        await engine.ReadAsync("tst_project", id);
        await Assert.ThrowsAsync<PlatformException>(() => engine.ReadAsync("tst_project", Guid.CreateVersion7()));

        Assert.Empty(await LoggedAsync(engine));
    }

    [Fact]
    public async Task Changes_and_proposals_are_reads_whose_steps_hide_what_they_hide()
    {
        await using var engine = await StartAsync(
            [Step("RetrieveMultiple", "mask.csx", "PostOperation"), Step("Retrieve", "one.js", "PostOperation")],
            [("mask.csx", """foreach (EntityRecord row in Context.Output.Get<List<object?>>("BusinessEntityCollection")!) row["tst_name"] = "***";"""), ("one.js", "context.output.get('BusinessEntity').set('tst_name', '***');")],
            pack => pack.Replace("entities/tst_project/entity.json", "\"ownership\": \"user\"", "\"changeTracking\": true, \"ownership\": \"user\""));
        var project = await ProjectAsync(engine, "secret");

        var rows = new RecordList();
        await engine.SendAsync(new RetrieveEntityChanges(RetrieveEntityChanges.InOrder(engine.Parser.Parse(engine.Metadata, engine.Metadata.Entity("tst_project"), "?$select=tst_name")), rows));
        Assert.Equal("***", Assert.Single(rows.Records)["tst_name"]);
        Assert.Equal("***", (await engine.SendAsync(new InitializeFrom(project, "tst_project"))).Proposal!["tst_name"]);
    }

    [Fact]
    public async Task What_a_script_in_JavaScript_does_not_touch_keeps_its_digits_and_its_type()
    {
        await using var engine = await StartAsync(
            [Step("RetrieveMultiple", "touch.js", "PostOperation"), Step("CreateMultiple", "name.js", "PreOperation")],
            [("touch.js", "var rows = context.output.get('BusinessEntityCollection');\nfor (var i = 0; i < rows.length; i++) if (rows[i].contains('tst_name')) rows[i].set('tst_name', '!');"),
            ("name.js", "context.input.get('Targets')[0].set('tst_name', 'named');")],
            pack => pack.Replace("entities/tst_project/entity.json", "\"x-precision\": 2", "\"x-precision\": 7"));
        await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "a", ["tst_rate"] = 90071992547.1234567m, ["tst_due"] = new DateOnly(2026, 5, 1) });

        var row = Assert.Single(await engine.QueryAsync("tst_project", "?$select=tst_name,tst_rate,more&$compute=year(tst_due) mul 1.5 as more"));
        Assert.Equal(("!", 90071992547.1234567m), (row["tst_name"], row["tst_rate"]));
        Assert.Equal(3039m, row["more"]);
        Assert.Equal(90071992547.1234567m, Assert.Single(await engine.QueryAsync("tst_project", "?$apply=groupby((tst_due),aggregate(tst_rate with sum as all))"))["all"]);
    }

    [Fact]
    public async Task Images_are_there_for_states_and_owners()
    {
        const string Image = """, "images": [ { "type": "pre", "alias": "before" } ], "config": { "image": true }""";
        await using var engine = await StartAsync([Step("SetState", "log.csx", "PreOperation", Image), Step("Assign", "after.csx", "PostOperation", """, "images": [ { "type": "post", "alias": "after", "attributes": ["ownerid"] } ]""")],
            ("log.csx", Log), ("after.csx", "Context.Service.Create(new EntityRecord(\"tst_log\") { [\"tst_name\"] = Context.PostImage(\"after\").GetLookup(\"ownerid\")!.LogicalName });"));
        var project = await ProjectAsync(engine, "one");

        await engine.SendAsync(new SetState(project, 1));
        await engine.SendAsync(new Assign(project, await TeamAsync(engine)));

        Assert.Equal(["SetState 20 EntityMoniker=tst_project State=1 Status= before=one", "team"], await LoggedAsync(engine));
    }

    [Fact]
    public async Task A_step_that_runs_as_the_system_does_what_the_caller_may_not_and_the_rows_say_who_it_was()
    {
        await using var engine = await StartAsync([Step("Create", "system.csx", "PostOperation", """, "runAs": "system" """), Step("Create", "caller.csx", "PostOperation", """, "rank": 2""")],
            ("system.csx", "Context.Service.Create(new EntityRecord(\"tst_log\") { [\"tst_name\"] = Context.Target.Get<string>(\"tst_name\") });"),
            ("caller.csx", "if (Context.Target.Get<string>(\"tst_name\") == \"b\") Context.Service.Create(new EntityRecord(\"tst_log\"));"));
        var worker = await engine.UserAsync(ProjectPack.Worker);

        await engine.CreateAsync(Named("a"), worker);
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(Named("b"), worker))).Kind);

        var log = Assert.Single(await engine.QueryAsync("tst_log", ""));
        Assert.Equal(("a", worker.User), (log["tst_name"], log.GetLookup("createdby")));
    }

    [Fact]
    public async Task Steps_of_a_message_that_a_step_sent_know_where_it_comes_from()
    {
        await using var engine = await StartAsync(
            [Step("Create", "who.js", "PreValidation"), Step("Create", "task.csx", "PostOperation")],
            [("who.js", "context.sharedVariables.set('who', 'validated');"), ("task.csx", "Context.SharedVariables[\"more\"] = 2; Context.Service.Create(new EntityRecord(\"tst_task\") { [\"tst_name\"] = \"t\" });")],
            pack => pack
                .Write("entities/tst_task/steps.json", """{ "steps": [ { "name": "parent", "script": "parent.js", "message": "Create", "stage": "PreOperation" } ] }""")
                .Write("entities/tst_task/parent.js", "var p = context.parent;\ncontext.target.set('tst_name', [p.message, p.entity, p.id === null, p.depth, p.sharedVariables.get('who'), p.sharedVariables.get('more'), p.parent === null, context.depth].join(' '));"));

        await engine.CreateAsync(Named("a"));
        // From outside there is no parent.
        await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("tst_task") { ["tst_name"] = "x" }));

        Assert.Equal("Create tst_project false 1 validated  true 2", Assert.Single(await engine.QueryAsync("tst_task", ""))["tst_name"]);
    }

    private static string Step(string message, string script, string stage, string rest = "") => $$"""{ "message": "{{message}}", "script": "{{script}}", "stage": "{{stage}}"{{rest}} }""";

    private static EntityRecord Named(string name) => new("tst_project") { ["tst_name"] = name };

    private static async Task<EntityReference> ProjectAsync(TestEngine engine, string name) => new("tst_project", await engine.CreateAsync(Named(name)));

    private static async Task<EntityReference> TeamAsync(TestEngine engine) =>
        new("team", await engine.CreateAsync(new EntityRecord("team") { ["name"] = "Team", ["businessunitid"] = new EntityReference("businessunit", engine.Admin.BusinessUnitId) }));

    private static async Task<List<string>> LoggedAsync(TestEngine engine) => [.. (await engine.QueryAsync("tst_log", "?$orderby=tst_logid")).Select(row => (string)row["tst_name"]!)];

    private static async Task ForgetAsync(TestEngine engine)
    {
        foreach (var row in await engine.QueryAsync("tst_log", "")) await engine.SendAsync(new Delete(row.ToReference()));
    }

    private Task<TestEngine> StartAsync(IEnumerable<string> steps, params (string File, string Text)[] scripts) => StartAsync(steps, scripts, pack => pack);

    private async Task<TestEngine> StartAsync(IEnumerable<string> steps, (string File, string Text)[] scripts, Func<ProjectPack, ProjectPack> more)
    {
        var named = steps.Select((step, at) => $$"""{ "name": "step {{at}}", {{step[1..]}}""");
        var pack = new ProjectPack()
            .Replace("pack.json", "\"title\": \"Projects\"", "\"title\": \"Projects\", \"capabilities\": { \"runAs\": [\"system\"] }")
            .Write("entities/tst_log/entity.json", ProjectPack.Table("tst_log", """ "tst_text": { "type": "string", "title": "Text" } """).Replace("\"tst_name\": { \"type\": \"string\"", "\"tst_name\": { \"type\": \"string\", \"maxLength\": 400", StringComparison.Ordinal))
            .Write("entities/tst_project/steps.json", $$"""{ "steps": [ {{string.Join(", ", named)}} ] }""");
        foreach (var (file, text) in scripts) pack.Write($"entities/tst_project/{file}", text);
        return await TestEngine.StartAsync(await DatabaseAsync(), null, more(pack).Files);
    }
}

public sealed class MessageStepsOnSqlite : MessageStepTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class MessageStepsOnPostgreSql : MessageStepTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
