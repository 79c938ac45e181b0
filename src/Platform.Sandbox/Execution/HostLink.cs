using Platform.Sandbox.Protocol;

namespace Platform.Sandbox.Execution;

/// <summary>The worker's end of the conversation.</summary>
internal sealed class HostLink(Stream input, Stream output)
{
    private readonly FrameReader reader = new(input);

    /// <summary>Writes frames to the host.</summary>
    public FrameWriter Writer { get; } = new(output);

    /// <summary>The next frame, valid until the next call; <c>null</c> when the host is gone.</summary>
    public ReadOnlyMemory<byte>? Receive() => reader.Read();

    /// <summary>The answer for which a service call waits.</summary>
    public ReadOnlyMemory<byte> ReceiveAnswer() => reader.Read() ?? throw FrameException.Truncated();
}
