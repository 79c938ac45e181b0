using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.ObjectPool;

namespace Platform.OData.Writing;

/// <summary>
/// The answer's JSON text on its way out. It is gathered in a buffer of its own and handed to the connection every
/// 16 kB: until the first hand-over the answer can still become an error, and a short answer gets a Content-Length.
/// </summary>
internal sealed class JsonBody : IBufferWriter<byte>
{
    private const int FlushAt = 16 * 1024;
    private const int FirstSize = 2 * FlushAt;
    private const int LargestKept = 8 * FlushAt;
    private const int MostKept = 64;
    private static readonly ObjectPool<JsonBody> Pool = new DefaultObjectPool<JsonBody>(new PoolPolicy(), MostKept);

    private byte[] buffer = new byte[FirstSize];
    private int written;

    private JsonBody() => Json = new Utf8JsonWriter(this, JsonText.Options);

    public Utf8JsonWriter Json { get; }

    public static JsonBody Rent() => Pool.Get();

    /// <summary>Gives the body back; it may hold a half-written text.</summary>
    public void Return() => Pool.Return(this);

    /// <summary>Throws away what was not handed over.</summary>
    public void Clear()
    {
        Json.Reset();
        written = 0;
    }

    /// <summary>Hands the text over when there is enough of it; completes when the client takes more.</summary>
    public ValueTask FlushIfLargeAsync(HttpResponse response, CancellationToken ct) =>
        written + Json.BytesPending < FlushAt ? ValueTask.CompletedTask : FlushAsync(response, ct);

    /// <summary>Hands over the rest.</summary>
    public ValueTask CompleteAsync(HttpResponse response, CancellationToken ct)
    {
        Json.Flush();
        if (!response.HasStarted) response.ContentLength = written;
        return FlushAsync(response, ct);
    }

    /// <summary>The text so far, of which nothing was handed over.</summary>
    public ReadOnlyMemory<byte> Written()
    {
        Json.Flush();
        return buffer.AsMemory(0, written);
    }

    public void Advance(int count) => written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return buffer.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return buffer.AsSpan(written);
    }

    private async ValueTask FlushAsync(HttpResponse response, CancellationToken ct)
    {
        Json.Flush();
        var text = buffer.AsMemory(0, written);
        written = 0;
        await response.BodyWriter.WriteAsync(text, ct);
    }

    private void Grow(int sizeHint)
    {
        var needed = written + Math.Max(sizeHint, 1);
        if (needed > buffer.Length) Array.Resize(ref buffer, Math.Max(needed, 2 * buffer.Length));
    }

    private sealed class PoolPolicy : PooledObjectPolicy<JsonBody>
    {
        public override JsonBody Create() => new();

        public override bool Return(JsonBody body)
        {
            body.Clear();
            return body.buffer.Length <= LargestKept;
        }
    }
}
