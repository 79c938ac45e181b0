using Microsoft.Extensions.Diagnostics.HealthChecks;
using Platform.Engine;
using Platform.Engine.Packs;
using Platform.Engine.Sql;

namespace Platform.Server.Hosting;

/// <summary>Ready: the newest metadata is loaded and the database answers.</summary>
internal sealed class ReadyCheck(PlatformEngine engine, Publisher publisher, Database database, ILogger<ReadyCheck> logger) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken)
    {
        if (engine.Metadata.Version == 0) return HealthCheckResult.Unhealthy("no metadata");
        if (publisher.Behind is not null) return HealthCheckResult.Unhealthy("newer metadata cannot be loaded");
        try
        {
            await database.ReadAsync(
                async (session, ct) =>
                {
                    await session.ExecuteScriptAsync("SELECT 1", ct);
                    return true;
                },
                cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            logger.NotReady("the database does not answer", fault);
            return HealthCheckResult.Unhealthy("database");
        }
    }
}
