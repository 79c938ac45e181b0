using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Platform.Engine;

namespace Platform.OData.Reading;

/// <summary>Takes the body of a request in, up to a limit.</summary>
internal static class WholeBody
{
    /// <summary>
    /// Reads to the end. The limit is counted here, not by Kestrel, which closes the connection on a body that is too
    /// large: a client that still sends would find a broken pipe instead of the answer. As it is, the answer goes out
    /// and Kestrel reads for some seconds what still comes.
    /// </summary>
    /// <param name="limit">Bytes.</param>
    /// <returns>The body, which stays in the request's pipe: give it back with <c>AdvanceTo</c>.</returns>
    /// <exception cref="PlatformException">Larger than the limit (413).</exception>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpRequest request, long limit, CancellationToken ct)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } kestrel) kestrel.MaxRequestBodySize = null;
        if (request.ContentLength > limit) throw Errors.BodyTooLarge(limit);
        var pipe = request.BodyReader;
        while (true)
        {
            var piece = await pipe.ReadAsync(ct);
            if (piece.Buffer.Length > limit)
            {
                pipe.AdvanceTo(piece.Buffer.End);
                throw Errors.BodyTooLarge(limit);
            }
            if (piece.IsCompleted) return piece.Buffer;
            pipe.AdvanceTo(piece.Buffer.Start, piece.Buffer.End);
        }
    }
}
