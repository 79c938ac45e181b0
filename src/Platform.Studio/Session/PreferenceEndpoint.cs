using Microsoft.AspNetCore.Http;

namespace Platform.Studio.Session;

/// <summary>Stores a choice of language or theme and goes back. Works without scripts, hence also on the sign-in page.</summary>
internal static class PreferenceEndpoint
{
    public const string Path = "/preferences";

    public static string Address(string key, string value, string returnUrl) =>
        $"{Path}?{key}={Uri.EscapeDataString(value)}&returnUrl={Uri.EscapeDataString(returnUrl)}";

    public static IResult Set(HttpContext http, string? language, string? theme, string? returnUrl)
    {
        Preferences.KeepLanguage(http.Response, language);
        if (theme is not null && Preferences.Themes.Contains(theme)) http.Response.Cookies.Append(Preferences.ThemeCookie, theme, Preferences.Kept);
        return Results.LocalRedirect(IsLocal(returnUrl) ? returnUrl! : "/");
    }

    /// <summary>True for an address on this site: a link must not lead elsewhere.</summary>
    internal static bool IsLocal(string? url) =>
        url is ['/'] or ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl);
}
