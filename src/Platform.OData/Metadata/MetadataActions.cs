using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Building;
using Platform.Engine.Packs.Customization;
using Platform.Engine.Security;
using Platform.OData.Headers;
using Platform.OData.Metadata.Changing;
using Platform.OData.Routing;
using Platform.OData.Writing;

namespace Platform.OData.Metadata;

/// <summary>Dataverse's actions about definitions. Administrators only.</summary>
internal sealed class MetadataActions(PlatformEngine engine, DefinitionChanges changes, IndexBuilder builder)
{
    /// <summary>Names of the actions in the URL.</summary>
    public static FrozenSet<string> Names { get; } = new[]
    {
        "PublishXml", "PublishAllXml", "InsertOptionValue", "UpdateOptionValue", "DeleteOptionValue", "OrderOption", "CanBeReferenced", "CanBeReferencing", "CanManyToMany", "ReactivateEntityKey",
    }.ToFrozenSet(StringComparer.Ordinal);

    public async Task HandleAsync(ApiRequest request, string action)
    {
        if (!HttpMethods.IsPost(request.Request.Method)) throw request.MethodNotAllowed("POST");
        if (!AccessPolicy.IsAdministrator(engine.Metadata, request.Caller)) throw Errors.NotAdministrator(request.Caller.UserId);
        switch (action)
        {
            case "PublishAllXml":
                Done(request);
                break;
            case "PublishXml":
                // Everything is published when it is changed; a client that asks for it again gets what it expects.
                PublishXml.Check((await changes.BodyAsync(request)).DemandText("ParameterXml"));
                Done(request);
                break;
            case "CanBeReferenced" or "CanBeReferencing" or "CanManyToMany":
                var entity = EntityOf((await changes.BodyAsync(request)).DemandText("EntityName"));
                await AnswerAsync(request, action, action, !entity.EngineOwned && !entity.IsIntersect);
                break;
            case "ReactivateEntityKey":
                await ReactivateAsync(await changes.BodyAsync(request), request.Aborted);
                Done(request);
                break;
            default:
                await ChangeOptionsAsync(request, action, await changes.BodyAsync(request));
                break;
        }
    }

    private async Task ChangeOptionsAsync(ApiRequest request, string action, DefinitionBody body)
    {
        var value = body.Integer("Value");
        var metadata = engine.Metadata;
        await changes.PublishAsync(request, draft =>
        {
            var place = OptionsPlace.Of(metadata, draft, body);
            switch (action)
            {
                case "InsertOptionValue":
                    value = place.Insert(value, body);
                    break;
                case "UpdateOptionValue":
                    place.Update(value ?? throw body.Missing("Value"), body);
                    break;
                case "DeleteOptionValue":
                    place.Delete(value ?? throw body.Missing("Value"));
                    break;
                default:
                    place.Order(body);
                    break;
            }
        });
        if (action == "InsertOptionValue") await AnswerAsync(request, action, "NewOptionValue", value!.Value);
        else Done(request);
    }

    private async Task ReactivateAsync(DefinitionBody body, CancellationToken ct)
    {
        var entity = EntityOf(body.DemandText("EntityLogicalName"));
        var name = body.DemandText("EntityKeyLogicalName");
        var key = entity.Keys.FirstOrDefault(key => key.Name == name) ?? throw Errors.UnknownDefinition($"key of '{entity.LogicalName}'", name, entity.Keys.Select(key => key.Name));
        if (engine.Metadata.BuildOf(entity, key) is { } build) await builder.RetryAsync(build.Name, ct);
    }

    private EntityDefinition EntityOf(string name) => engine.Metadata.Find(name) ?? throw Errors.UnknownDefinition("table", name, engine.Metadata.Entities.Select(entity => entity.LogicalName));

    private static void Done(ApiRequest request)
    {
        request.Response.StatusCode = StatusCodes.Status204NoContent;
        WebApiHeaders.SetVersion(request.Response);
    }

    private static async Task AnswerAsync(ApiRequest request, string action, string name, JsonNode value)
    {
        var body = JsonBody.Rent();
        try
        {
            WebApiHeaders.Set(request.Response);
            body.Json.WriteStartObject();
            body.Json.WriteString(SingleRowSink.ContextName, $"{request.Root.Url}$metadata#Microsoft.Dynamics.CRM.{action}Response");
            body.Json.WritePropertyName(name);
            value.WriteTo(body.Json);
            body.Json.WriteEndObject();
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }
}
