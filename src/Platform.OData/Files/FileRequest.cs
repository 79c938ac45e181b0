using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Platform.Engine;
using Platform.Engine.Files;

namespace Platform.OData.Files;

/// <summary>Takes the bytes of a request into an upload, a piece at a time: memory stays flat however large the file is.</summary>
internal sealed class FileRequest(FileUploads uploads)
{
    public const string NameHeader = "x-ms-file-name";

    /// <summary>The file name that a request gives, in its header or its query; percent signs may encode what a header cannot hold.</summary>
    public static string? NameOf(HttpRequest request)
    {
        var name = request.Headers[NameHeader].ToString();
        if (name.Length == 0) name = request.Query[NameHeader].ToString();
        return name.Length == 0 ? null : Uri.UnescapeDataString(name);
    }

    /// <summary>Reads the body to its end.</summary>
    /// <returns>The upload as it is now.</returns>
    /// <exception cref="PlatformException">The column does not take it; reading has stopped there.</exception>
    public async Task<FileUpload> ReceiveAsync(HttpContext http, FileUpload upload)
    {
        await foreach (var grown in StorePiecesAsync(http, upload)) upload = grown;
        return upload;
    }

    /// <summary>Takes a chunk in, as its Content-Range (<c>bytes 0-4194303/9000000</c>) places it: all of it, or nothing.</summary>
    /// <returns>The upload as it is now; it knows how large the whole is.</returns>
    /// <exception cref="PlatformException">The chunk does not begin where the upload ends, says another length of the whole than those before, or is not as long as it says; the right one can still come.</exception>
    public async Task<FileUpload> ReceiveChunkAsync(HttpContext http, FileUpload before)
    {
        var range = DemandNext(http.Request, before);
        var upload = before with { Total = range.Length };
        try
        {
            await foreach (var grown in StorePiecesAsync(http, upload))
            {
                upload = grown;
                if (upload.Received > range.To + 1) break;
            }
            return upload.Received == range.To + 1 ? upload : throw Errors.ChunkOfOtherLength(range.ToString());
        }
        catch when (upload.Received > before.Received)
        {
            // Also where the connection broke: a client sends a chunk again from its beginning.
            await uploads.RewindAsync(upload, before, CancellationToken.None);
            throw;
        }
    }

    private async IAsyncEnumerable<FileUpload> StorePiecesAsync(HttpContext http, FileUpload upload)
    {
        // The column's own limit holds, and is told in words.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } kestrel) kestrel.MaxRequestBodySize = null;
        var ct = http.RequestAborted;
        var pipe = http.Request.BodyReader;
        var piece = ArrayPool<byte>.Shared.Rent(FileUploads.PieceBytes);
        try
        {
            while (true)
            {
                var filled = await FillAsync(pipe, piece.AsMemory(0, FileUploads.PieceBytes), ct);
                upload = await uploads.AppendAsync(upload, piece.AsMemory(0, filled), ct);
                yield return upload;
                if (filled < FileUploads.PieceBytes) yield break;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static ContentRangeHeaderValue DemandNext(HttpRequest request, FileUpload upload)
    {
        var text = request.Headers.ContentRange.ToString();
        var isRange = ContentRangeHeaderValue.TryParse(text, out var range) && range is { Unit.Value: "bytes", From: not null, To: not null, Length: not null };
        if (!isRange || range!.From != upload.Received || range.Length != (upload.Total ?? range.Length) || (request.ContentLength is { } length && length != range.To - range.From + 1))
            throw Errors.BadChunk(string.Create(CultureInfo.InvariantCulture, $"bytes {upload.Received}-<last byte>/{upload.Total?.ToString(CultureInfo.InvariantCulture) ?? "<all bytes>"}"), text);
        return range;
    }

    /// <summary>Fills the memory as far as the body goes.</summary>
    private static async ValueTask<int> FillAsync(PipeReader pipe, Memory<byte> memory, CancellationToken ct)
    {
        var filled = 0;
        while (filled < memory.Length)
        {
            var read = await pipe.ReadAsync(ct);
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, memory.Length - filled));
            part.CopyTo(memory.Span[filled..]);
            filled += (int)part.Length;
            pipe.AdvanceTo(part.End);
            if (read.IsCompleted && part.Length == read.Buffer.Length) break;
        }
        return filled;
    }
}
