using Platform.Engine.Messages;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Messages;

/// <summary>Messages in one transaction, the same on both databases.</summary>
public abstract class ExecuteTogetherTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Messages_see_what_those_before_them_wrote_and_all_of_it_stays()
    {
        await using var engine = await StartAsync();

        var account = await engine.Engine.ExecuteTogetherAsync(
            async ct =>
            {
                var account = (await SendAsync(engine, new Create(new EntityRecord("account") { ["name"] = "Together" }), ct)).Id;
                var contact = await SendAsync(engine, new Create(new EntityRecord("contact") { ["lastname"] = "Kim", ["parentcustomerid"] = new EntityReference("account", account) }), ct);
                await SendAsync(engine, new Associate(new EntityReference("account", account), "primarycontactid", [new EntityReference("contact", contact.Id)]), ct);
                Assert.Equal("Together", (await engine.ReadAsync("account", account))["name"]);
                return account;
            },
            engine.Admin,
            CancellationToken.None);

        var row = await engine.ReadAsync("account", account);
        Assert.NotNull(row["primarycontactid"]);
        Assert.Single(await engine.QueryAsync("contact", $"?$filter=_parentcustomerid_value eq {account:D}"));
    }

    [Fact]
    public async Task A_refused_message_takes_all_others_with_it_and_nothing_that_came_beside_them()
    {
        await using var engine = await StartAsync();
        var kept = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Kept" });

        var together = engine.Engine.ExecuteTogetherAsync(
            async ct =>
            {
                await SendAsync(engine, new Create(new EntityRecord("account") { ["name"] = "Lost" }), ct);
                await SendAsync(engine, new Update(new EntityRecord("account", kept) { ["name"] = "Lost" }), ct);
                return await SendAsync(engine, new Update(new EntityRecord("account", Guid.CreateVersion7()) { ["name"] = "Nobody" }), ct);
            },
            engine.Admin,
            CancellationToken.None);
        var beside = Enumerable.Range(0, 20).Select(at => engine.CreateAsync(new EntityRecord("account") { ["name"] = $"Beside {at}" })).ToList();

        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<PlatformException>(() => together)).Kind);
        await Task.WhenAll(beside);
        Assert.Empty(await engine.QueryAsync("account", "?$filter=name eq 'Lost'"));
        Assert.Equal("Kept", (await engine.ReadAsync("account", kept))["name"]);
        Assert.Equal(20, (await engine.QueryAsync("account", "?$filter=startswith(name,'Beside')")).Count);
        Assert.Empty(await engine.QueryAsync("audit", $"?$filter=objectid eq {kept:D} and operation eq 2"));
    }

    [Fact]
    public async Task A_refusal_that_the_work_catches_takes_only_its_message_back()
    {
        await using var engine = await StartAsync();

        await engine.Engine.ExecuteTogetherAsync(
            async ct =>
            {
                await SendAsync(engine, new Create(new EntityRecord("account") { ["name"] = "First" }), ct);
                await Assert.ThrowsAsync<PlatformException>(() => SendAsync(engine, new Create(new EntityRecord("account") { ["name"] = new string('x', 5000) }), ct));
                return await SendAsync(engine, new Create(new EntityRecord("account") { ["name"] = "Second" }), ct);
            },
            engine.Admin,
            CancellationToken.None);

        Assert.Equal(["First", "Second"], (await engine.QueryAsync("account", "?$orderby=name")).Select(row => (string)row["name"]!));
    }

    [Fact]
    public async Task A_user_disabled_together_is_refused_at_once_and_one_whose_change_was_rolled_back_is_not()
    {
        await using var engine = await StartAsync();
        var user = await engine.UserAsync();
        Task<bool> DisableAsync(bool fail) => engine.Engine.ExecuteTogetherAsync(
            async ct =>
            {
                await SendAsync(engine, new Update(new EntityRecord("systemuser", user.UserId) { ["isdisabled"] = true }), ct);
                return fail ? throw new InvalidOperationException("Rolled back.") : true;
            },
            engine.Admin,
            CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(() => DisableAsync(fail: true));
        Assert.Equal(user.UserId, (await engine.Callers.ForUserAsync(user.UserId, CancellationToken.None)).UserId);
        await DisableAsync(fail: false);
        await Assert.ThrowsAsync<PlatformException>(async () => await engine.Callers.ForUserAsync(user.UserId, CancellationToken.None));
    }

    [Fact]
    public async Task Two_that_lock_the_same_rows_in_another_order_both_come_through()
    {
        await using var engine = await StartAsync();
        var rows = new[] { await engine.CreateAsync(new EntityRecord("account") { ["name"] = "A" }), await engine.CreateAsync(new EntityRecord("account") { ["name"] = "B" }) };
        Task<bool> RunAsync(IEnumerable<Guid> order, string text) => engine.Engine.ExecuteTogetherAsync(
            async ct =>
            {
                foreach (var row in order)
                {
                    await SendAsync(engine, new Update(new EntityRecord("account", row) { ["telephone1"] = text }), ct);
                    await Task.Delay(150, ct);
                }
                return true;
            },
            engine.Admin,
            CancellationToken.None);

        await Task.WhenAll(RunAsync(rows, "1"), RunAsync([rows[1], rows[0]], "2"));

        Assert.Single((await engine.QueryAsync("account", "?$select=telephone1")).Select(row => row["telephone1"]).Distinct());
    }

    private static Task<MessageResult> SendAsync(TestEngine engine, Message message, CancellationToken ct) => engine.Engine.ExecuteAsync(message, engine.Admin, ct);

    private async Task<TestEngine> StartAsync() => await TestEngine.StartAsync(await DatabaseAsync());
}

public sealed class ExecuteTogetherOnSqlite : ExecuteTogetherTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class ExecuteTogetherOnPostgreSql : ExecuteTogetherTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
