using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Platform.Engine.Catalog;
using Platform.OData;

namespace Platform.Server.SignIn;

/// <summary>Who is there: a cookie for the browser, tokens for everybody else, one table of credentials behind both.</summary>
internal static class SignInServices
{
    private const string Throttle = "sign-in";

    public static void AddSignIn(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.Configure<SignInSettings>(builder.Configuration.GetSection("SignIn"));
        services.AddDataProtection().SetApplicationName("Platform");
        services.AddSingleton<CatalogKeyRing>();
        services.AddOptions<KeyManagementOptions>().Configure<CatalogKeyRing>((options, ring) => options.XmlRepository = ring);

        services.AddIdentityCore<UserCredential>(options =>
            {
                // Length is what makes a password strong; rules about characters make it forgotten.
                options.Password = new PasswordOptions
                {
                    RequiredLength = SignInSettings.ShortestPassword,
                    RequireDigit = false, RequireLowercase = false, RequireUppercase = false, RequireNonAlphanumeric = false,
                };
                options.User.AllowedUserNameCharacters = "";
            })
            .AddUserStore<CredentialStore>()
            .AddSignInManager();
        services.AddOptions<IdentityOptions>().Configure<IOptions<SignInSettings>>((options, settings) => options.Lockout = new LockoutOptions
        {
            MaxFailedAccessAttempts = settings.Value.FailuresUntilLocked,
            DefaultLockoutTimeSpan = settings.Value.LockedFor,
        });
        services.AddScoped<PasswordCheck>();
        services.AddScoped<TokenEndpoint>();
        services.AddSingleton<TokenTickets>();
        services.AddSingleton<BearerCache>();
        services.AddSingleton<ICallerAccessor, RequestCaller>();

        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.SchemeName, null)
            .AddIdentityCookies();
        services.AddOptions<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme)
            .Configure<IOptions<SignInSettings>>((cookie, settings) =>
            {
                cookie.Cookie.Name = "platform";
                cookie.Cookie.HttpOnly = true;
                cookie.Cookie.SameSite = SameSiteMode.Lax;
                cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                cookie.ExpireTimeSpan = settings.Value.CookieLifetime;
                cookie.SlidingExpiration = true;
                cookie.LoginPath = AccountEndpoints.SignInPage;
                cookie.LogoutPath = AccountEndpoints.SignOutPath;
                cookie.AccessDeniedPath = AccountEndpoints.SignInPage;
                cookie.ReturnUrlParameter = "returnUrl";
            });
        services.AddAuthorizationBuilder().AddPolicy(
            WebApi.Policy,
            policy => policy.AddAuthenticationSchemes(BearerHandler.SchemeName).RequireAuthenticatedUser());
        services.AddAuthorizationBuilder().AddPolicy(
            WebApi.FilePolicy,
            policy => policy.AddAuthenticationSchemes(BearerHandler.SchemeName, IdentityConstants.ApplicationScheme).RequireAuthenticatedUser());
        services.AddAntiforgery(options => options.Cookie.Name = "platform-form");
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<SignInSettings>>((limiter, settings) => Limit(limiter, settings.Value));
    }

    public static void MapSignIn(this WebApplication app)
    {
        app.MapPost("/connect/token", TokenEndpoint.HandleAsync).RequireRateLimiting(Throttle).AllowAnonymous();
        app.MapPost(AccountEndpoints.SignInPath, AccountEndpoints.SignInAsync).RequireRateLimiting(Throttle).AllowAnonymous();
        app.MapPost(AccountEndpoints.SignOutPath, AccountEndpoints.SignOutAsync).AllowAnonymous();
    }

    /// <summary>Two fences: nobody tries passwords fast, and password checks together never take all cores.</summary>
    private static void Limit(RateLimiterOptions limiter, SignInSettings settings)
    {
        limiter.AddPolicy(Throttle, http => RateLimitPartition.GetSlidingWindowLimiter(
            http.Connection.RemoteIpAddress,
            _ => new SlidingWindowRateLimiterOptions { PermitLimit = settings.AttemptsPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6 }));
        limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, bool>(http =>
            http.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>() is null
                ? RateLimitPartition.GetNoLimiter(false)
                : RateLimitPartition.GetConcurrencyLimiter(true, _ => new ConcurrencyLimiterOptions { PermitLimit = settings.ConcurrentAttempts, QueueLimit = 200 }));
        limiter.OnRejected = (rejected, _) =>
        {
            rejected.HttpContext.Response.Headers.RetryAfter = "10";
            return new ValueTask(ErrorBody.WriteAsync(
                rejected.HttpContext.Response, StatusCodes.Status429TooManyRequests, "0x80072322", "Too many sign-in attempts.", "Try again in some seconds."));
        };
    }
}
