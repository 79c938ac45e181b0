using System.Data.Common;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Platform.OData;
using Platform.Server.Hosting;
using Platform.Server.Plugins;
using Platform.Server.SignIn;
using Platform.Server.Start;
using Platform.Studio;

namespace Platform.Server;

internal static class Program
{
    /// <summary>The whole server, in the order in which a request meets it.</summary>
    public static WebApplication Build(ServerOptions options)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(Program).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.AddHosting(options);
        builder.AddOtherOrigins();
        builder.AddCompression();
        builder.AddEngine(options);
        builder.AddPlugins();
        builder.AddSignIn();
        builder.Services.AddWebApi();
        builder.Services.AddStudio();

        var app = builder.Build();
        app.UseSecurityHeaders();
        app.UseCompression();
        app.UseStudioNotFound();
        app.UseRouting();
        app.UseOtherOrigins();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseDecompression();
        app.UseRateLimiter();
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapHealth();
        app.MapSignIn();
        app.MapWebApi();
        app.MapStudio();
        return app;
    }

    /// <summary>Deploys metadata, then listens. False: there is nothing to serve.</summary>
    /// <exception cref="IOException">An address is in use; nothing has been done then.</exception>
    public static async Task<bool> StartAsync(WebApplication app, CancellationToken ct)
    {
        ListenAddresses.DemandFree(app.Services.GetRequiredService<ServerOptions>().Urls);
        var routes = Task.Run(() => MakeRoutes(app), ct);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            if (!await scope.ServiceProvider.GetRequiredService<Deployment>().RunAsync(ct)) return false;
        }

        await routes;
        await app.StartAsync(ct);
        return true;
    }

    /// <summary>Addresses of a started server, with the ports that were taken.</summary>
    public static IEnumerable<string> Addresses(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;

    // The host asks for them when it starts; made while the deployment waits for the disk, they cost nobody time.
    private static void MakeRoutes(IEndpointRouteBuilder app)
    {
        foreach (var source in app.DataSources) _ = source.Endpoints;
    }

    private static async Task<int> Main(string[] args)
    {
        try
        {
            var options = ServerOptions.Parse(args);
            if (options.Help)
            {
                Console.WriteLine(ServerOptions.Usage);
                return 0;
            }

            await using var app = Build(options);
            if (!await StartAsync(app, CancellationToken.None)) return 1;
            foreach (var address in Addresses(app)) Console.WriteLine($"Listening on {address}");
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (UsageException wrong)
        {
            await Console.Error.WriteLineAsync($"{wrong.Message}{Environment.NewLine}{Environment.NewLine}{ServerOptions.Usage}");
            return 2;
        }
        catch (InvalidOperationException wrong) when (wrong.Source == "Microsoft.Extensions.Configuration.Binder")
        {
            // A setting is no value of its type; the message names both.
            await Console.Error.WriteLineAsync($"The server could not start. {wrong.Message}");
            return 1;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or DbException or FormatException)
        {
            // The operator's part: database not reachable, folder not writable, address in use.
            await Console.Error.WriteLineAsync($"The server could not start. {fault.Message}");
            return 1;
        }
    }
}
