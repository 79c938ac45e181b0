using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Platform.Sandbox.Protocol;

/// <summary>Writes frames to a stream, one thread at a time. Buffer and JSON writer are reused from frame to frame.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The JSON writer holds nothing but a reference to the buffer.")]
internal sealed class FrameWriter(Stream stream)
{
    private static readonly JsonWriterOptions Options = new()
    {
        // The peer is our own reader, not a browser: only what JSON demands is escaped.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private ArrayBufferWriter<byte> buffer = new(4096);
    private Utf8JsonWriter? json;

    /// <summary>Starts a frame; the caller writes its properties and ends with <see cref="Send"/>.</summary>
    public Utf8JsonWriter Begin(ReadOnlySpan<byte> type)
    {
        // A frame of many megabytes must not be kept for the life of the worker.
        if (buffer.Capacity > FrameFormat.KeptBuffer) buffer = new(4096);
        else buffer.ResetWrittenCount();
        buffer.GetSpan(FrameFormat.HeaderBytes)[..FrameFormat.HeaderBytes].Clear();
        buffer.Advance(FrameFormat.HeaderBytes);
        if (json is null) json = new(buffer, Options);
        else json.Reset(buffer);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        return json;
    }

    /// <summary>Ends the frame and writes it.</summary>
    /// <exception cref="FrameException">The frame is larger than the protocol allows; nothing was written.</exception>
    /// <exception cref="IOException">The peer is gone.</exception>
    public void Send()
    {
        json!.WriteEndObject();
        json.Flush();
        var length = buffer.WrittenCount - FrameFormat.HeaderBytes;
        if (length > FrameFormat.MaximumBytes) throw FrameException.TooLarge(length);
        // ArrayBufferWriter hands out its memory read-only; the header is patched through the array behind it.
        MemoryMarshal.TryGetArray(buffer.WrittenMemory, out var segment);
        BinaryPrimitives.WriteInt32LittleEndian(segment.AsSpan(), length);
        stream.Write(segment.AsSpan());
        stream.Flush();
    }
}
