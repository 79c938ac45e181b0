namespace Platform.Server;

/// <summary>All log events of the server.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{File}#{Pointer}: {Reason} {Hint}")]
    public static partial void MetadataError(this ILogger logger, string file, string pointer, string reason, string hint);

    [LoggerMessage(2, LogLevel.Error, "The packs' folders were not deployed; version {Version} is served as before.")]
    public static partial void MetadataKept(this ILogger logger, long version);

    [LoggerMessage(3, LogLevel.Critical, "The packs' folders were not deployed, and there is no earlier version to serve.")]
    public static partial void NothingToServe(this ILogger logger);

    [LoggerMessage(4, LogLevel.Information, "Metadata version {Version} deployed: {Packs}.")]
    public static partial void Deployed(this ILogger logger, long version, string packs);

    [LoggerMessage(5, LogLevel.Warning, "{Note}")]
    public static partial void PublishNote(this ILogger logger, string note);

    [LoggerMessage(6, LogLevel.Warning, "PLATFORM_ADMIN_PASSWORD is shorter than {Length} characters.")]
    public static partial void ShortPassword(this ILogger logger, int length);

    [LoggerMessage(7, LogLevel.Error, "No plugin worker starts, so that messages with steps fail: {Reason}")]
    public static partial void WorkersMissing(this ILogger logger, string reason);

    [LoggerMessage(8, LogLevel.Information, "Metadata version {Version}, published by another node, is in force.")]
    public static partial void Followed(this ILogger logger, long version);

    [LoggerMessage(9, LogLevel.Error, "Metadata version {Version}, published by another node, cannot be loaded; version {Served} is served as before, and this node is not ready.")]
    public static partial void FollowRefused(this ILogger logger, long version, long served);

    [LoggerMessage(11, LogLevel.Warning, "The database cannot be asked for newer metadata; trying again.")]
    public static partial void FollowDisconnected(this ILogger logger, Exception fault);

    [LoggerMessage(12, LogLevel.Information, "The index {Name} is built.")]
    public static partial void IndexBuilt(this ILogger logger, string name);

    [LoggerMessage(13, LogLevel.Warning, "The index {Name} could not be built: {Reason}")]
    public static partial void IndexFailed(this ILogger logger, string name, string reason);

    [LoggerMessage(14, LogLevel.Warning, "The database cannot be asked for indexes to build; trying again.")]
    public static partial void IndexDisconnected(this ILogger logger, Exception fault);

    [LoggerMessage(10, LogLevel.Information, "Sign-in of {User} refused: {Reason}.")]
    public static partial void SignInRefused(this ILogger logger, string user, string reason);

    [LoggerMessage(15, LogLevel.Information, "{Count} uploads that nobody attached were removed.")]
    public static partial void UploadsRemoved(this ILogger logger, int count);

    [LoggerMessage(16, LogLevel.Warning, "Abandoned uploads and expired deletions could not be removed; the next start tries again.")]
    public static partial void CleanupFailed(this ILogger logger, Exception failure);

    [LoggerMessage(17, LogLevel.Warning, "There will be no small images: {Reason}")]
    public static partial void ImageWorkerMissing(this ILogger logger, string reason);

    [LoggerMessage(20, LogLevel.Warning, "Not ready: {Reason}")]
    public static partial void NotReady(this ILogger logger, string reason, Exception fault);
}
