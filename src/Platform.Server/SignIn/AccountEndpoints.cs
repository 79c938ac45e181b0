using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Platform.Engine.Catalog;
using Platform.Engine.Security;
using Platform.Studio.Session;

namespace Platform.Server.SignIn;

/// <summary>What the forms of the sign-in page post to. Binding a form demands the antiforgery token of the page.</summary>
internal static class AccountEndpoints
{
    /// <summary>The page with the form.</summary>
    public const string SignInPage = "/sign-in";

    public const string SignInPath = "/account/sign-in";

    public const string SignOutPath = "/account/sign-out";

    public static async Task<IResult> SignInAsync(
        [FromForm] string? username,
        [FromForm] string? password,
        [FromForm] string? returnUrl,
        PasswordCheck passwords,
        SignInManager<UserCredential> signIn,
        CallerDirectory callers,
        HttpContext http)
    {
        var back = LocalUrl(returnUrl);
        if (await passwords.CheckAsync(username ?? "", password ?? "") is { } user)
        {
            await signIn.SignInAsync(user, isPersistent: false);
            var caller = await callers.ForUserAsync(user.UserId, http.RequestAborted);
            if (caller.HasLanguage) Preferences.KeepLanguage(http.Response, caller.Language);
            return TypedResults.LocalRedirect(back);
        }

        return TypedResults.LocalRedirect($"{SignInPage}?error=password&returnUrl={Uri.EscapeDataString(back)}");
    }

    public static async Task<IResult> SignOutAsync([FromForm] string? returnUrl, SignInManager<UserCredential> signIn)
    {
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect(LocalUrl(returnUrl) is "/" ? SignInPage : LocalUrl(returnUrl));
    }

    /// <summary>The address when it stays on this site, else the start page: a link must not lead a signed-in user elsewhere.</summary>
    internal static string LocalUrl(string? url) =>
        url is ['/'] or ['/', not ('/' or '\\'), ..] && !url.Any(char.IsControl) ? url : "/";
}
