using Platform.Server.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace Platform.Server.Tests.Browser;

/// <summary>The way of a first day: in, a card, a refusal, the card again, found.</summary>
[Collection(BrowserTests.Name)]
public sealed class FirstPathTests(AppBrowser browser) : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync("loyalty", demo: true);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public Task A_wrong_password_is_told_and_the_right_one_leads_to_where_the_user_was_going() => browser.VisitAsync(server, new Look(), async app =>
    {
        await app.Page.GotoAsync("/a/loyalty/t/loy_card");
        await app.SubmitPasswordAsync("admin", "wrong");
        await Expect(app.Refusal).ToContainTextAsync("User name or password is wrong.");

        await app.SubmitPasswordAsync("admin", TestServer.Password);
        await app.ReadyAsync();

        await Expect(app.Page).ToHaveURLAsync(new Uri(server.Address, "/a/loyalty/t/loy_card").ToString());
        await Expect(app.Rows).Not.ToHaveCountAsync(0);
    });

    [Theory]
    [InlineData("en", "The card number fails its check digit.")]
    [InlineData("ko", "카드 번호의 검사 숫자가 맞지 않습니다.")]
    public Task A_card_that_its_script_rejects_is_corrected_saved_and_found(string language, string rejection) => browser.VisitAsync(server, new Look(language), async app =>
    {
        const string wrong = "8201000000007774", right = "8201000000007773";
        await app.SignInAsync("/a/loyalty/t/loy_card/new");
        await app.Field("loy_number").FillAsync(wrong);
        await app.ChooseAsync("loy_memberid", "Laura", "Laura Bennett");

        await app.SaveAsync();
        await Expect(app.Refusal).ToContainTextAsync(rejection);
        await Expect(app.Field("loy_memberid")).ToHaveValueAsync("Laura Bennett");
        Assert.Equal(0, await CountAsync(wrong));

        await app.Field("loy_number").FillAsync(right);
        await app.SaveSuccessfullyAsync();
        await Expect(app.Refusal).ToHaveCountAsync(0);
        await Expect(app.Heading).ToHaveTextAsync(right);

        await app.GoAsync("/a/loyalty/t/loy_card");
        await app.FindAsync(right);
        await Expect(app.Rows).ToHaveCountAsync(1);
        await Expect(app.Row(right)).ToContainTextAsync("Laura Bennett");
    });

    private async Task<int> CountAsync(string number) =>
        (await server.Http.ReadAsync($"loy_cards?$filter=loy_number eq '{number}'")).Body.GetProperty("value").GetArrayLength();
}
