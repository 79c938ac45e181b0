using System.Buffers.Binary;

namespace Platform.Sandbox.Protocol;

/// <summary>Reads frames from a stream, blocking, one thread at a time.</summary>
internal sealed class FrameReader(Stream stream)
{
    private byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;

    /// <summary>The JSON of the next frame, valid until the next call; <c>null</c> when the peer closed the stream between two frames.</summary>
    /// <exception cref="FrameException">The stream ended inside a frame, or the frame is larger than the protocol allows.</exception>
    public ReadOnlyMemory<byte>? Read()
    {
        if (!Fill(FrameFormat.HeaderBytes))
            return start == end ? null : throw FrameException.Truncated();
        var length = BinaryPrimitives.ReadInt32LittleEndian(buffer.AsSpan(start));
        if (length is <= 0 or > FrameFormat.MaximumBytes) throw FrameException.TooLarge(length);
        start += FrameFormat.HeaderBytes;
        if (!Fill(length)) throw FrameException.Truncated();
        var frame = buffer.AsMemory(start, length);
        start += length;
        return frame;
    }

    private bool Fill(int wanted)
    {
        if (end - start >= wanted) return true;
        MakeRoom(wanted);
        while (end - start < wanted)
        {
            var count = stream.Read(buffer, end, buffer.Length - end);
            if (count == 0) return false;
            end += count;
        }
        return true;
    }

    private void MakeRoom(int wanted)
    {
        if (buffer.Length - start >= wanted) return;
        // Grows for a large frame and shrinks back after it, so that a worker does not keep 16 MiB for ever.
        var target = wanted > FrameFormat.KeptBuffer || buffer.Length > FrameFormat.KeptBuffer || buffer.Length < wanted
            ? new byte[Math.Max(wanted, 16 * 1024)]
            : buffer;
        buffer.AsSpan(start, end - start).CopyTo(target);
        end -= start;
        start = 0;
        buffer = target;
    }
}
