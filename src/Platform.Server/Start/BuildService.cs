using System.Data.Common;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Building;

namespace Platform.Server.Start;

/// <summary>Builds the indexes and keys that publishes leave for later.</summary>
internal sealed class BuildService(IndexBuilder builder, ILogger<BuildService> logger) : BackgroundService, IBuildReport
{
    public void Built(IndexBuild build) => logger.IndexBuilt(build.Name);

    public void Failed(IndexBuild build) => logger.IndexFailed(build.Name, build.Failure ?? "");

    public void Disconnected(DbException fault) => logger.IndexDisconnected(fault);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => builder.RunAsync(this, stoppingToken);
}
