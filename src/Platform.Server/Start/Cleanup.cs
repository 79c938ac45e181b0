using Platform.Engine.Files;
using Platform.Engine.History;
using Platform.Engine.Tracing;

namespace Platform.Server.Start;

/// <summary>Removes what nobody asks for any more: uploads that were not attached to a row (closed tabs, lost connections), and deletions from before the oldest delta link.</summary>
internal sealed class Cleanup(FileUploads uploads, Deletions deletions, TraceLog traces, TimeProvider clock, ILogger<Cleanup> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        try
        {
            do
            {
                if (await uploads.RemoveAbandonedAsync(stoppingToken) is > 0 and var removed) logger.UploadsRemoved(removed);
                await deletions.ForgetExpiredAsync(stoppingToken);
                await traces.ForgetExpiredAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception failure) when (failure is System.Data.Common.DbException or IOException)
        {
            // Room is lost until the next start; no request is.
            logger.CleanupFailed(failure);
        }
    }
}
