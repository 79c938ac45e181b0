using Microsoft.Extensions.Logging;

namespace Platform.Engine.Tracing;

/// <summary>Log events of traces (2100–2199).</summary>
internal static partial class TraceEvents
{
    [LoggerMessage(2101, LogLevel.Warning, "{Count} runs of plugin steps left no trace: more ended than could be written")]
    public static partial void TracesLost(this ILogger log, int count);

    [LoggerMessage(2102, LogLevel.Warning, "The traces of {Count} runs of plugin steps could not be written")]
    public static partial void TracesNotWritten(this ILogger log, Exception failure, int count);
}
