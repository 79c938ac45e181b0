using System.Net;
using System.Text.RegularExpressions;
using Platform.Server.SignIn;
using Platform.Server.Start;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.SignIn;

public sealed partial class LanguageTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("ko", "ko")]
    [InlineData("ko-KR,ko;q=0.9,en-US;q=0.8", "ko")]
    [InlineData("en-US,ko;q=0.5", "en")]
    [InlineData("fr-FR,ko;q=0.5,en;q=0.1", "ko")]
    [InlineData("kok", null)]
    [InlineData("ko;q=0, en", "en")]
    [InlineData("*", null)]
    [InlineData(";;;q=x", null)]
    public void The_most_wanted_language_that_we_have_is_taken_or_none(string header, string? language) =>
        Assert.Equal(language, RequestCaller.Language(header));

    [Fact]
    public async Task Who_signs_in_sees_the_app_in_the_language_of_the_own_settings_and_a_way_to_them()
    {
        await using var server = await TestServer.StartAsync();
        var user = (await server.Http.ReadAsync("WhoAmI()")).Demand(HttpStatusCode.OK).Body.GetProperty("UserId").GetGuid();
        (await server.Http.UpdateAsync($"usersettingscollection({user})", new { uilanguageid = 1042 })).Demand(HttpStatusCode.NoContent);
        var page = (await server.Anonymous.ReadAsync("/sign-in")).Demand(HttpStatusCode.OK).Text;
        Assert.Contains("lang=\"en\"", page, StringComparison.Ordinal);
        var token = AntiforgeryField().Match(page).Groups[1].Value;

        var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("username", FirstAdministrator.UserName), new("password", TestServer.Password)]);
        (await server.Anonymous.AskAsync(HttpMethod.Post, "/account/sign-in", form)).Demand(HttpStatusCode.Redirect);

        var home = (await server.Anonymous.ReadAsync("/")).Demand(HttpStatusCode.OK).Text;
        Assert.Contains("lang=\"ko\"", home, StringComparison.Ordinal);
        Assert.Contains($"/t/usersettings/{user}", home, StringComparison.Ordinal);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex AntiforgeryField();
}
