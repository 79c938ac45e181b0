using System.Net;
using System.Text.RegularExpressions;
using Platform.Server.SignIn;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.SignIn;

public sealed partial class BrowserSignInTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task The_form_signs_in_with_a_cookie_and_leads_back()
    {
        var answer = (await SubmitAsync(TestServer.Password, "/entities/account")).Demand(HttpStatusCode.Redirect);

        Assert.Equal("/entities/account", answer.Response.Headers.Location!.OriginalString);
        var cookie = answer.Response.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("platform=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_wrong_password_leads_back_to_the_form()
    {
        var answer = (await SubmitAsync("wrong", "/")).Demand(HttpStatusCode.Redirect);

        Assert.StartsWith(AccountEndpoints.SignInPage, answer.Response.Headers.Location!.OriginalString, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Response.Headers, header => header.Key == "Set-Cookie" && header.Value.Any(value => value.StartsWith("platform=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_form_without_the_antiforgery_token_is_refused()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["username"] = "admin", ["password"] = TestServer.Password });

        (await server.Anonymous.AskAsync(HttpMethod.Post, AccountEndpoints.SignInPath, form)).Demand(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("https://example.com/", "/")]
    [InlineData("//example.com/", "/")]
    [InlineData("/\\example.com/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/\t/example.com", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    [InlineData("/lists/account?view=1", "/lists/account?view=1")]
    public void Only_addresses_of_this_site_are_followed(string? asked, string followed) =>
        Assert.Equal(followed, AccountEndpoints.LocalUrl(asked));

    [Fact]
    public async Task The_start_page_sends_a_stranger_to_the_form()
    {
        var answer = (await server.Anonymous.ReadAsync("/")).Demand(HttpStatusCode.Redirect);

        Assert.Contains(AccountEndpoints.SignInPage, answer.Response.Headers.Location!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml", true)]
    [InlineData("application/json", false)]
    public async Task An_address_that_leads_nowhere_is_a_404_and_a_browser_sees_a_page_with_a_way_out(string accept, bool page)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var answer = await server.Anonymous.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(page, (await answer.Content.ReadAsStringAsync()).Contains("href=\"/\"", StringComparison.Ordinal));
    }

    private async Task<Answer> SubmitAsync(string password, string returnUrl)
    {
        var page = (await server.Anonymous.ReadAsync(AccountEndpoints.SignInPage)).Demand(HttpStatusCode.OK);
        var token = AntiforgeryField().Match(page.Text).Groups["token"].Value;
        Assert.NotEmpty(token);
        return await server.Anonymous.AskAsync(
            HttpMethod.Post,
            AccountEndpoints.SignInPath,
            new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["username"] = "admin", ["password"] = password, ["returnUrl"] = returnUrl, ["__RequestVerificationToken"] = token,
            }));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex AntiforgeryField();
}
