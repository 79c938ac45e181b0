using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Tests;

public sealed class ExamplePluginTests(ScriptBench bench) : IClassFixture<ScriptBench>
{
    private const string PostPoints = """
        var points = Context.Target.Get<int>("loy_points");
        var card = Context.Service.Retrieve(Context.Target.GetLookup("loy_cardid"), "loy_balance");
        var balance = card.Get<int>("loy_balance") + points;
        if (balance < Context.Config.Get<int>("floor")) Context.Reject("Not enough points on the card.", "loy_insufficient_points");
        Context.Service.Update(new EntityRecord("loy_card", card.Id) { ["loy_balance"] = balance });
        Context.Trace($"balance is now {balance}");
        """;

    private const string CheckNumber = """
        var number = context.target.get("loy_number") || "";
        var sum = number.split("").reverse().map(Number)
          .reduce(function (s, d, i) { return s + (i % 2 ? (d > 4 ? 2 * d - 9 : 2 * d) : d); }, 0);
        if (sum % 10 !== 0) context.reject("The card number fails its check digit.", "loy_check_digit");
        var twins = context.service.retrieveMultiple("loy_card", "?$select=loy_cardid&$filter=loy_number eq '" + number + "'&$top=1");
        if (twins.length > 0) context.reject("This number is already in use.", "loy_duplicate_number");
        """;

    [Fact]
    public async Task Posting_points_updates_the_card_and_leaves_a_trace()
    {
        var card = new EntityRecord("loy_card", Guid.CreateVersion7()) { ["loy_balance"] = 40, ["loy_number"] = "42" };
        var services = new MemoryServices { Rows = { [card.Id] = card } };

        var outcome = await bench.RunAsync(ScriptBench.CSharp(PostPoints), services, run => run with { Target = Transaction(card, 60), Config = """{ "floor": 0 }""" });

        Assert.Null(outcome.Rejection);
        Assert.Equal(100, card["loy_balance"]);
        Assert.Equal(["balance is now 100"], outcome.Trace);
        Assert.Equal(["retrieve loy_card loy_balance", "update loy_card"], services.Calls);
        Assert.Equal(2, outcome.ServiceCalls);
    }

    [Fact]
    public async Task Burning_beyond_the_floor_is_rejected_with_its_code_and_changes_nothing()
    {
        var card = new EntityRecord("loy_card", Guid.CreateVersion7()) { ["loy_balance"] = 40 };
        var services = new MemoryServices { Rows = { [card.Id] = card } };

        var outcome = await bench.RunAsync(ScriptBench.CSharp(PostPoints), services, run => run with { Target = Transaction(card, -60) });

        Assert.Equal(new PluginRejection("Not enough points on the card.", "loy_insufficient_points"), outcome.Rejection);
        Assert.Equal(40, card["loy_balance"]);
    }

    [Theory]
    [InlineData("4539578763621486", null)]
    [InlineData("4539578763621487", "loy_check_digit")]
    [InlineData("79927398713", "loy_duplicate_number")]
    public async Task A_card_number_is_checked_by_its_digit_and_against_its_twins(string number, string? code)
    {
        var twin = new EntityRecord("loy_card", Guid.CreateVersion7()) { ["loy_number"] = "79927398713" };
        var services = new MemoryServices { Rows = { [twin.Id] = twin } };

        var outcome = await bench.RunAsync(ScriptBench.JavaScript(CheckNumber), services, run => run with { Target = new EntityRecord("loy_card") { ["loy_number"] = number } });

        Assert.Equal(code, outcome.Rejection?.Code);
    }

    private static EntityRecord Transaction(EntityRecord card, int points) => new("loy_transaction") { ["loy_points"] = points, ["loy_cardid"] = card.ToReference() };
}
