using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;
using Platform.Engine.Files;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.OData.Headers;
using Platform.OData.Reading;
using Platform.OData.Routing;
using Platform.OData.Writing;
using Platform.Sdk;

namespace Platform.OData.Files;

/// <summary>
/// File and image columns in the Web API: <c>accounts(id)/new_doc</c> and <c>accounts(id)/new_doc/$value</c>, in one
/// request or in chunks, as in Dataverse.
/// </summary>
internal sealed class FileEndpoints(PlatformEngine engine, FileUploads uploads, FileContents contents, FileRequest receiver, FileResponse sender, RowFinder finder, IOptions<WebApiOptions> options)
{
    /// <summary>Names the upload in the address to which chunks are sent.</summary>
    private const string Session = "sessiontoken";

    /// <summary>Bytes of a chunk that a client should send (Dataverse's).</summary>
    private const int ChunkBytes = 4 * 1024 * 1024;

    /// <summary>Largest content that is answered as base64 inside JSON (Dataverse's).</summary>
    private const int LargestInJson = 16 * 1024 * 1024;

    /// <summary>What an image is called that comes without a name.</summary>
    private const string UnnamedImage = "image";

    /// <summary>GET, PUT, PATCH, DELETE on <c>accounts(id)/new_doc</c>.</summary>
    public Task PropertyAsync(ApiRequest request) => request.Request.Method switch
    {
        "GET" => ReadAsync(request),
        "PATCH" or "PUT" => WriteAsync(request),
        "DELETE" => RemoveAsync(request),
        _ => throw request.MethodNotAllowed("GET, PATCH, PUT, DELETE"),
    };

    /// <summary>GET on <c>accounts(id)/new_doc/$value</c>: the bytes; of an image the small one unless <c>?size=full</c>.</summary>
    public async Task ValueAsync(ApiRequest request)
    {
        if (request.Request.Method is not ("GET" or "HEAD")) throw request.MethodNotAllowed("GET, HEAD");
        var file = await FileAsync(request);
        WebApiHeaders.SetVersion(request.Response);
        if (request.Path.Property!.Kind == AttributeKind.File || request.Request.Query["size"] == "full") await sender.SendAsync(request.Http, file);
        else if (!await sender.TrySendThumbnailAsync(request.Http, file)) throw Errors.NoThumbnail(request.Entity.LogicalName, request.Path.Property.LogicalName);
    }

    private async Task ReadAsync(ApiRequest request)
    {
        var file = await FileAsync(request);
        var bytes = request.Path.Property!.Kind == AttributeKind.Image && request.Request.Query["size"] != "full"
            ? await contents.ThumbnailAsync(file, request.Aborted) ?? throw Errors.NoThumbnail(request.Entity.LogicalName, request.Path.Property.LogicalName)
            : await PartAsync(request, file);
        var body = JsonBody.Rent();
        try
        {
            body.Json.WriteStartObject();
            body.Json.WriteString(SingleRowSink.ContextName, $"{request.Root.Url}$metadata#{request.Entity.EntitySetName}({await IdAsync(request):D})/{request.Path.Property.LogicalName}");
            body.Json.WriteBase64String("value", bytes);
            body.Json.WriteEndObject();
            WebApiHeaders.Set(request.Response);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    /// <summary>The content, or of a large one the part that a range asks for; the headers tell of the whole, and where the rest is.</summary>
    private async Task<byte[]> PartAsync(ApiRequest request, StoredFile file)
    {
        var (from, count) = FileResponse.PartOf(file, request.Request.Headers.Range) ?? throw Errors.BadRequest($"The file has {file.Size} bytes, none of them in the range '{request.Request.Headers.Range}'.");
        if (count > LargestInJson) throw Errors.BadRequest($"The file has {file.Size} bytes, which is too much for a JSON answer.", "GET …/$value streams it; Range: bytes=0-4194303 asks for a part.");
        FileResponse.SetFacts(request.Response, file);
        if (count < file.Size) request.Response.StatusCode = StatusCodes.Status206PartialContent;
        if (from + count < file.Size) request.Response.Headers.Location = $"{request.Root.Url}{request.Entity.EntitySetName}({await IdAsync(request):D})/{request.Path.Property!.LogicalName}?size=full";
        using var buffer = new MemoryStream((int)count);
        await contents.CopyAsync(file, from, count, buffer.WriteAsync, request.Aborted);
        return buffer.ToArray();
    }

    private async Task WriteAsync(ApiRequest request)
    {
        var http = request.Request;
        // Clients say of every chunk that it is one, not only of the first request: the session tells which it is.
        if (http.Query[Session].ToString() is { Length: > 0 } token) await TakeChunkAsync(request, token);
        else if (string.Equals(http.Headers["x-ms-transfer-mode"], "chunked", StringComparison.OrdinalIgnoreCase)) await BeginChunksAsync(request);
        else if (http.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true) await WriteJsonAsync(request);
        else await AttachAsync(request, await receiver.ReceiveAsync(request.Http, await BeginAsync(request, http.ContentLength)));
    }

    private async Task<FileUpload> BeginAsync(ApiRequest request, long? length)
    {
        var name = FileRequest.NameOf(request.Request) ?? (request.Path.Property!.Kind == AttributeKind.Image ? UnnamedImage : "");
        var target = await TargetAsync(request);
        // To the engine the empty id is a row that is yet to be created.
        if (target.Id == Guid.Empty) throw Errors.RecordNotFound(target);
        return await uploads.BeginAsync(target, request.Path.Property!.LogicalName, name, length, request.Caller, request.Aborted);
    }

    private async Task BeginChunksAsync(ApiRequest request)
    {
        long? length = long.TryParse(request.Request.Headers["x-ms-content-length"], NumberStyles.None, CultureInfo.InvariantCulture, out var told) ? told : null;
        var upload = await BeginAsync(request, length);
        var response = request.Response;
        response.StatusCode = StatusCodes.Status200OK;
        WebApiHeaders.SetVersion(response);
        response.Headers.Location = $"{request.Root.Url}{request.Entity.EntitySetName}({await IdAsync(request):D})/{request.Path.Property!.LogicalName}?{Session}={upload.Id:D}";
        response.Headers["x-ms-chunk-size"] = ChunkBytes.ToString(CultureInfo.InvariantCulture);
        response.Headers.AcceptRanges = "bytes";
    }

    private async Task TakeChunkAsync(ApiRequest request, string token)
    {
        if (!Guid.TryParse(token, out var id)) throw Errors.BadRequest($"'{token}' is no upload.", "Send chunks to the Location that the first request was answered with.");
        var upload = await uploads.FindAsync(id, request.Caller, request.Aborted);
        if (upload.Entity != request.Entity.LogicalName || upload.Attribute != request.Path.Property!.LogicalName) throw Errors.NoSuchUpload(id);
        upload = await receiver.ReceiveChunkAsync(request.Http, upload);
        if (upload.Received == upload.Total)
        {
            await AttachAsync(request, upload);
            return;
        }
        request.Response.StatusCode = StatusCodes.Status206PartialContent;
        WebApiHeaders.SetVersion(request.Response);
        request.Response.Headers.Range = string.Create(CultureInfo.InvariantCulture, $"bytes=0-{upload.Received - 1}");
    }

    /// <summary><c>{"value":"base64"}</c>, how OData writes a property; null empties it.</summary>
    private async Task WriteJsonAsync(ApiRequest request)
    {
        var bytes = await BodyReader.ReadAsync(request.Request, ReadValue, options.Value.MaxBodyBytes, request.Aborted);
        if (bytes is null)
        {
            await RemoveAsync(request);
            return;
        }
        var upload = await BeginAsync(request, bytes.Length);
        await AttachAsync(request, await StoreAsync(uploads, upload, bytes, request.Aborted));
    }

    private async Task RemoveAsync(ApiRequest request)
    {
        var target = await TargetAsync(request);
        var change = new EntityRecord(target.LogicalName, target.Id) { [request.Path.Property!.LogicalName] = null };
        await engine.ExecuteAsync(new Update(change, EntityTag.Demanded(request.Request.Headers.IfMatch)), request.Caller, request.Aborted);
        RecordEndpoints.NoContent(request, null);
    }

    private async Task AttachAsync(ApiRequest request, FileUpload upload)
    {
        var target = await TargetAsync(request);
        var file = await uploads.CompleteAsync(upload, request.Aborted);
        var change = new EntityRecord(target.LogicalName, target.Id) { [upload.Attribute] = file.Id };
        try
        {
            await engine.ExecuteAsync(new Update(change, EntityTag.Demanded(request.Request.Headers.IfMatch)), request.Caller, request.Aborted);
        }
        catch (PlatformException)
        {
            // What was refused leaves nothing behind, not even until uploads are cleaned up.
            await uploads.AbandonAsync(upload.Id, CancellationToken.None);
            throw;
        }
        RecordEndpoints.NoContent(request, null);
    }

    /// <summary>Stores bytes that are in memory already.</summary>
    internal static async Task<FileUpload> StoreAsync(FileUploads uploads, FileUpload upload, byte[] bytes, CancellationToken ct)
    {
        for (var at = 0; at < bytes.Length; at += FileUploads.PieceBytes)
            upload = await uploads.AppendAsync(upload, bytes.AsMemory(at, Math.Min(FileUploads.PieceBytes, bytes.Length - at)), ct);
        return upload;
    }

    private async Task<StoredFile> FileAsync(ApiRequest request)
    {
        var result = await engine.ExecuteAsync(new RetrieveFile(await TargetAsync(request), request.Path.Property!.LogicalName), request.Caller, request.Aborted);
        return result.File!;
    }

    private async ValueTask<EntityReference> TargetAsync(ApiRequest request) => new(request.Entity.LogicalName, await IdAsync(request));

    private ValueTask<Guid> IdAsync(in ApiRequest request) => finder.DemandAsync(request.Path.Key, request.Caller, request.Aborted);

    private static byte[]? ReadValue(ReadOnlySequence<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("value", out var value)) throw Errors.BadJson("""a property is written as {"value": …}.""");
        if (value.ValueKind == JsonValueKind.Null) return null;
        return value.ValueKind == JsonValueKind.String && value.TryGetBytesFromBase64(out var bytes) ? bytes : throw Errors.BadJson("'value' is no base64 text.");
    }
}
