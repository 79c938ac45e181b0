using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Platform.Engine.Files;

namespace Platform.OData.Files;

/// <summary>
/// Sends content: streamed, in parts where the client asks for a range, and so that nothing somebody uploaded can run
/// on this origin. Only what was found to be an image is shown in place; everything else is an attachment.
/// </summary>
internal sealed class FileResponse(FileContents contents)
{
    private const string NothingMayRun = "default-src 'none'; sandbox";

    /// <summary>Sends the content itself.</summary>
    public async Task SendAsync(HttpContext http, StoredFile file)
    {
        if (IsKnown(http, file, "")) return;
        var response = http.Response;
        SetHeaders(response, file);
        response.Headers.AcceptRanges = "bytes";
        var (from, count) = (0L, file.Size);
        if (http.Request.Headers.Range is { Count: > 0 } asked)
        {
            if (PartOf(file, asked) is not { } part)
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = $"bytes */{file.Size}";
                response.Headers.ContentType = default;
                response.Headers.ContentDisposition = default;
                return;
            }
            if (part.Count < file.Size || part.From > 0)
            {
                (from, count) = part;
                response.StatusCode = StatusCodes.Status206PartialContent;
                response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{from + count - 1}/{file.Size}");
            }
        }
        response.ContentLength = count;
        if (HttpMethods.IsHead(http.Request.Method)) return;
        await contents.CopyAsync(file, from, count, async (bytes, ct) => await response.BodyWriter.WriteAsync(bytes, ct), http.RequestAborted);
    }

    /// <summary>Sends the small image of an image; false where there is none.</summary>
    public async Task<bool> TrySendThumbnailAsync(HttpContext http, StoredFile file)
    {
        if (IsKnown(http, file, "-small")) return true;
        if (await contents.ThumbnailAsync(file, http.RequestAborted) is not { } small) return false;
        SetHeaders(http.Response, file);
        http.Response.ContentType = small[0] == 0x89 ? "image/png" : "image/jpeg";
        http.Response.ContentLength = small.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.BodyWriter.WriteAsync(small, http.RequestAborted);
        return true;
    }

    /// <summary>Content never changes under its id: who has it once need not get it again, but has to ask, since rights change.</summary>
    private static bool IsKnown(HttpContext http, StoredFile file, string variant)
    {
        var tag = $"\"{file.Id:N}{variant}\"";
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "private, no-cache";
        if (http.Request.Headers.IfNoneMatch != tag) return false;
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    private static void SetHeaders(HttpResponse response, StoredFile file)
    {
        var headers = response.Headers;
        // What may hold a script is not even named as such: a browser that is told "text/html" gets ideas.
        headers.ContentType = file.IsImage || file.MediaType == "application/pdf" ? file.MediaType : "application/octet-stream";
        SetFacts(response, file);
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = NothingMayRun;
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    /// <summary>What the file is, in headers, also where its bytes stand in JSON.</summary>
    public static void SetFacts(HttpResponse response, StoredFile file)
    {
        var headers = response.Headers;
        var disposition = new ContentDispositionHeaderValue(file.IsImage ? "inline" : "attachment");
        disposition.SetHttpFileName(file.Name);
        headers.ContentDisposition = disposition.ToString();
        headers["x-ms-file-name"] = Uri.EscapeDataString(file.Name);
        headers["x-ms-file-size"] = file.Size.ToString(CultureInfo.InvariantCulture);
        headers["mimetype"] = file.MediaType;
    }

    /// <summary>The one part asked for, cut to what there is; <c>null</c> where none of it is there. Several parts are answered by the whole.</summary>
    public static (long From, long Count)? PartOf(StoredFile file, StringValues asked)
    {
        if (asked.Count == 0 || !RangeHeaderValue.TryParse(asked.ToString(), out var ranges) || ranges.Unit != "bytes" || ranges.Ranges.Count != 1) return (0, file.Size);
        var range = ranges.Ranges.First();
        var from = range.From ?? Math.Max(0, file.Size - range.To!.Value);
        var to = range.From is null ? file.Size - 1 : Math.Min(range.To ?? long.MaxValue, file.Size - 1);
        return from > to ? null : (from, to - from + 1);
    }
}
