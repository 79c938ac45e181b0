using Platform.Engine;
using Platform.Engine.Catalog;
using Platform.Engine.Files;
using Platform.Server.Files;

namespace Platform.Server.Start;

internal static class EngineSetup
{
    /// <summary>The engine on the database that the command line names.</summary>
    public static void AddEngine(this WebApplicationBuilder builder, ServerOptions options)
    {
        builder.Services.AddSingleton(options);
        builder.Services.AddScoped<FirstAdministrator>();
        builder.Services.AddScoped<Deployment>();
        builder.Services.AddHostedService<FollowService>();
        builder.Services.AddHostedService<BuildService>();
        builder.Services.AddSingleton<IThumbnailMaker, ThumbnailWorker>();
        var engine = options.Database is null
            ? new EngineOptions { SqliteFile = Path.Combine(options.Data, "platform.db") }
            : new EngineOptions { PostgreSql = options.Database };
        _ = Task.Run(() => CatalogDatabase.Prepare(engine));
        builder.Services.AddEngine(engine with
        {
            FollowEvery = builder.Configuration.GetValue("Metadata:FollowEvery", engine.FollowEvery),
            QueryBudget = builder.Configuration.GetValue("WebApi:Limits:QueryCost", engine.QueryBudget),
            BuildLaterFrom = builder.Configuration.GetValue("Metadata:BuildLaterFrom", engine.BuildLaterFrom),
        });
        builder.Services.AddHostedService<Cleanup>();
    }
}
