using Platform.Engine.Messages;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Relationships;

/// <summary>Rows above rows, on both databases.</summary>
public abstract class HierarchyTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task A_change_that_would_close_a_circle_is_refused_with_the_way_round()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var top = await AccountAsync(engine, "Top", null);
        var middle = await AccountAsync(engine, "Middle", top);
        var bottom = await AccountAsync(engine, "Bottom", middle);

        var refused = await Assert.ThrowsAsync<PlatformException>(() => PutBelowAsync(engine, top, bottom));
        var self = await Assert.ThrowsAsync<PlatformException>(() => PutBelowAsync(engine, top, top));

        Assert.Equal((ErrorKind.Invalid, "parentaccountid"), (refused.Kind, refused.Attribute));
        Assert.Contains("Top → Bottom → Middle → Top", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Top → Top", self.Message, StringComparison.Ordinal);
        Assert.Null((await engine.ReadAsync("account", top))["parentaccountid"]);
        await PutBelowAsync(engine, bottom, top);
        Assert.Equal(top, (await engine.ReadAsync("account", bottom)).GetLookup("parentaccountid")!.Id);
    }

    [Fact]
    public async Task Of_two_changes_that_only_together_close_a_circle_one_is_refused()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        for (var round = 0; round < 10; round++)
        {
            var (left, right) = (await AccountAsync(engine, "Left", null), await AccountAsync(engine, "Right", null));

            var outcomes = await Task.WhenAll(SucceedsAsync(() => PutBelowAsync(engine, left, right)), SucceedsAsync(() => PutBelowAsync(engine, right, left)));

            Assert.Single(outcomes, true);
        }
    }

    private static async Task<bool> SucceedsAsync(Func<Task> send)
    {
        try
        {
            await send();
            return true;
        }
        catch (PlatformException refused) when (refused.Attribute == "parentaccountid")
        {
            return false;
        }
    }

    private static Task<Guid> AccountAsync(TestEngine engine, string name, Guid? parent) =>
        engine.CreateAsync(new EntityRecord("account") { ["name"] = name, ["parentaccountid"] = parent is { } id ? new EntityReference("account", id) : null });

    private static Task<MessageResult> PutBelowAsync(TestEngine engine, Guid account, Guid parent) =>
        engine.SendAsync(new Update(new EntityRecord("account", account) { ["parentaccountid"] = new EntityReference("account", parent) }));
}

public sealed class HierarchiesOnSqlite : HierarchyTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class HierarchiesOnPostgreSql : HierarchyTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
