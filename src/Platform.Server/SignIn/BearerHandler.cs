using System.Runtime.InteropServices;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Platform.Server.SignIn;

/// <summary>Accepts <c>Authorization: Bearer</c> with a token of ours.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    TokenTickets tickets,
    BearerCache cache)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    private const string Prefix = "Bearer ";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var refused = Token() is not null;
        Response.Headers[HeaderNames.WWWAuthenticate] = refused ? "Bearer error=\"invalid_token\"" : "Bearer";
        return ErrorBody.WriteAsync(
            Response,
            StatusCodes.Status401Unauthorized,
            "0x8004A101",
            refused ? "The access token is not valid or has expired." : "The request has no access token.",
            "POST /connect/token gives one.");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ErrorBody.WriteAsync(Response, StatusCodes.Status403Forbidden, "0x80040220", "This token does not give access here.", "");

    private AuthenticateResult Authenticate()
    {
        if (Token() is not { } token) return AuthenticateResult.NoResult();
        var key = TokenHash.Of(token);
        if (cache.Find(key) is { } known) return AuthenticateResult.Success(known);
        if (tickets.Read(token, TokenKind.Access) is not { } ticket) return AuthenticateResult.Fail("The access token is not valid or has expired.");

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, ticket.UserId.ToString("D"))], SchemeName);
        var authentication = new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName);
        cache.Keep(key, authentication, ticket.Expires);
        return AuthenticateResult.Success(authentication);
    }

    private string? Token()
    {
        var header = Request.Headers.Authorization.ToString();
        return header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? header[Prefix.Length..].Trim() : null;
    }
}

/// <summary>SHA-256 of a token: what is kept in memory cannot be used as a token.</summary>
internal readonly record struct TokenHash(UInt128 High, UInt128 Low)
{
    public static TokenHash Of(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(token.AsSpan()), hash);
        return new TokenHash(MemoryMarshal.Read<UInt128>(hash), MemoryMarshal.Read<UInt128>(hash[16..]));
    }
}

/// <summary>Tokens that were found genuine, until they expire: decrypting one costs a hundred times a look-up.</summary>
internal sealed class BearerCache(TimeProvider time) : IDisposable
{
    private readonly MemoryCache tokens = new(new MemoryCacheOptions { SizeLimit = 20_000, Clock = new Clock(time) });

    public AuthenticationTicket? Find(TokenHash key) => tokens.Get<AuthenticationTicket>(key);

    public void Keep(TokenHash key, AuthenticationTicket ticket, DateTimeOffset expires) =>
        tokens.Set(key, ticket, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpiration = expires });

    public void Dispose() => tokens.Dispose();

    private sealed class Clock(TimeProvider time) : Microsoft.Extensions.Internal.ISystemClock
    {
        public DateTimeOffset UtcNow => time.GetUtcNow();
    }
}
