using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.Engine.Packs;
using Platform.OData.Headers;
using Platform.OData.Metadata.Model;
using Platform.OData.Metadata.Projection;
using Platform.OData.Metadata.Queries;
using Platform.OData.Metadata.Types;
using Platform.OData.Metadata.Writing;
using Platform.OData.Routing;
using Platform.OData.Writing;

namespace Platform.OData.Metadata.Changes;

/// <summary>Dataverse's functions about metadata: one table, all tables, and what has changed since a client looked last.</summary>
internal sealed class MetadataFunctions(MetadataHistory history)
{
    private const int MostDeltas = 16;

    private static readonly object Deltas = new();
    private static readonly MetadataType Table = MetadataType.Of(typeof(EntityMetadata));

    private static readonly JsonSerializerOptions QueryJson = new()
    {
        Converters =
        {
            new JsonStringEnumConverter(), new NullAsEmpty<string>(), new NullAsEmpty<int>(), new NullAsEmpty<MetadataConditionExpression>(), new NullAsEmpty<MetadataFilterExpression>(),
        },
    };

    private readonly VersionStamp stamps = new(history);

    /// <summary>GET on one of the functions.</summary>
    public Task ReadAsync(ApiRequest request)
    {
        if (!HttpMethods.IsGet(request.Request.Method)) throw request.MethodNotAllowed("GET");
        var call = FunctionCall.Read(DefinitionEndpoints.PathOf(request.Http), request.Request.Query);
        return call.Name switch
        {
            "RetrieveMetadataChanges" => ChangesAsync(request, call.Demand("Query", "DeletedMetadataFilters", "ClientVersionStamp", "AppModuleId", "RetrieveAllSettings")),
            "RetrieveEntity" => EntityAsync(request, call.Demand("EntityFilters", "LogicalName", "MetadataId", "RetrieveAsIfPublished")),
            "RetrieveAllEntities" => AllEntitiesAsync(request, call.Demand("EntityFilters", "RetrieveAsIfPublished")),
            "RetrieveTimestamp" => TimestampAsync(request, call.Demand()),
            _ => throw Errors.UnknownEntitySet(call.Name),
        };
    }

    private async Task ChangesAsync(ApiRequest request, FunctionCall call)
    {
        var query = QueryOf(call);
        var catalog = MetadataCatalog.Of(request.Metadata, request.Caller.Language);
        var selection = MetadataSelections.Of(Table, query.Properties, property => property.Name switch
        {
            nameof(EntityMetadata.Attributes) => query.AttributeQuery,
            nameof(EntityMetadata.Keys) => query.KeyQuery,
            _ => query.RelationshipQuery,
        });
        var condition = MetadataCondition.Compile(query.Criteria, Table);
        var delta = call.Text("ClientVersionStamp") is { Length: > 0 } stamp ? await DeltaAsync(stamp, request) : null;
        IEnumerable<EntityMetadata> entities = delta?.Changed ?? catalog.Entities;
        var deleted = call.Flags<DeletedMetadataFilters>("DeletedMetadataFilters") is { } kinds ? delta?.Deleted(kinds) : null;
        var newStamp = await stamps.OfAsync(request.Metadata.Version, request.Aborted);
        var languages = query.LabelQuery is { FilterLanguages: { IsDefaultOrEmpty: false } wanted } ? wanted : [];
        await AnswerAsync(request, "RetrieveMetadataChanges", async body =>
        {
            var writer = new MetadataWriter(body.Json, languages, asValues: true);
            body.Json.WriteString("ServerVersionStamp", newStamp);
            body.Json.WritePropertyName("DeletedMetadata");
            writer.WriteObject(deleted ?? DeletedMetadataCollection.Empty, MetadataType.Of(typeof(DeletedMetadataCollection)), Selection.Everything);
            await WriteEntitiesAsync(request, body, writer, condition is null ? entities : entities.Where(entity => condition(entity)), selection);
        });
    }

    private static Task EntityAsync(ApiRequest request, FunctionCall call)
    {
        var catalog = MetadataCatalog.Of(request.Metadata, request.Caller.Language);
        var (name, id) = (call.Text("LogicalName"), call.Id("MetadataId"));
        if (string.IsNullOrEmpty(name) && (id is null || id == Guid.Empty)) throw Errors.BadRequest("RetrieveEntity needs LogicalName or MetadataId.");
        var entity = string.IsNullOrEmpty(name) ? catalog.Entities.FirstOrDefault(known => known.MetadataId == id) : catalog.Find(name);
        if (entity is null) throw Errors.UnknownDefinition("table", name ?? $"{id}", catalog.Entities.Select(known => known.LogicalName!));
        var selection = MetadataSelections.Of(call.Flags<EntityFilters>("EntityFilters") ?? EntityFilters.Entity);
        return AnswerAsync(request, "RetrieveEntity", body =>
        {
            body.Json.WritePropertyName("EntityMetadata");
            new MetadataWriter(body.Json, [], asValues: true).WriteObject(entity, Table, selection);
            return Task.CompletedTask;
        });
    }

    private async Task AllEntitiesAsync(ApiRequest request, FunctionCall call)
    {
        var catalog = MetadataCatalog.Of(request.Metadata, request.Caller.Language);
        var selection = MetadataSelections.Of(call.Flags<EntityFilters>("EntityFilters") ?? EntityFilters.Entity);
        var stamp = await stamps.OfAsync(request.Metadata.Version, request.Aborted);
        await AnswerAsync(request, "RetrieveAllEntities", async body =>
        {
            body.Json.WriteString("Timestamp", stamp);
            await WriteEntitiesAsync(request, body, new MetadataWriter(body.Json, [], asValues: true), catalog.Entities, selection);
        });
    }

    private async Task TimestampAsync(ApiRequest request, FunctionCall call)
    {
        var stamp = await stamps.OfAsync(request.Metadata.Version, request.Aborted);
        await AnswerAsync(request, call.Name, body =>
        {
            body.Json.WriteString("Timestamp", stamp);
            return Task.CompletedTask;
        });
    }

    /// <summary>What has changed since the version that a client has seen.</summary>
    private async Task<MetadataDelta> DeltaAsync(string stamp, ApiRequest request)
    {
        var (metadata, language) = (request.Metadata, request.Caller.Language);
        var version = await stamps.ReadAsync(stamp, request.Aborted);
        if (version == metadata.Version) return new MetadataDelta([], []);
        var known = metadata.Once(Deltas, _ => new BoundedCache<(long Version, string Language), MetadataDelta>(MostDeltas));
        if (known.TryGet((version, language), out var delta)) return delta;
        var before = await history.SnapshotAsync(version, request.Aborted) ?? throw Errors.ExpiredVersionStamp(stamp);
        delta = MetadataDelta.Between(MetadataCatalog.Of(before, language), MetadataCatalog.Of(metadata, language));
        known.Add((version, language), delta);
        return delta;
    }

    private static EntityQueryExpression QueryOf(FunctionCall call)
    {
        if (call.Raw("Query") is not { } text) return new EntityQueryExpression();
        try
        {
            return JsonSerializer.Deserialize<EntityQueryExpression>(text, QueryJson) ?? new EntityQueryExpression();
        }
        catch (JsonException broken)
        {
            throw Errors.BadRequest($"The parameter 'Query' of {call.Name} is not the JSON of an EntityQueryExpression; it cannot be read from {broken.Path ?? "$"} on.");
        }
    }

    private static async Task WriteEntitiesAsync(ApiRequest request, JsonBody body, MetadataWriter writer, IEnumerable<EntityMetadata> entities, Selection selection)
    {
        body.Json.WriteStartArray("EntityMetadata");
        foreach (var entity in entities)
        {
            writer.WriteObject(entity, Table, selection);
            await body.FlushIfLargeAsync(request.Response, request.Aborted);
        }
        body.Json.WriteEndArray();
    }

    private static async Task AnswerAsync(ApiRequest request, string function, Func<JsonBody, Task> write)
    {
        var body = JsonBody.Rent();
        try
        {
            WebApiHeaders.Set(request.Response);
            body.Json.WriteStartObject();
            body.Json.WriteString(SingleRowSink.ContextName, $"{request.Root.Url}$metadata#{Platform.OData.Model.EdmModelBuilder.Namespace}.{function}Response");
            await write(body);
            body.Json.WriteEndObject();
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }
}
