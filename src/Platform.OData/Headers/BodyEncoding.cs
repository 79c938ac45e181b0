using Microsoft.AspNetCore.Http;
using Platform.Engine;

namespace Platform.OData.Headers;

/// <summary>How the body of a request is compressed. The server decompresses what it knows, and takes the header away then.</summary>
internal static class BodyEncoding
{
    private const string Known = "gzip, br, deflate";

    /// <exception cref="PlatformException">The body is compressed still: nobody has known how (415).</exception>
    public static void Demand(HttpContext context)
    {
        var encoding = context.Request.Headers.ContentEncoding;
        if (encoding.Count == 0) return;
        // What would have been read, as RFC 7694 has it.
        context.Response.Headers.AcceptEncoding = Known;
        throw Errors.UnknownEncoding(encoding.ToString(), Known);
    }
}
