namespace Platform.Sandbox.Protocol;

/// <summary>The numbers of <c>PROTOCOL.md</c>.</summary>
internal static class FrameFormat
{
    public const int Version = 3;
    public const int HeaderBytes = 4;
    public const int MaximumBytes = 16 * 1024 * 1024;
    public const int MaximumDepth = 32;

    /// <summary>Buffers above this size are dropped after use.</summary>
    public const int KeptBuffer = 1024 * 1024;
}

/// <summary>A peer broke the protocol, or a value cannot be sent through it.</summary>
internal sealed class FrameException(string message, Exception? inner = null) : Exception(message, inner)
{
    public static FrameException TooLarge(long length) =>
        new($"A message of {length:N0} bytes between server and plugin worker exceeds {FrameFormat.MaximumBytes:N0} bytes.");

    public static FrameException Truncated() => new("The plugin worker's stream ended inside a message.");

    public static FrameException Unexpected(string what) => new($"The plugin worker protocol does not allow {what} here.");
}
