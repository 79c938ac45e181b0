using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.OData.Reading;

/// <summary>Takes the body of a request in, up to the limit, and reads it as a record of an entity.</summary>
internal static class BodyReader
{
    /// <param name="limit">Bytes.</param>
    /// <exception cref="PlatformException">Too large (413) or not such a record (400, 501).</exception>
    public static ValueTask<EntityRecord> ReadAsync(HttpRequest request, MetadataSnapshot metadata, EntityDefinition entity, Guid id, long limit, CancellationToken ct) =>
        ReadAsync(request, limit, buffer => new RecordJson(metadata, entity).Read(buffer, id), ct);

    /// <summary>Reads the body of an action.</summary>
    /// <param name="limit">Bytes.</param>
    /// <param name="read">Makes something of the text, which is gone afterwards.</param>
    /// <exception cref="PlatformException">Too large (413) or no JSON (400).</exception>
    public static async ValueTask<T> ReadAsync<T>(HttpRequest request, long limit, Func<ReadOnlySequence<byte>, T> read, CancellationToken ct)
    {
        DemandJson(request.ContentType);
        if (request.ContentLength > limit) throw Errors.BodyTooLarge(limit);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } kestrel) kestrel.MaxRequestBodySize = limit;
        var pipe = request.BodyReader;
        while (true)
        {
            var result = await pipe.ReadAsync(ct);
            var buffer = result.Buffer;
            if (buffer.Length > limit)
            {
                pipe.AdvanceTo(buffer.End);
                throw Errors.BodyTooLarge(limit);
            }
            if (!result.IsCompleted)
            {
                pipe.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }
            try
            {
                return read(buffer);
            }
            catch (JsonException failure)
            {
                throw Errors.BadJson($"{failure.Message.TrimEnd('.')}.");
            }
            finally
            {
                pipe.AdvanceTo(buffer.End);
            }
        }
    }

    private static void DemandJson(string? contentType)
    {
        if (string.IsNullOrEmpty(contentType) || contentType == "application/json") return;
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw Errors.BadRequest($"The body has the content type '{contentType}'; only application/json is read.");
        if (type.Charset.HasValue && !type.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            throw Errors.BadRequest($"The body has the charset '{type.Charset}'; JSON is read as utf-8 only.");
    }
}
