using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Platform.Studio.Session;

/// <summary>How this browser wants to see the app; kept in cookies, so that the very first response is right.</summary>
/// <param name="Language">Two letters, one of <see cref="Languages"/>.</param>
/// <param name="Theme"><c>light</c>, <c>dark</c> or <c>system</c>.</param>
/// <param name="TimeZone">IANA name that the browser reported; <c>null</c> before its first report.</param>
public sealed record Preferences(string Language, string Theme, string? TimeZone)
{
    public const string LanguageCookie = "ak-language";
    public const string ThemeCookie = "ak-theme";
    public const string TimeZoneCookie = "ak-time-zone";
    public const string SystemTheme = "system";

    internal static CookieOptions Kept => new()
    {
        MaxAge = TimeSpan.FromDays(365),
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        Path = "/",
    };

    /// <summary>Languages of the user interface with their own names.</summary>
    public static IReadOnlyList<(string Code, string Name)> Languages { get; } = [("en", "English"), ("ko", "한국어")];

    public static IReadOnlyList<string> Themes { get; } = [SystemTheme, "light", "dark"];

    /// <summary>Formats of numbers and dates.</summary>
    [JsonIgnore]
    public CultureInfo Culture => CultureInfo.GetCultureInfo(Language == "ko" ? "ko-KR" : "en-US");

    /// <summary>The cookies' choices; without one, the browser's language and the system's theme.</summary>
    public static Preferences Of(HttpRequest request)
    {
        var theme = request.Cookies[ThemeCookie];
        var zone = Uri.UnescapeDataString(request.Cookies[TimeZoneCookie] ?? "");
        return new Preferences(
            LanguageOf(request),
            theme is not null && Themes.Contains(theme) ? theme : SystemTheme,
            TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _) ? zone : null);
    }

    /// <summary>Shows this browser the app in a language from now on; one that the app does not have changes nothing.</summary>
    public static void KeepLanguage(HttpResponse response, string? language)
    {
        if (IsLanguage(language)) response.Cookies.Append(LanguageCookie, language!, Kept);
    }

    private static string LanguageOf(HttpRequest request)
    {
        var chosen = request.Cookies[LanguageCookie];
        if (IsLanguage(chosen)) return chosen!;
        var asked = request.GetTypedHeaders().AcceptLanguage
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value?.Split('-')[0]);
        return asked.FirstOrDefault(IsLanguage) ?? "en";
    }

    internal static bool IsLanguage(string? code) => Languages.Any(language => language.Code == code);
}
