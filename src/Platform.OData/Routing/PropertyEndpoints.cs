using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.OData.Headers;
using Platform.OData.Reading;
using Platform.OData.Writing;
using Platform.Sdk;

namespace Platform.OData.Routing;

/// <summary>One column of a row: <c>accounts(id)/name</c>. Content of files and images is <c>FileEndpoints</c>' matter.</summary>
internal sealed class PropertyEndpoints(PlatformEngine engine, RowFinder finder, IOptions<WebApiOptions> options)
{
    private readonly long bodyLimit = options.Value.MaxBodyBytes;

    /// <summary>GET, PUT, DELETE on <c>accounts(id)/name</c>.</summary>
    public Task PropertyAsync(ApiRequest request) => request.Request.Method switch
    {
        "GET" => ReadAsync(request, isRaw: false),
        "PUT" => WriteAsync(request),
        "DELETE" => ClearAsync(request),
        _ => throw request.MethodNotAllowed("GET, PUT, DELETE"),
    };

    /// <summary>GET on <c>accounts(id)/name/$value</c>: the value as text, without quotes.</summary>
    public Task ValueAsync(ApiRequest request) => HttpMethods.IsGet(request.Request.Method) ? ReadAsync(request, isRaw: true) : throw request.MethodNotAllowed("GET");

    private async Task ReadAsync(ApiRequest request, bool isRaw)
    {
        var column = request.Path.Property!;
        var target = await TargetAsync(request);
        var body = JsonBody.Rent();
        try
        {
            var sink = new PropertySink(body, $"{request.Root.Url}$metadata#{request.Entity.EntitySetName}({target.Id:D})/{column.WebApiName}", column);
            await engine.ExecuteAsync(new Retrieve(target, [column.LogicalName], sink), request.Caller, request.Aborted);
            request.Response.Headers.ETag = EntityTag.Format(sink.Version ?? throw Errors.RecordNotFound(target));
            if (sink.IsEmpty)
            {
                RecordEndpoints.NoContent(request, null);
                return;
            }
            WebApiHeaders.Set(request.Response);
            WebApiHeaders.SetApplied(request.Response, request.Preferences);
            if (isRaw) await WriteTextAsync(request, body);
            else await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    private static async Task WriteTextAsync(ApiRequest request, JsonBody body)
    {
        using var document = JsonDocument.Parse(body.Written());
        var value = document.RootElement.GetProperty("value");
        request.Response.ContentType = "text/plain; charset=utf-8";
        await request.Response.WriteAsync(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), request.Aborted);
    }

    private async Task WriteAsync(ApiRequest request)
    {
        var (entity, column) = (request.Entity, request.Path.Property!);
        DemandWritable(entity, column);
        var value = await BodyReader.ReadAsync(request.Request, json => ReadValue(json, entity, column), bodyLimit, request.Aborted);
        await SetAsync(request, value);
    }

    private Task ClearAsync(ApiRequest request)
    {
        DemandWritable(request.Entity, request.Path.Property!);
        return SetAsync(request, null);
    }

    private async Task SetAsync(ApiRequest request, object? value)
    {
        var target = await TargetAsync(request);
        var change = new EntityRecord(target.LogicalName, target.Id) { [request.Path.Property!.LogicalName] = value };
        await engine.ExecuteAsync(new Update(change, EntityTag.Demanded(request.Request.Headers.IfMatch)) { DetectDuplicates = request.DetectsDuplicates }, request.Caller, request.Aborted);
        // Of an emptied column there is nothing to show.
        if (request.Preferences.ReturnRepresentation && value is not null) await ReadAsync(request, isRaw: false);
        else RecordEndpoints.NoContent(request, null);
    }

    private static void DemandWritable(EntityDefinition entity, AttributeDefinition column)
    {
        if (column.Kind == AttributeKind.Lookup && column.Origin != AttributeOrigin.Engine)
            throw Errors.BadRequest($"'{column.WebApiName}' of '{entity.LogicalName}' is what a lookup shows when read.", "PUT or DELETE the link: …/<navigation property>/$ref.");
        if (column.Origin == AttributeOrigin.Engine || column == entity.PrimaryId)
            throw Errors.BadRequest($"'{column}' of '{entity.LogicalName}' is set by the platform only.");
    }

    /// <summary><c>{"value": …}</c>, how OData writes a property.</summary>
    private static object? ReadValue(ReadOnlySequence<byte> json, EntityDefinition entity, AttributeDefinition column)
    {
        var reader = new Utf8JsonReader(json);
        var isGiven = false;
        object? value = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Errors.BadJson("""a property is written as {"value": …}.""");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isValue = reader.ValueTextEquals("value"u8);
            if (!isValue && !reader.GetString()!.StartsWith('@')) throw Errors.BadJson("""a property is written as {"value": …}.""");
            if (isValue && isGiven) throw Errors.BadJson("'value' stands there a second time.");
            reader.Read();
            if (isValue) value = JsonValue.Read(ref reader, entity, column);
            else reader.Skip();
            isGiven |= isValue;
        }
        reader.Read(); // demands that nothing follows
        return isGiven ? value : throw Errors.BadJson("""a property is written as {"value": …}.""");
    }

    private async ValueTask<EntityReference> TargetAsync(ApiRequest request) =>
        new(request.Entity.LogicalName, await finder.DemandAsync(request.Path.Key, request.Caller, request.Aborted));
}
