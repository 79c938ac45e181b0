using Platform.Engine;
using Platform.Sandbox;
using Platform.Sdk.Hosting;

namespace Platform.Server.Plugins;

/// <summary>Starts the plugin workers beside the first requests, so that the first message with a step does not wait for them.</summary>
internal sealed class WorkerWarmUp(WorkerPluginHost workers, PlatformEngine engine, ILogger<WorkerWarmUp> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (engine.Metadata.Images.Count == 0) return;
        try
        {
            await workers.WarmAsync(stoppingToken);
        }
        catch (PluginFailedException failure)
        {
            // Everything but steps works; the messages that need them say the same again.
            logger.WorkersMissing(failure.Message);
        }
        catch (OperationCanceledException)
        {
            // The server stops before its workers have started.
        }
    }
}
