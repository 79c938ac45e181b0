namespace Platform.Sdk.Hosting;

/// <summary>One execution of a step: all that crosses the process border towards the script.</summary>
public sealed record PluginRun
{
    public required ScriptImage Image { get; init; }

    /// <summary>Name of the step, for error messages.</summary>
    public required string Step { get; init; }

    /// <summary>Name of the message (<c>Create</c>).</summary>
    public required string Message { get; init; }

    public required PluginStage Stage { get; init; }

    /// <summary><c>null</c> for messages without a row.</summary>
    public EntityRecord? Target { get; init; }

    /// <summary>Pre-images by alias.</summary>
    public IReadOnlyDictionary<string, EntityRecord> PreImages { get; init; } = new Dictionary<string, EntityRecord>();

    /// <summary>Post-images by alias.</summary>
    public IReadOnlyDictionary<string, EntityRecord> PostImages { get; init; } = new Dictionary<string, EntityRecord>();

    public PluginParameters Input { get; init; } = new();

    public PluginParameters Output { get; init; } = new();

    public PluginParameters SharedVariables { get; init; } = new();

    /// <summary>The step's <c>config</c> as JSON text; <c>{}</c> when it has none.</summary>
    public string Config { get; init; } = "{}";

    public required EntityReference User { get; init; }

    /// <summary>Time of the message, UTC.</summary>
    public required DateTime Now { get; init; }

    public int Depth { get; init; } = 1;

    /// <summary>The message that sent this one.</summary>
    public PluginParent? Parent { get; init; }

    public PluginLimits Limits { get; init; } = new();
}

/// <summary>What one run may use. Exceeding a limit fails the message with the step, the file and the line.</summary>
/// <param name="Milliseconds">Wall clock, service calls included; enforced by killing the worker from outside.</param>
/// <param name="Megabytes">Memory allocated by the script.</param>
/// <param name="ServiceCalls">Number of service calls.</param>
public sealed record PluginLimits(int Milliseconds = 2000, int Megabytes = 64, int ServiceCalls = 200);

/// <summary>What a run left behind.</summary>
public sealed record PluginOutcome
{
    /// <summary>The target as the script left it; <c>null</c> when the run had none.</summary>
    public EntityRecord? Target { get; init; }

    /// <summary>The input as the script left it; <c>null</c> when it did not look at it.</summary>
    public PluginParameters? Input { get; init; }

    public PluginParameters Output { get; init; } = new();

    public PluginParameters SharedVariables { get; init; } = new();

    /// <summary>Set when the script called <c>Reject</c>: a regular outcome, the message fails with it.</summary>
    public PluginRejection? Rejection { get; init; }

    public IReadOnlyList<string> Trace { get; init; } = [];

    public TimeSpan Duration { get; init; }

    public int ServiceCalls { get; init; }
}

/// <param name="Message">The script's sentence for the user.</param>
/// <param name="Code">The script's code; empty when it gave none.</param>
public sealed record PluginRejection(string Message, string Code);

/// <summary>Why a run failed.</summary>
public enum PluginFailure
{
    /// <summary>The script threw, or let an error of a service call escape.</summary>
    Error,

    /// <summary>The wall clock ran out and the worker was killed.</summary>
    Time,

    /// <summary>More memory than granted.</summary>
    Memory,

    /// <summary>More service calls than granted.</summary>
    ServiceCalls,

    /// <summary>The worker process ended during the call (stack overflow, exit, kill).</summary>
    WorkerDied,

    /// <summary>No worker could be started.</summary>
    Unavailable,
}

/// <summary>A run that ended in anything but an outcome.</summary>
/// <param name="message">One sentence that starts with <c>file(line):</c> where a line is known.</param>
public sealed class PluginFailedException(PluginFailure failure, string message, string file, int? line = null, Exception? inner = null)
    : Exception(message, inner)
{
    public PluginFailure Failure { get; } = failure;

    /// <summary>Path of the script inside its pack.</summary>
    public string File { get; } = file;

    /// <summary>1-based line in the author's source where it is known.</summary>
    public int? Line { get; } = line;

    /// <summary>Service calls that it made before it failed.</summary>
    public int ServiceCalls { get; init; }

    /// <summary>Lines that the script traced before it failed.</summary>
    public IReadOnlyList<string> Trace { get; init; } = [];
}
