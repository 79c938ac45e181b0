using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Workers;

/// <summary>Says in an author's words why a worker ended.</summary>
internal static class WorkerDeaths
{
    private const int KilledBySignal9 = 128 + 9;

    public static (PluginFailure Failure, string Reason) Explain(WorkerDeath death)
    {
        if (death.Errors.Contains("Stack overflow", StringComparison.Ordinal))
            return (PluginFailure.WorkerDied, "the script ended its worker: a stack overflow. Look for a function that calls itself without end.");
        if (death.Errors.Contains("Out of memory", StringComparison.OrdinalIgnoreCase) || death.Errors.Contains(nameof(OutOfMemoryException), StringComparison.Ordinal))
            return (PluginFailure.Memory, "the script needs more memory than its worker has, and the worker ended");
        return death.ExitCode switch
        {
            null => (PluginFailure.WorkerDied, "the script's worker stopped answering"),
            KilledBySignal9 => (PluginFailure.WorkerDied, "the script's worker was killed from outside; a system short of memory does that"),
            var code => (PluginFailure.WorkerDied, $"the script ended its worker (exit code {code})"),
        };
    }
}
