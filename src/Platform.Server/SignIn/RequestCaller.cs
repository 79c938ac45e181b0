using System.Security.Claims;
using Microsoft.Net.Http.Headers;
using Platform.Engine.Security;
using Platform.OData;

namespace Platform.Server.SignIn;

/// <summary>The caller of a request: its user, in the language that the request asks for, or else in that of the user's settings.</summary>
internal sealed class RequestCaller(CallerDirectory callers) : ICallerAccessor
{
    private static readonly string[] Languages = ["en", "ko"];

    public async ValueTask<Caller> GetAsync(HttpContext context)
    {
        var caller = await callers.ForUserAsync(UserId(context.User), context.RequestAborted);
        var language = Language(context.Request.Headers.AcceptLanguage.ToString()) ?? caller.Language;
        return language == caller.Language ? caller : caller with { Language = language };
    }

    /// <summary>The signed-in user; both kinds of sign-in put the id into the same claim.</summary>
    internal static Guid UserId(ClaimsPrincipal principal) => Guid.Parse(principal.FindFirstValue(ClaimTypes.NameIdentifier)!);

    /// <summary>The most wanted language of <c>Accept-Language</c> that we have; <c>null</c> without one.</summary>
    internal static string? Language(string header)
    {
        if (header.Length == 0 || !StringWithQualityHeaderValue.TryParseList([header], out var wishes)) return null;
        return wishes
            .Where(wish => wish.Quality is null or > 0)
            .OrderByDescending(wish => wish.Quality ?? 1)
            .Select(wish => Languages.FirstOrDefault(language => wish.Value.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (wish.Value.Length == 2 || wish.Value.Value![2] == '-')))
            .FirstOrDefault(language => language is not null);
    }
}
