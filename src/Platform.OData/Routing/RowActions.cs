using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.OData.Reading;
using Platform.Sdk;

namespace Platform.OData.Routing;

/// <summary>Actions about rows that are bound to no set: <c>Assign</c>, <c>SetState</c>, <c>Merge</c>.</summary>
internal sealed class RowActions(PlatformEngine engine, BodyRows rows, IOptions<WebApiOptions> options)
{
    /// <summary>What Dataverse's clients send for "the default status".</summary>
    private const int DefaultStatus = -1;

    private readonly long bodyLimit = options.Value.MaxBodyBytes;

    public async Task HandleAsync(ApiRequest request)
    {
        if (!HttpMethods.IsPost(request.Request.Method)) throw request.MethodNotAllowed("POST");
        await engine.ExecuteAsync(await MessageAsync(request) with { DetectDuplicates = request.DetectsDuplicates }, request.Caller, request.Aborted);
        RecordEndpoints.NoContent(request, null);
    }

    private async ValueTask<Message> MessageAsync(ApiRequest request)
    {
        switch (request.Path.Action)
        {
            case nameof(Assign):
                using (var parameters = await ActionParameters.ReadAsync(request, bodyLimit, "Target", "Assignee"))
                    return new Assign(await RowAsync(parameters, "Target", request), await RowAsync(parameters, "Assignee", request));
            case nameof(SetState):
                using (var parameters = await ActionParameters.ReadAsync(request, bodyLimit, "EntityMoniker", "State", "Status"))
                {
                    var state = parameters.Integer("State") ?? throw Errors.BadRequest("The parameter 'State' is missing.");
                    return new SetState(await RowAsync(parameters, "EntityMoniker", request), state, parameters.Integer("Status") is { } status and not DefaultStatus ? status : null);
                }
            default:
                using (var parameters = await ActionParameters.ReadAsync(request, bodyLimit, "Target", "Subordinate", "UpdateContent", "PerformParentingChecks"))
                {
                    var target = await RowAsync(parameters, "Target", request);
                    var subordinate = await RowAsync(parameters, "Subordinate", request);
                    return new Merge(target, subordinate, await ContentAsync(parameters, target, request), parameters.Flag("PerformParentingChecks"));
                }
        }
    }

    private ValueTask<EntityReference> RowAsync(ActionParameters parameters, string name, ApiRequest request) =>
        rows.DemandAsync(name, parameters.Row(name, request), request.Caller, request.Aborted);

    private async ValueTask<EntityRecord?> ContentAsync(ActionParameters parameters, EntityReference target, ApiRequest request)
    {
        const string name = "UpdateContent";
        if (parameters.Find(name) is not { } content) return null;
        try
        {
            var entity = RowJson.EntityOf(content, request.Metadata, name);
            if (entity.LogicalName != target.LogicalName) throw Errors.OtherEntity(target.LogicalName, entity.LogicalName);
            var json = new RecordJson(request.Metadata, entity);
            var record = json.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(content.GetRawText())), Guid.Empty);
            return await rows.CompleteAsync(new RecordBody(record, json.Links, json.Related), entity, new RowKey(target.Id), request.Caller, request.Aborted);
        }
        catch (PlatformException refused)
        {
            throw Errors.At(name, refused);
        }
    }
}
