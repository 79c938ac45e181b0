using System.Buffers.Text;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Platform.Engine;
using Platform.OData.Reading;

namespace Platform.OData.Batch;

/// <summary>Reads a batch in OData 4.01's JSON form: <c>{"requests":[{"id","method","url","headers","body","atomicityGroup","dependsOn"}]}</c>.</summary>
internal sealed class JsonBatch
{
    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false };

    private readonly ImmutableArray<BatchItem>.Builder items = ImmutableArray.CreateBuilder<BatchItem>();
    private readonly ImmutableArray<BatchRequest>.Builder group = ImmutableArray.CreateBuilder<BatchRequest>();
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);
    private string? groupName;

    private JsonBatch()
    {
    }

    /// <exception cref="PlatformException">It cannot be read as a whole, and nothing of it is to be carried out.</exception>
    public static ImmutableArray<BatchItem> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            WholeJson.Check(body.Span);
            using var document = JsonDocument.Parse(body, NoDuplicates);
            return new JsonBatch().Items(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw Errors.BadJson($"{broken.Message.TrimEnd('.')}.");
        }
    }

    private ImmutableArray<BatchItem> Items(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("requests", out var requests) || requests.ValueKind != JsonValueKind.Array)
            throw Errors.BadBatch("it is not an object with an array 'requests'.");
        if (requests.GetArrayLength() > BatchLimits.MostRequests) throw Errors.BatchTooLong(BatchLimits.MostRequests);
        foreach (var request in requests.EnumerateArray()) Add(request);
        EndGroup();
        return items.Count > 0 ? items.ToImmutable() : throw Errors.BadBatch("it holds no request.");
    }

    private void Add(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object) throw Errors.BadBatch("a request is not an object.");
        foreach (var member in json.EnumerateObject())
        {
            if (member.Name is not ("id" or "method" or "url" or "headers" or "body" or "atomicityGroup" or "dependsOn") && !member.Name.Contains('@', StringComparison.Ordinal))
                throw Errors.BadBatch($"a request has the member '{member.Name}'.", "A request has id, method, url, headers, body, atomicityGroup and dependsOn.");
        }
        var name = Text(json, "atomicityGroup");
        if (name != groupName) EndGroup();
        // The ids that it may depend on are those of before.
        var request = Request(json);
        if (name is null)
        {
            items.Add(new BatchItem([request], IsChangeSet: false));
            return;
        }
        if (groupName is null && !ids.Add(BatchLimits.DemandId(name))) throw Errors.BadBatch($"'{name}' is the id of another request or group, or of a group whose requests do not stand together.");
        groupName = name;
        BatchLimits.DemandWrite(request.Method);
        group.Add(request);
    }

    private void EndGroup()
    {
        if (group.Count > 0) items.Add(new BatchItem(group.ToImmutable(), IsChangeSet: true, groupName));
        group.Clear();
        groupName = null;
    }

    private BatchRequest Request(JsonElement json)
    {
        var id = BatchLimits.DemandId(Text(json, "id") ?? throw Errors.BadBatch("a request has no 'id'."));
        var method = (Text(json, "method") ?? throw Errors.BadBatch($"the request '{id}' has no 'method'.")).ToUpperInvariant();
        if (method.Length == 0 || !method.All(char.IsAsciiLetter)) throw Errors.BadBatch($"the request '{id}' has a method that is none.");
        var url = Text(json, "url") ?? throw Errors.BadBatch($"the request '{id}' has no 'url'.");
        var dependsOn = DependsOn(json, id);
        if (!ids.Add(id)) throw Errors.BadBatch($"the id '{id}' is given twice.");
        var headers = Headers(json);
        return new BatchRequest(id, method, url, headers, Body(json, id, headers), dependsOn);
    }

    private ImmutableArray<string> DependsOn(JsonElement json, string id)
    {
        if (!json.TryGetProperty("dependsOn", out var names) || names.ValueKind == JsonValueKind.Null) return [];
        if (names.ValueKind != JsonValueKind.Array) throw Errors.BadBatch($"'dependsOn' of the request '{id}' is not an array.");
        var result = ImmutableArray.CreateBuilder<string>();
        foreach (var name in names.EnumerateArray())
        {
            var text = name.ValueKind == JsonValueKind.String ? name.GetString()! : throw Errors.BadBatch($"'dependsOn' of the request '{id}' holds something that is no text.");
            if (!ids.Contains(text)) throw Errors.UnknownContentId("$" + text);
            result.Add(text);
        }
        return result.ToImmutable();
    }

    private static HeaderDictionary Headers(JsonElement json)
    {
        var headers = new HeaderDictionary();
        if (!json.TryGetProperty("headers", out var written) || written.ValueKind == JsonValueKind.Null) return headers;
        if (written.ValueKind != JsonValueKind.Object) throw Errors.BadBatch("'headers' of a request is not an object.");
        if (written.GetPropertyCount() > BatchLimits.MostHeaders) throw Errors.BadBatch($"a request has more than {BatchLimits.MostHeaders} headers.");
        foreach (var header in written.EnumerateObject())
        {
            if (header.Value.ValueKind != JsonValueKind.String) throw Errors.BadBatch($"the header '{header.Name}' of a request is no text.");
            MultipartText.AddHeader(headers, header.Name, header.Value.GetString()!);
        }
        headers.Remove("Content-Length");
        return headers;
    }

    /// <summary>JSON as it stands; a text for a content type that is one; base64url for others.</summary>
    private static byte[] Body(JsonElement json, string id, IHeaderDictionary headers)
    {
        if (!json.TryGetProperty("body", out var body)) return [];
        var type = MediaTypeHeaderValue.TryParse(headers.ContentType.ToString(), out var parsed) ? parsed : null;
        if (type is null || BodyForm.IsJson(type))
        {
            if (headers.ContentType.Count == 0) headers.ContentType = "application/json";
            return JsonMarshal.GetRawUtf8Value(body).ToArray();
        }
        if (body.ValueKind != JsonValueKind.String) throw Errors.BadBatch($"the body of the request '{id}' has the content type '{headers.ContentType}' and is no text.");
        var text = body.GetString()!;
        if (BodyForm.IsText(type)) return Encoding.UTF8.GetBytes(text);
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            throw Errors.BadBatch($"the body of the request '{id}' is no base64url text.");
        }
    }

    private static string? Text(JsonElement json, string name) => !json.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null
        ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString() : throw Errors.BadBatch($"'{name}' of a request is no text.");
}

/// <summary>How a body stands within JSON, by its content type.</summary>
internal static class BodyForm
{
    public static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);

    public static bool IsText(MediaTypeHeaderValue type) => type.Type.Equals("text", StringComparison.OrdinalIgnoreCase);
}
