using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Platform.Engine;

namespace Platform.OData.Batch;

/// <summary>Bytes that the answers of a batch still may have, before they have to be sent.</summary>
/// <param name="limit">Bytes.</param>
internal sealed class AnswerRoom(long limit)
{
    private readonly long all = limit;
    private long left = limit;

    public void Take(int bytes)
    {
        if (bytes > left) throw Errors.AnswerTooLarge(all);
        left -= bytes;
    }

    public void Give(int bytes) => left += bytes;
}

/// <summary>
/// The answer to one request of a batch: takes the place of the connection, and keeps what is written until the answer's
/// turn has come. Nothing of it is sent before, so that a failure can still take the place of half an answer.
/// </summary>
internal sealed class PartAnswer(AnswerRoom room) : PipeWriter, IHttpResponseBodyFeature, IDisposable
{
    private byte[] buffer = [];
    private int written;

    public HttpResponseFeature Response { get; } = new();

    public int Status => Response.StatusCode;

    public IHeaderDictionary Headers => Response.Headers;

    public ReadOnlyMemory<byte> Body => buffer.AsMemory(0, written);

    /// <summary>The id of the failure for the <c>REQ_ID</c> header; <c>null</c> while there is none.</summary>
    public string? FailureId { get; set; }

    Stream IHttpResponseBodyFeature.Stream => AsStream(leaveOpen: true);

    PipeWriter IHttpResponseBodyFeature.Writer => this;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => 0;

    /// <summary>Throws the body away; the headers are those of the next one's writer to set.</summary>
    public void Clear()
    {
        room.Give(written);
        written = 0;
    }

    public void Dispose()
    {
        Clear();
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
    }

    public override void Advance(int bytes)
    {
        room.Take(bytes);
        written += bytes;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 1));
        return buffer.AsMemory(written);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        room.Take(source.Length);
        Grow(source.Length);
        source.CopyTo(buffer.AsMemory(written));
        written += source.Length;
        return ValueTask.FromResult(default(FlushResult));
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(default(FlushResult));

    public override void Complete(Exception? exception = null)
    {
    }

    public override void CancelPendingFlush()
    {
    }

    Task IHttpResponseBodyFeature.CompleteAsync() => Task.CompletedTask;

    void IHttpResponseBodyFeature.DisableBuffering()
    {
    }

    Task IHttpResponseBodyFeature.SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) =>
        SendFileFallback.SendFileAsync(((IHttpResponseBodyFeature)this).Stream, path, offset, count, cancellationToken);

    Task IHttpResponseBodyFeature.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Grow(int more)
    {
        if (buffer.Length - written >= more) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(written + more, 2 * buffer.Length));
        Body.CopyTo(larger);
        if (buffer.Length > 0) ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
