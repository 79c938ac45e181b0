using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Platform.Engine.Catalog;

namespace Platform.Server.SignIn;

/// <summary><c>POST /connect/token</c>: the OAuth 2 token endpoint (RFC 6749) for the grants <c>password</c> and <c>refresh_token</c>.</summary>
internal sealed class TokenEndpoint(
    UserManager<UserCredential> users,
    PasswordCheck passwords,
    TokenTickets tickets,
    IOptions<SignInSettings> settings,
    TimeProvider time)
{
    public static async Task<IResult> HandleAsync(HttpContext http, TokenEndpoint endpoint)
    {
        // RFC 6749, 5.1: neither a token nor a refusal may be stored on the way.
        http.Response.Headers.CacheControl = "no-store";
        if (!http.Request.HasFormContentType) return Refused("invalid_request", "The body must be application/x-www-form-urlencoded.");
        if (await ReadFormAsync(http) is not { } form) return Refused("invalid_request", "The body cannot be read as a form.");
        return form["grant_type"].ToString() switch
        {
            "password" => await endpoint.PasswordAsync(form["username"].ToString(), form["password"].ToString()),
            "refresh_token" => await endpoint.RefreshAsync(form["refresh_token"].ToString()),
            "" => Refused("invalid_request", "grant_type is missing."),
            _ => Refused("unsupported_grant_type", "The grants are password and refresh_token."),
        };
    }

    /// <returns><c>null</c> when the body is no form, or one beyond the limits.</returns>
    private static async Task<IFormCollection?> ReadFormAsync(HttpContext http)
    {
        try
        {
            return await http.Request.ReadFormAsync(http.RequestAborted);
        }
        catch (Exception broken) when (broken is InvalidDataException or BadHttpRequestException or ArgumentException or NotSupportedException || (broken is IOException && !http.RequestAborted.IsCancellationRequested))
        {
            return null;
        }
    }

    private async Task<IResult> PasswordAsync(string name, string password)
    {
        if (name.Length == 0 || password.Length == 0) return Refused("invalid_request", "username and password are needed.");
        return await passwords.CheckAsync(name, password) is { } user
            ? await GrantAsync(user)
            : Refused("invalid_grant", "The user name or the password is wrong, or the account is disabled or locked for some minutes.");
    }

    private async Task<IResult> RefreshAsync(string token)
    {
        if (token.Length == 0) return Refused("invalid_request", "refresh_token is missing.");
        return tickets.Read(token, TokenKind.Refresh) is { } ticket
            && await users.FindByIdAsync(ticket.UserId.ToString("D")) is { } user
            && await users.GetSecurityStampAsync(user) == ticket.Stamp
            && !await users.IsLockedOutAsync(user)
            && await passwords.IsEnabledAsync(user)
            ? await GrantAsync(user)
            : Refused("invalid_grant", "The refresh token is not valid or has expired.");
    }

    private async Task<IResult> GrantAsync(UserCredential user)
    {
        var now = time.GetUtcNow();
        var stamp = await users.GetSecurityStampAsync(user);
        var (access, refresh) = (settings.Value.AccessTokenLifetime, settings.Value.RefreshTokenLifetime);
        return TypedResults.Json(new TokenAnswer(
            tickets.Protect(new TokenTicket(TokenKind.Access, user.UserId, stamp, now + access)),
            BearerHandler.SchemeName,
            (int)access.TotalSeconds,
            tickets.Protect(new TokenTicket(TokenKind.Refresh, user.UserId, stamp, now + refresh))));
    }

    private static JsonHttpResult<TokenRefusal> Refused(string error, string description) =>
        TypedResults.Json(new TokenRefusal(error, description), statusCode: StatusCodes.Status400BadRequest);
}

internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("refresh_token")] string RefreshToken);

internal sealed record TokenRefusal(
    [property: JsonPropertyName("error")] string Error,
    [property: JsonPropertyName("error_description")] string Description);
