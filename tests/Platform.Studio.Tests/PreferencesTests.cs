using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Studio.Session;

namespace Platform.Studio.Tests;

public sealed class PreferencesTests
{
    [Theory]
    [InlineData("", "ko-KR,en;q=0.5", "ko")]
    [InlineData("", "de,fr", "en")]
    [InlineData("ak-language=en", "ko", "en")]
    [InlineData("ak-language=xx", "ko", "ko")]
    public void The_users_choice_comes_before_the_browsers_language(string cookie, string accepted, string language) =>
        Assert.Equal(language, Preferences.Of(Request(cookie, accepted)).Language);

    [Fact]
    public void Cookies_that_make_no_sense_are_ignored()
    {
        var preferences = Preferences.Of(Request("ak-theme=pink; ak-time-zone=Nowhere%2FLand", "en"));

        Assert.Equal(("system", null), (preferences.Theme, preferences.TimeZone));
        Assert.Equal("Asia/Seoul", Preferences.Of(Request("ak-time-zone=Asia%2FSeoul", "en")).TimeZone);
    }

    [Fact]
    public void Preferences_travel_from_the_first_response_to_the_circuit()
    {
        var preferences = new Preferences("ko", "dark", "Asia/Seoul");

        Assert.Equal(preferences, JsonSerializer.Deserialize<Preferences>(JsonSerializer.Serialize(preferences)));
    }

    [Theory]
    [InlineData("/a/sales?x=1", true)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("/a\r\nb", false)]
    [InlineData(null, false)]
    public void A_way_back_stays_on_this_site(string? address, bool local) =>
        Assert.Equal(local, PreferenceEndpoint.IsLocal(address));

    private static HttpRequest Request(string cookie, string accepted)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = cookie;
        http.Request.Headers.AcceptLanguage = accepted;
        return http.Request;
    }
}
