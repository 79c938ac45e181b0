using Platform.Engine.Files;

namespace Platform.Server.Files;

/// <summary>Removes the uploads that nobody attached to a row: closed tabs, lost connections.</summary>
internal sealed class UploadCleanup(FileUploads uploads, TimeProvider clock, ILogger<UploadCleanup> logger) : BackgroundService
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
            logger.UploadCleanupFailed(failure);
        }
    }
}
