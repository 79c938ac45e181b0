using Platform.Engine.Messages;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Relationships;

/// <summary>What setting a lookup asks of the caller, on both databases.</summary>
public abstract class AppendRightTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task A_lookup_to_ones_own_row_is_set_and_one_to_a_row_that_may_only_be_read_is_forbidden()
    {
        await using var engine = await StartAsync();
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var own = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Own" }, worker);
        var foreign = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Foreign" });

        var project = await engine.CreateAsync(Project(own), worker);
        var created = await RefusedAsync(() => engine.CreateAsync(Project(foreign), worker));
        var updated = await RefusedAsync(() => engine.SendAsync(new Update(Project(foreign, project)), worker));

        Assert.All([created, updated], refused => Assert.Equal(ErrorKind.Forbidden, refused.Kind));
        Assert.Contains("prvAppendToaccount", created.Message, StringComparison.Ordinal);
        Assert.Equal(own, (await engine.ReadAsync("tst_project", project)).GetLookup("tst_accountid")!.Id);
        Assert.Single(await engine.QueryAsync("tst_project", ""));
    }

    [Fact]
    public async Task A_lookup_to_a_row_that_may_not_be_read_is_refused_as_one_to_a_row_that_is_not_there()
    {
        await using var engine = await StartAsync();
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var secret = await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "Secret" });
        var nothing = Guid.CreateVersion7();

        var hidden = await RefusedAsync(() => engine.CreateAsync(Task(secret), worker));
        var missing = await RefusedAsync(() => engine.CreateAsync(Task(nothing), worker));

        Assert.Equal((missing.Kind, missing.Code, missing.Message.Replace(nothing.ToString(), "", StringComparison.Ordinal)), (hidden.Kind, hidden.Code, hidden.Message.Replace(secret.ToString(), "", StringComparison.Ordinal)));
        Assert.Empty(await engine.QueryAsync("tst_task", ""));
    }

    [Fact]
    public async Task Without_append_on_the_row_no_lookup_of_it_is_set_and_all_else_is_written()
    {
        await using var engine = await StartAsync(new ProjectPack().Replace(
            "roles/worker.json",
            "\"tst_task\": { \"create\": \"user\", \"read\": \"user\", \"write\": \"user\", \"append\": \"user\", \"appendTo\": \"user\" }",
            "\"tst_task\": { \"create\": \"user\", \"read\": \"user\", \"write\": \"user\" }"));
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var project = await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "Own" }, worker);

        var task = await engine.CreateAsync(new EntityRecord("tst_task") { ["tst_name"] = "T" }, worker);
        var refused = await RefusedAsync(() => engine.SendAsync(new Update(new EntityRecord("tst_task", task) { ["tst_projectid"] = new EntityReference("tst_project", project) }), worker));

        Assert.Equal(ErrorKind.Forbidden, refused.Kind);
        Assert.Contains("prvAppendtst_task", refused.Message, StringComparison.Ordinal);
        Assert.Null((await engine.ReadAsync("tst_task", task))["tst_projectid"]);
    }

    [Fact]
    public async Task A_lookup_that_stays_as_it_was_asks_for_no_right()
    {
        await using var engine = await StartAsync();
        var worker = await engine.UserAsync(ProjectPack.Worker);
        var foreign = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Foreign" });
        var project = await engine.CreateAsync(new EntityRecord("tst_project") { ["tst_name"] = "Given", ["tst_accountid"] = new EntityReference("account", foreign), ["ownerid"] = worker.User });

        await engine.SendAsync(new Update(new EntityRecord("tst_project", project) { ["tst_name"] = "Renamed", ["tst_accountid"] = new EntityReference("account", foreign) }), worker);
        await engine.SendAsync(new Update(new EntityRecord("tst_project", project) { ["tst_accountid"] = null }), worker);

        Assert.Equal("Renamed", (await engine.ReadAsync("tst_project", project))["tst_name"]);
    }

    private static EntityRecord Project(Guid account, Guid id = default) => new("tst_project", id) { ["tst_name"] = "P", ["tst_accountid"] = new EntityReference("account", account) };

    private static EntityRecord Task(Guid project) => new("tst_task") { ["tst_name"] = "T", ["tst_projectid"] = new EntityReference("tst_project", project) };

    private static Task<PlatformException> RefusedAsync(Func<Task> send) => Assert.ThrowsAsync<PlatformException>(send);

    private async Task<TestEngine> StartAsync(ProjectPack? pack = null) => await TestEngine.StartAsync(await DatabaseAsync(), [], (pack ?? new ProjectPack()).Files);
}

public sealed class AppendRightsOnSqlite : AppendRightTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class AppendRightsOnPostgreSql : AppendRightTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
