using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Records;
using Platform.OData.Writing;
using Platform.Sdk;

namespace Platform.OData.Export;

/// <summary>Rows in the form of their table's JSON Schema, and that schema, under <c>/api/platform/</c>: for all who may read the rows.</summary>
internal sealed class ExportEndpoints(PlatformEngine engine, ICallerAccessor callers)
{
    private const string SchemaType = "application/schema+json; charset=utf-8";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JsonText.Encoder, WriteIndented = true };

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/platform").RequireAuthorization(WebApi.Policy);
        group.MapGet("/records/{entity}/{id:guid}", (HttpContext http, string entity, Guid id) => AnswerAsync(http, () => RecordAsync(http, entity, id)));
        group.MapGet("/schemas/{entity}", (HttpContext http, string entity) => AnswerAsync(http, () => SchemaAsync(http, entity)));
    }

    private async Task RecordAsync(HttpContext http, string entity, Guid id)
    {
        var caller = await callers.GetAsync(http);
        var definition = engine.Metadata.Entity(entity);
        var rows = new RecordList();
        await engine.ExecuteAsync(new Retrieve(new EntityReference(entity, id), [], rows), caller, http.RequestAborted);
        var body = JsonBody.Rent();
        try
        {
            RecordDocument.Write(body.Json, definition, rows.Records[0]);
            http.Response.ContentType = "application/json; charset=utf-8";
            await body.CompleteAsync(http.Response, http.RequestAborted);
        }
        finally
        {
            body.Return();
        }
    }

    private async Task SchemaAsync(HttpContext http, string entity)
    {
        // Whoever is signed in may know the tables, as from $metadata.
        await callers.GetAsync(http);
        var schema = SchemaDocument.Of(engine.Metadata.Entity(entity));
        http.Response.ContentType = SchemaType;
        await http.Response.WriteAsync(schema.ToJsonString(Readable), http.RequestAborted);
    }

    private static async Task AnswerAsync(HttpContext http, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (PlatformException refused)
        {
            await ErrorWriter.WriteAsync(http, refused);
        }
    }
}
