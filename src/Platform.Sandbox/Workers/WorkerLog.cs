using Microsoft.Extensions.Logging;

namespace Platform.Sandbox.Workers;

/// <summary>Log events of the sandbox (3100–3199).</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(3101, LogLevel.Information, "Plugin worker {Worker} started in {Milliseconds} ms; protections: {Protections}")]
    public static partial void WorkerStarted(this ILogger log, int worker, long milliseconds, string protections);

    [LoggerMessage(3102, LogLevel.Information, "Plugin worker {Worker} retired after {Runs} runs")]
    public static partial void WorkerRetired(this ILogger log, int worker, int runs);

    [LoggerMessage(3103, LogLevel.Warning, "A plugin worker could not be started: {Reason}")]
    public static partial void WorkerNotStarted(this ILogger log, string reason);

    [LoggerMessage(3104, LogLevel.Warning, "Plugin worker {Worker} ended in step {Step}: {Reason}")]
    public static partial void WorkerDied(this ILogger log, int worker, string step, string reason);
}
