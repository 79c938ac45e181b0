using Microsoft.Extensions.Logging;

namespace Platform.OData;

/// <summary>All log events of the Web API: 3000 to 3999.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed; trace id {TraceId}")]
    public static partial void RequestFailed(ILogger logger, Exception failure, string method, string path, string traceId);

    [LoggerMessage(3002, LogLevel.Warning, "{Method} {Path} failed after the first bytes were sent, the connection is cut; trace id {TraceId}")]
    public static partial void ResponseCut(ILogger logger, Exception failure, string method, string path, string traceId);

    [LoggerMessage(3003, LogLevel.Debug, "{Method} {Path} was refused: {Code} {Message}")]
    public static partial void RequestRefused(ILogger logger, string method, string path, string code, string message);

    [LoggerMessage(3004, LogLevel.Information, "$metadata of version {Version}: {Entities} entities, {Bytes} bytes")]
    public static partial void MetadataWritten(ILogger logger, long version, int entities, int bytes);
}
