using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Plugins;

/// <summary>The scripts of the loyalty pack, from the request to the row, on each database.</summary>
public abstract class LoyaltySuite(TestDatabase database) : IAsyncLifetime
{
    private const string Number = "4539578763621486";

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(pack: "loyalty", database: database);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Points_raise_the_balance_of_the_card()
    {
        var card = await IssueAsync();

        (await PostAsync(card, 300)).Demand(HttpStatusCode.NoContent);
        (await PostAsync(card, -120)).Demand(HttpStatusCode.NoContent);

        Assert.Equal(180, await BalanceAsync(card));
    }

    [Fact]
    public async Task A_card_is_issued_to_a_member_once_and_points_move_to_another_card_or_stay()
    {
        var (member, other) = (await MemberAsync(), await MemberAsync());
        var card = (await Http.CallAsync($"contacts({member})/Microsoft.Dynamics.CRM.loy_IssueCard", $$"""{"Number":"{{Number}}"}""")).Demand(HttpStatusCode.OK).Body.GetProperty("Card").GetProperty("loy_cardid").GetGuid();
        Assert.Equal("회원에게 이미 사용 중인 카드가 있습니다.", (await Http.CallAsync($"contacts({member})/Microsoft.Dynamics.CRM.loy_IssueCard", """{"Number":"8201000000000075"}""", ("Accept-Language", "ko"))).Demand(HttpStatusCode.BadRequest).ErrorMessage);
        Assert.Equal("The card number fails its check digit.", (await Http.CallAsync($"contacts({other})/Microsoft.Dynamics.CRM.loy_IssueCard", """{"Number":"8201000000000076"}""")).Demand(HttpStatusCode.BadRequest).ErrorMessage);
        var second = (await Http.CallAsync($"contacts({other})/Microsoft.Dynamics.CRM.loy_IssueCard", """{"Number":"8201000000000075"}""")).Demand(HttpStatusCode.OK).Body.GetProperty("Card").GetProperty("loy_cardid").GetGuid();
        (await PostAsync(card, 300)).Demand(HttpStatusCode.NoContent);
        string Transfer(int points) => $$"""{"Points":{{points}},"To":{"@odata.type":"Microsoft.Dynamics.CRM.loy_card","loy_cardid":"{{second}}"} }""";

        Assert.Equal(180, (await Http.CallAsync($"loy_cards({card})/Microsoft.Dynamics.CRM.loy_TransferPoints", Transfer(120))).Demand(HttpStatusCode.OK).Body.GetProperty("Balance").GetInt32());
        Assert.Equal("Not enough points on the card.", (await Http.CallAsync($"loy_cards({card})/Microsoft.Dynamics.CRM.loy_TransferPoints", Transfer(181))).Demand(HttpStatusCode.BadRequest).ErrorMessage);
        (await Http.CallAsync($"loy_cards({card})/Microsoft.Dynamics.CRM.loy_TransferPoints", Transfer(0))).Demand(HttpStatusCode.BadRequest);

        Assert.Equal((180, 120), (await BalanceAsync(card), await BalanceAsync(second)));
    }

    [Fact]
    public async Task Rollups_and_formulas_are_answered_filtered_sorted_and_not_written()
    {
        var card = await IssueAsync();
        (await PostAsync(card, 1500)).Demand(HttpStatusCode.NoContent);
        (await Http.UpdateAsync($"loy_cards({card})", new { loy_posted = 7, loy_worth = 7.5 })).Demand(HttpStatusCode.NoContent);

        var rows = (await Http.ReadAsync(
            "loy_cards?$select=loy_posted,loy_worth,loy_lastposted&$filter=loy_posted gt 1499 and loy_worth eq null&$orderby=loy_lastposted desc,loy_posted",
            ("Prefer", "odata.include-annotations=\"*\""))).Demand(HttpStatusCode.OK).Body.GetProperty("value");

        var row = Assert.Single(rows.EnumerateArray());
        Assert.Equal(1500, row.GetProperty("loy_posted").GetInt64());
        Assert.Equal("1,500", row.GetProperty("loy_posted@OData.Community.Display.V1.FormattedValue").GetString());
        Assert.Equal(JsonValueKind.Null, row.GetProperty("loy_worth").ValueKind);
        var metadata = await Http.GetStringAsync(new Uri("/api/data/v9.2/$metadata", UriKind.Relative));
        Assert.Contains("<Property Name=\"loy_posted\" Type=\"Edm.Int64\"", metadata, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_burn_beyond_the_balance_is_rejected_and_nothing_changes()
    {
        var card = await IssueAsync();
        (await PostAsync(card, 100)).Demand(HttpStatusCode.NoContent);

        var rejected = (await PostAsync(card, -101)).Demand(HttpStatusCode.BadRequest);

        Assert.Equal("0x80040265", rejected.ErrorCode);
        Assert.Equal("Not enough points on the card.", rejected.ErrorMessage);
        Assert.Equal(100, await BalanceAsync(card));
        Assert.Equal(1, await CountAsync("loy_transactions"));
    }

    [Fact]
    public async Task A_posted_transaction_is_neither_changed_nor_deleted_and_the_balance_stays_its_sum()
    {
        var card = await IssueAsync();
        var posted = (await PostAsync(card, 100)).Demand(HttpStatusCode.NoContent).EntityId;

        Assert.Equal("0x80040265", (await Http.UpdateAsync($"loy_transactions({posted})", new { loy_points = 5000 })).Demand(HttpStatusCode.BadRequest).ErrorCode);
        Assert.Equal("0x80040265", (await Http.RemoveAsync($"loy_transactions({posted})")).Demand(HttpStatusCode.BadRequest).ErrorCode);
        (await Http.UpdateAsync($"loy_transactions({posted})", new { loy_points = 100, loy_reason = "late" })).Demand(HttpStatusCode.NoContent);

        Assert.Equal(100, await BalanceAsync(card));
    }

    [Fact]
    public async Task What_a_script_stumbles_over_is_told_as_the_missing_value_that_it_is()
    {
        var answer = (await Http.CreateAsync("loy_transactions", new { loy_points = 1 })).Demand(HttpStatusCode.BadRequest);

        Assert.Contains("loy_cardid", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync("loy_transactions"));
    }

    [Fact]
    public async Task A_rejection_speaks_the_language_of_the_caller()
    {
        var card = await IssueAsync();

        var rejected = (await PostAsync(card, -1, ("Accept-Language", "ko-KR,ko;q=0.9"))).Demand(HttpStatusCode.BadRequest);

        Assert.Equal("카드의 포인트가 부족합니다.", rejected.ErrorMessage);
    }

    [Fact]
    public async Task A_card_number_with_a_wrong_check_digit_is_rejected_and_no_card_is_written()
    {
        var member = await MemberAsync();

        var rejected = (await CardAsync("4539578763621487", member)).Demand(HttpStatusCode.BadRequest);

        Assert.Equal("The card number fails its check digit.", rejected.ErrorMessage);
        Assert.Equal(0, await CountAsync("loy_cards"));
    }

    [Fact]
    public async Task A_card_number_is_used_once()
    {
        var member = await MemberAsync();
        (await CardAsync(Number, member)).Demand(HttpStatusCode.NoContent);

        var rejected = (await CardAsync(Number, member, ("Accept-Language", "ko"))).Demand(HttpStatusCode.BadRequest);

        Assert.Equal("이미 사용 중인 카드 번호입니다.", rejected.ErrorMessage);
        Assert.Equal(1, await CountAsync("loy_cards"));
    }

    [Fact]
    public async Task A_number_that_is_changed_to_a_wrong_one_keeps_the_old()
    {
        var card = await IssueAsync();

        (await Http.UpdateAsync($"loy_cards({card})", new { loy_number = "4539578763621487" })).Demand(HttpStatusCode.BadRequest);

        var row = (await Http.ReadAsync($"loy_cards({card})?$select=loy_number")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(Number, row.GetProperty("loy_number").GetString());
    }

    [Fact]
    public async Task The_balance_is_not_written_from_outside()
    {
        var card = await IssueAsync();

        var refused = (await Http.UpdateAsync($"loy_cards({card})", new { loy_balance = 1_000_000 })).Demand(HttpStatusCode.BadRequest);

        Assert.Contains("loy_balance", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(0, await BalanceAsync(card));
    }

    [Fact]
    public async Task Points_posted_at_the_same_time_all_count()
    {
        var card = await IssueAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(_ => PostAsync(card, 10)));

        Assert.All(answers, answer => answer.Demand(HttpStatusCode.NoContent));
        Assert.Equal(120, await BalanceAsync(card));
    }

    private async Task<Guid> IssueAsync() => (await CardAsync(Number, await MemberAsync())).Demand(HttpStatusCode.NoContent).EntityId;

    private async Task<Guid> MemberAsync() => (await Http.CreateAsync("contacts", new { lastname = "Anna" })).Demand(HttpStatusCode.NoContent).EntityId;

    private Task<Answer> CardAsync(string number, Guid member, params (string Name, string Value)[] headers) =>
        Http.CreateAsync("loy_cards", new Dictionary<string, object> { ["loy_number"] = number, ["loy_memberid@odata.bind"] = $"/contacts({member})" }, headers);

    private Task<Answer> PostAsync(Guid card, int points, params (string Name, string Value)[] headers) =>
        Http.CreateAsync("loy_transactions", new Dictionary<string, object> { ["loy_points"] = points, ["loy_cardid@odata.bind"] = $"/loy_cards({card})" }, headers);

    private async Task<int> BalanceAsync(Guid card) =>
        (await Http.ReadAsync($"loy_cards({card})?$select=loy_balance")).Demand(HttpStatusCode.OK).Body.GetProperty("loy_balance").GetInt32();

    private async Task<int> CountAsync(string set) =>
        (await Http.ReadAsync($"{set}?$count=true&$top=1")).Demand(HttpStatusCode.OK).Body.GetProperty("@odata.count").GetInt32();
}

public sealed class SqliteLoyalty() : LoyaltySuite(TestDatabase.Sqlite);

public sealed class PostgreSqlLoyalty() : LoyaltySuite(TestDatabase.PostgreSql);
