using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Platform.Engine;
using Platform.Engine.Metadata;

namespace Platform.OData.Reading;

/// <summary>Reads the body of a request.</summary>
internal static class BodyReader
{
    /// <summary>Source of what the JSON reader throws when a text turns out to be none; the serializer tells it by that, too.</summary>
    private const string BrokenText = "System.Text.Json.Rethrowable";

    /// <summary>Reads a record of an entity.</summary>
    /// <param name="nested">Set where rows may be created together with the record.</param>
    /// <param name="limit">Bytes.</param>
    /// <exception cref="PlatformException">Too large (413) or not such a record (400, 501).</exception>
    public static ValueTask<RecordBody> ReadAsync(
        HttpRequest request, MetadataSnapshot metadata, EntityDefinition entity, Guid id, NestedRows? nested, long limit, CancellationToken ct) =>
        ReadAsync(
            request,
            buffer =>
            {
                var json = new RecordJson(metadata, entity, nested);
                return new RecordBody(json.Read(buffer, id), json.Links, json.Related);
            },
            limit,
            ct);

    /// <summary>Reads the whole body as JSON.</summary>
    /// <param name="read">Called once, with all of the body, which is gone afterwards.</param>
    /// <param name="limit">Bytes.</param>
    /// <exception cref="PlatformException">Too large (413) or no JSON (400).</exception>
    /// <param name="empty">What an empty body means; <c>null</c>: it must not be empty.</param>
    public static async ValueTask<T> ReadAsync<T>(HttpRequest request, Func<ReadOnlySequence<byte>, T> read, long limit, CancellationToken ct, Func<T>? empty = null)
    {
        if (empty is null) DemandJson(request.ContentType);
        var body = await WholeBody.ReadAsync(request, limit, ct);
        try
        {
            if (body.IsEmpty) return empty is null ? throw Errors.BadJson("the request has no body.") : empty();
            if (empty is not null) DemandJson(request.ContentType);
            return read(WholeJson.WithoutMark(body));
        }
        catch (JsonException failure)
        {
            throw Errors.BadJson($"{failure.Message.TrimEnd('.')}.");
        }
        catch (InvalidOperationException failure) when (failure.Source == BrokenText)
        {
            throw Errors.BadJson("a text is no UTF-8, or holds half a surrogate pair.");
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
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
