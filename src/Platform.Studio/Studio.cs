using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Studio.Components;
using Platform.Studio.Records;
using Platform.Studio.Session;
using Platform.Studio.Text;

namespace Platform.Studio;

/// <summary>The generated app.</summary>
public static class Studio
{
    /// <summary>
    /// Registers the app's services. Expects <see cref="PlatformEngine"/>, <c>CallerDirectory</c> and
    /// <c>IQueryTextParser</c> in the container, and an authentication scheme whose name identifier is the id of the
    /// system user.
    /// </summary>
    public static IServiceCollection AddStudio(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddCascadingAuthenticationState();
        services.AddAuthorization();
        services.TryAddSingleton(TimeProvider.System);
        services.AddScoped<StudioSession>();
        services.AddScoped<UiText>();
        services.AddScoped<Notices>();
        services.AddScoped<StudioRecords>();
        services.TryAddScoped<IStudioCaller, StudioCaller>();
        return services;
    }

    /// <summary>
    /// Answers a browser that asks for a page which is not there with one that says so. Stands before routing; other
    /// clients keep the bare status.
    /// </summary>
    public static void UseStudioNotFound(this IApplicationBuilder app) => app.UseWhen(
        static http => HttpMethods.IsGet(http.Request.Method) && http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase),
        static pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));

    /// <summary>
    /// Maps the pages and the endpoint that stores preferences. The server maps static assets,
    /// <c>POST /account/sign-in</c>, <c>POST /account/sign-out</c> and uses antiforgery.
    /// </summary>
    public static void MapStudio(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(PreferenceEndpoint.Path, PreferenceEndpoint.Set).AllowAnonymous().ExcludeFromDescription();
        endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
