using Platform.Engine.Messages;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Messages;

/// <summary>Messages about many rows, the same on both databases.</summary>
public abstract class MultipleTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Many_rows_are_made_changed_and_deleted_in_the_order_of_the_message()
    {
        await using var engine = await StartAsync();

        var made = await engine.SendAsync(new CreateMultiple("tst_project", [.. Enumerable.Range(0, 30).Select(at => new Create(Project($"P{at}")))]));
        var ids = made.Parts.Select(part => part.Id).ToList();
        Assert.Equal(30, ids.Distinct().Count());
        Assert.Equal("P7", (await engine.ReadAsync("tst_project", ids[7]))["tst_name"]);

        await engine.SendAsync(new UpdateMultiple("tst_project", [.. ids.Select((id, at) => new Update(Project($"Q{at}", id)))]));
        Assert.Equal("Q7", (await engine.ReadAsync("tst_project", ids[7]))["tst_name"]);

        var upserted = await engine.SendAsync(new UpsertMultiple("tst_project", [new Upsert(Project("R7", ids[7])), new Upsert(Project("new", Guid.CreateVersion7())), new Upsert(Project("keyed"), [KeyValuePair.Create<string, object>("tst_code", "K")]), new Upsert(Project("again"), [KeyValuePair.Create<string, object>("tst_code", "K")])]));
        Assert.Equal([false, true, true, false], upserted.Parts.Select(part => part.Created));
        Assert.Equal("again", (await engine.ReadAsync("tst_project", upserted.Parts[2].Id))["tst_name"]);

        await engine.SendAsync(new DeleteMultiple("tst_project", [.. ids.Select(id => new Delete(new EntityReference("tst_project", id)))]));
        Assert.Equal(2, (await engine.QueryAsync("tst_project", "")).Count);
    }

    [Fact]
    public async Task One_row_that_is_refused_leaves_all_as_they_were_and_is_named()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(Project("Stays"));
        var tooLong = new string('x', 5000);
        var gone = new EntityReference("tst_project", Guid.CreateVersion7());

        await RefusedAsync("Targets[2]", new CreateMultiple("tst_project", [new Create(Project("a")), new Create(Project("b")), new Create(Project(tooLong))]));
        await RefusedAsync("Targets[1]", new UpdateMultiple("tst_project", [new Update(Project("x", id)), new Update(Project("x", gone.Id))]));
        await RefusedAsync("Targets[1]", new UpsertMultiple("tst_project", [new Upsert(Project("x", id)), new Upsert(Project(tooLong, gone.Id))]));
        await RefusedAsync("Targets[1]", new DeleteMultiple("tst_project", [new Delete(new EntityReference("tst_project", id)), new Delete(gone)]));
        await RefusedAsync("Targets[1]", new CreateMultiple("tst_project", [new Create(Project("a")), new Create(new EntityRecord("tst_tag") { ["tst_name"] = "x" })]));
        await RefusedAsync(null, new CreateMultiple("tst_project", []));
        await RefusedAsync(null, new CreateMultiple("tst_project", [.. Enumerable.Repeat(new Create(Project("a")), MultipleMessage.Most + 1)]));

        Assert.Equal("Stays", Assert.Single(await engine.QueryAsync("tst_project", ""))["tst_name"]);

        async Task RefusedAsync(string? place, Message message) =>
            Assert.Equal(place, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(message))).Place);
    }

    [Fact]
    public async Task The_steps_of_each_row_run_and_each_asks_for_the_callers_rights()
    {
        await using var engine = await StartAsync(new ProjectPack()
            .Write("entities/tst_project/steps.json", """{ "steps": [ { "name": "mark", "script": "mark.js", "message": "Create", "stage": "PreOperation", "limits": { "milliseconds": 60000 } } ] }""")
            .Write("entities/tst_project/mark.js", "if (context.target.get('tst_name') === 'no') context.reject('No.', 'tst_no'); context.target.set('tst_name', context.target.get('tst_name') + '!');"));
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var foreign = await engine.CreateAsync(Project("Foreign"));

        await engine.SendAsync(new CreateMultiple("tst_project", [new Create(Project("a")), new Create(Project("b"))]), worker);
        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new CreateMultiple("tst_project", [new Create(Project("c")), new Create(Project("no"))]), worker));
        var hidden = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new UpdateMultiple("tst_project", [new Update(Project("x", foreign))]), worker));

        Assert.Equal(("tst_no", "Targets[1]", ErrorKind.NotFound), (refused.SubCode, refused.Place, hidden.Kind));
        Assert.Equal(["Foreign!", "a!", "b!"], (await engine.QueryAsync("tst_project", "")).Select(row => (string)row["tst_name"]!).Order(StringComparer.Ordinal));
    }

    private static EntityRecord Project(string name, Guid id = default) => new("tst_project", id) { ["tst_name"] = name };

    private async Task<TestEngine> StartAsync(ProjectPack? pack = null) => await TestEngine.StartAsync(await DatabaseAsync(), [], (pack ?? new ProjectPack()).Files);
}

public sealed class MultipleOnSqlite : MultipleTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class MultipleOnPostgreSql : MultipleTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
