using Platform.Engine.Messages;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Messages;

/// <summary>Upsert, the same on both databases.</summary>
public abstract class UpsertTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task An_id_that_no_row_has_makes_the_row_and_the_second_time_changes_it()
    {
        await using var engine = await StartAsync();
        var id = Guid.CreateVersion7();

        var made = await engine.SendAsync(new Upsert(Project(id, "First")));
        var changed = await engine.SendAsync(new Upsert(Project(id, "Second")));

        Assert.Equal((id, true), (made.Id, made.Created));
        Assert.Equal((id, false), (changed.Id, changed.Created));
        Assert.True(changed.Version > made.Version);
        Assert.Equal("Second", Assert.Single(await engine.QueryAsync("tst_project", ""))["tst_name"]);
    }

    [Fact]
    public async Task The_key_of_a_row_that_is_there_stays_and_a_new_row_has_what_the_target_says()
    {
        await using var engine = await StartAsync();
        var id = (await engine.SendAsync(new Upsert(Project(default, "New"), Code("A")))).Id;
        Assert.Equal("A", (await engine.ReadAsync("tst_project", id))["tst_code"]);

        var target = Project(default, "Changed");
        target["tst_code"] = "B";
        Assert.Equal((id, false), (await engine.SendAsync(new Upsert(target, Code("a")))) is var same ? (same.Id, same.Created) : default);
        Assert.Equal(("A", "Changed"), await engine.ReadAsync("tst_project", id) is var row ? ((string)row["tst_code"]!, (string)row["tst_name"]!) : default);

        var other = await engine.SendAsync(new Upsert(target, Code("C")));
        Assert.True(other.Created);
        Assert.Equal("B", (await engine.ReadAsync("tst_project", other.Id))["tst_code"]);
    }

    [Fact]
    public async Task What_names_no_row_or_names_two_is_refused()
    {
        await using var engine = await StartAsync();
        var first = (await engine.SendAsync(new Upsert(Project(default, "First"), Code("A")))).Id;

        await RefusedAsync(ErrorKind.Precondition, new Upsert(Project(first, "x"), [], CreateOnly: true));
        await RefusedAsync(ErrorKind.Precondition, new Upsert(Project(default, "x"), Code("A"), CreateOnly: true));
        await RefusedAsync(ErrorKind.Invalid, new Upsert(Project(default, "x")));
        await RefusedAsync(ErrorKind.Invalid, new Upsert(Project(default, "x"), [KeyValuePair.Create<string, object>("tst_name", "First")]));
        await RefusedAsync(ErrorKind.Invalid, new Upsert(Project(Guid.CreateVersion7(), "x"), Code("A")));
        // Not found by the key in the address, and the body's is taken.
        var taken = Project(default, "x");
        taken["tst_code"] = "A";
        await RefusedAsync(ErrorKind.Precondition, new Upsert(taken, Code("Z")));
        await RefusedAsync(ErrorKind.NotAllowed, new Upsert(new EntityRecord("audit", Guid.CreateVersion7())));

        Assert.Equal("First", Assert.Single(await engine.QueryAsync("tst_project", ""))["tst_name"]);

        async Task RefusedAsync(ErrorKind kind, Message message) =>
            Assert.Equal(kind, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(message))).Kind);
    }

    [Fact]
    public async Task A_row_that_the_caller_may_not_see_is_neither_changed_nor_told_of()
    {
        await using var engine = await StartAsync();
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var hidden = (await engine.SendAsync(new Upsert(Project(default, "Hidden"), Code("A")))).Id;

        var byKey = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Upsert(Project(default, "x"), Code("A")), worker));
        var byId = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Upsert(Project(hidden, "x")), worker));
        var own = await engine.SendAsync(new Upsert(Project(default, "Own"), Code("B")), worker);
        Assert.False((await engine.SendAsync(new Upsert(Project(default, "Mine"), Code("B")), worker)).Created);

        Assert.Equal((ErrorKind.NotFound, ErrorKind.NotFound), (byKey.Kind, byId.Kind));
        Assert.DoesNotContain(hidden.ToString("D"), byKey.Message, StringComparison.Ordinal);
        Assert.Equal("Hidden", (await engine.ReadAsync("tst_project", hidden))["tst_name"]);
        Assert.Equal("Mine", (await engine.ReadAsync("tst_project", own.Id))["tst_name"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Many_who_upsert_the_same_new_row_at_once_make_one(bool byKey)
    {
        await using var engine = await StartAsync();
        var id = byKey ? Guid.Empty : Guid.CreateVersion7();

        var results = await Task.WhenAll(Enumerable.Range(0, 24).Select(at => engine.SendAsync(new Upsert(Project(id, $"P{at}"), byKey ? Code("A") : []))));

        var row = Assert.Single(await engine.QueryAsync("tst_project", ""));
        Assert.All(results, result => Assert.Equal(row.Id, result.Id));
        Assert.Single(results, result => result.Created);
    }

    [Fact]
    public async Task The_steps_of_create_or_of_update_run_each_for_its_case()
    {
        await using var engine = await StartAsync(new ProjectPack()
            .Write("entities/tst_project/steps.json", """
                { "steps": [ { "name": "first", "script": "first.js", "message": "Create", "stage": "PreValidation", "limits": { "milliseconds": 60000 } },
                             { "name": "again", "script": "again.js", "message": "Update", "stage": "PreValidation", "limits": { "milliseconds": 60000 } },
                             { "name": "before", "script": "before.js", "message": "Update", "stage": "PreOperation", "limits": { "milliseconds": 60000 } } ] }
                """)
            .Write("entities/tst_project/first.js", "context.target.set('tst_name', 'made ' + context.target.get('tst_name') + ' ' + context.message);")
            .Write("entities/tst_project/again.js", "context.target.set('tst_name', 'changed ' + context.target.get('tst_name'));")
            .Write("entities/tst_project/before.js", "if (context.target.get('tst_name') === 'changed no') context.reject('No.', 'tst_no');"));

        var id = (await engine.SendAsync(new Upsert(Project(default, "a"), Code("A")))).Id;
        Assert.Equal("made a Create", (await engine.ReadAsync("tst_project", id))["tst_name"]);
        await engine.SendAsync(new Upsert(Project(default, "b"), Code("A")));
        Assert.Equal("changed b", (await engine.ReadAsync("tst_project", id))["tst_name"]);
        Assert.Equal("tst_no", (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Upsert(Project(id, "no"))))).SubCode);
        Assert.Equal("changed b", (await engine.ReadAsync("tst_project", id))["tst_name"]);
    }

    private static EntityRecord Project(Guid id, string name) => new("tst_project", id) { ["tst_name"] = name };

    private static System.Collections.Immutable.ImmutableArray<KeyValuePair<string, object>> Code(string code) => [KeyValuePair.Create<string, object>("tst_code", code)];

    private async Task<TestEngine> StartAsync(ProjectPack? pack = null) => await TestEngine.StartAsync(await DatabaseAsync(), [], (pack ?? new ProjectPack()).Files);
}

public sealed class UpsertOnSqlite : UpsertTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class UpsertOnPostgreSql : UpsertTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
