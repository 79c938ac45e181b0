using Platform.Engine.Messages;
using Platform.Engine.Security;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Steps;

/// <summary>The shipped example steps (C# and JavaScript) in the engine they run in.</summary>
public abstract class LoyaltyStepTests
{
    private const string GoodNumber = "4539578763621486";

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Points_of_a_transaction_arrive_on_the_card_and_the_audit_names_the_step()
    {
        await using var engine = await StartAsync();
        var card = await CardAsync(engine);

        await EarnAsync(engine, card, 120);
        await EarnAsync(engine, card, -20);

        Assert.Equal(100, (await engine.ReadAsync("loy_card", card))["loy_balance"]);
        var audit = await engine.QueryAsync("audit", $"?$filter=objectid eq {card:D} and operation eq 2");
        Assert.Equal(2, audit.Count);
        Assert.All(audit, entry => Assert.Equal("post points", entry["stepname"]));
    }

    [Fact]
    public async Task What_the_transactions_add_up_to_is_the_balance_also_after_refused_ones()
    {
        await using var engine = await StartAsync();
        var card = await CardAsync(engine);
        var program = await engine.CreateAsync(new EntityRecord("loy_program") { ["loy_name"] = "Stars", ["loy_code"] = "STARS", ["loy_pointvalue"] = 0.05m });
        await engine.SendAsync(new Update(new EntityRecord("loy_card", card) { ["loy_programid"] = new EntityReference("loy_program", program) }));
        Assert.Equal((0L, null), ((long)(await engine.ReadAsync("loy_card", card))["loy_posted"]!, (await engine.ReadAsync("loy_card", card))["loy_lastposted"]));

        foreach (var points in new[] { 120, -20, 31 }) await EarnAsync(engine, card, points);
        await Assert.ThrowsAsync<PlatformException>(() => EarnAsync(engine, card, -500));

        var row = await engine.ReadAsync("loy_card", card);
        Assert.Equal((131, 131L, 6.55m), ((int)row["loy_balance"]!, (long)row["loy_posted"]!, (decimal)row["loy_worth"]!));
        Assert.NotNull(row["loy_lastposted"]);
        Assert.Equal(1, (await engine.QueryAsync("contact", "?$filter=loy_cards gt 0")).Single()["loy_cards"]);
    }

    [Fact]
    public async Task A_burn_beyond_the_balance_is_rejected_and_neither_card_nor_transactions_change()
    {
        await using var engine = await StartAsync();
        var card = await CardAsync(engine);
        await EarnAsync(engine, card, 50);

        var english = await Assert.ThrowsAsync<PlatformException>(() => EarnAsync(engine, card, -51));
        var korean = await Assert.ThrowsAsync<PlatformException>(() => EarnAsync(engine, card, -51, engine.Admin with { Language = "ko" }));

        Assert.Equal(("Not enough points on the card.", "loy_insufficient_points"), (english.Message, english.SubCode));
        Assert.Matches("[가-힣]", korean.Message);
        Assert.Equal(50, (await engine.ReadAsync("loy_card", card))["loy_balance"]);
        Assert.Single(await engine.QueryAsync("loy_transaction", ""));
    }

    [Fact]
    public async Task A_card_number_with_a_wrong_check_digit_is_rejected_by_the_script()
    {
        await using var engine = await StartAsync();

        var refused = await Assert.ThrowsAsync<PlatformException>(() => CardAsync(engine, "4539578763621487"));

        Assert.Equal("loy_check_digit", refused.SubCode);
        Assert.Empty(await engine.QueryAsync("loy_card", ""));
    }

    [Fact]
    public async Task A_number_in_use_is_found_by_the_scripts_query()
    {
        await using var engine = await StartAsync();
        await CardAsync(engine);

        var refused = await Assert.ThrowsAsync<PlatformException>(() => CardAsync(engine));

        Assert.Equal("loy_duplicate_number", refused.SubCode);
        Assert.Single(await engine.QueryAsync("loy_card", ""));
    }

    [Fact]
    public async Task A_read_only_attribute_is_closed_to_callers_though_its_packs_steps_write_it()
    {
        await using var engine = await StartAsync();
        var card = await CardAsync(engine);

        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("loy_card", card) { ["loy_balance"] = 1_000_000 })));

        Assert.Equal("loy_balance", refused.Attribute);
        Assert.Equal(0, (await engine.ReadAsync("loy_card", card))["loy_balance"]);
    }

    [Fact]
    public async Task Many_transactions_at_once_lose_no_point()
    {
        await using var engine = await StartAsync();
        var card = await CardAsync(engine);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => RetriedAsync(() => EarnAsync(engine, card, 1))));

        Assert.Equal(40, (await engine.ReadAsync("loy_card", card))["loy_balance"]);
    }

    // The script reads, adds and writes. On PostgreSQL two of them can read the same balance: that is what row versions are for.
    protected virtual Task RetriedAsync(Func<Task> earn) => earn();

    private static Task<Guid> EarnAsync(TestEngine engine, Guid card, int points, Caller? caller = null) =>
        engine.CreateAsync(new EntityRecord("loy_transaction") { ["loy_cardid"] = new EntityReference("loy_card", card), ["loy_points"] = points, ["loy_description"] = "Test" }, caller);

    private static async Task<Guid> CardAsync(TestEngine engine, string number = GoodNumber)
    {
        var member = await engine.CreateAsync(new EntityRecord("contact") { ["lastname"] = "김" });
        return await engine.CreateAsync(new EntityRecord("loy_card") { ["loy_number"] = number, ["loy_memberid"] = new EntityReference("contact", member) });
    }

    private async Task<TestEngine> StartAsync() => await TestEngine.StartAsync(await DatabaseAsync(), ["loyalty"]);
}

public sealed class LoyaltyStepsOnSqlite : LoyaltyStepTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class LoyaltyStepsOnPostgreSql : LoyaltyStepTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
