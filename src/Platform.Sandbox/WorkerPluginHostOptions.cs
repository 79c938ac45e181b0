namespace Platform.Sandbox;

/// <summary>How many workers there are and what they are allowed.</summary>
public sealed record WorkerPluginHostOptions
{
    /// <summary>Messages that can run a step at the same time; further ones wait in order. Steps that a step causes do not count: they get extra workers.</summary>
    public int Workers { get; init; } = 2;

    /// <summary>Upper limit of a worker's managed heap, in megabytes. Must hold the largest <c>megabytes</c> of any step beside the runtime's own 20.</summary>
    public int HeapMegabytes { get; init; } = 192;

    /// <summary>Runs after which a worker is replaced by a fresh one.</summary>
    public int RunsPerWorker { get; init; } = 20_000;

    /// <summary>How long a worker beyond <see cref="Workers"/> may stay idle.</summary>
    public TimeSpan KeepExtraWorkers { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a worker may take to start, and to load a script.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Path of <c>Platform.PluginWorker.dll</c>; <c>null</c>: the folder <c>worker</c> beside the host's program.</summary>
    public string? WorkerPath { get; init; }

    /// <summary>Whether workers lock themselves down with the means of the operating system. Off only to look for a fault.</summary>
    public bool LockDown { get; init; } = true;
}
