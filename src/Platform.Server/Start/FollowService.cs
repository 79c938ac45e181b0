using System.Data.Common;
using Platform.Engine.Packs;

namespace Platform.Server.Start;

/// <summary>Keeps this node in step with what other nodes on the same database publish.</summary>
internal sealed class FollowService(MetadataFollower follower, Publisher publisher, ILogger<FollowService> logger) : BackgroundService, IFollowReport
{
    public void Followed(long version) => logger.Followed(version);

    public void Refused(RefusedVersion version)
    {
        foreach (var error in version.Errors) logger.MetadataError(error.File, error.Pointer, error.Reason, error.Hint);
        logger.FollowRefused(version.Version, publisher.Version);
    }

    public void Disconnected(DbException fault) => logger.FollowDisconnected(fault);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => follower.RunAsync(this, stoppingToken);
}
