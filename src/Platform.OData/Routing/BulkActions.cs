using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.OData.Model;
using Platform.OData.Reading;
using Platform.OData.Writing;
using Platform.Sdk;

namespace Platform.OData.Routing;

/// <summary>Actions about several rows of one set, all or none: <c>POST accounts/Microsoft.Dynamics.CRM.CreateMultiple</c>.</summary>
internal sealed class BulkActions(PlatformEngine engine, RowFinder finder, BodyRows rows, IOptions<WebApiOptions> options)
{
    private readonly long bodyLimit = options.Value.MaxBodyBytes;

    /// <summary>Names of the actions, without their namespace.</summary>
    public static FrozenSet<string> Names { get; } = new[] { nameof(CreateMultiple), nameof(UpdateMultiple), nameof(UpsertMultiple), nameof(DeleteMultiple) }.ToFrozenSet(StringComparer.Ordinal);

    public async Task HandleAsync(ApiRequest request)
    {
        if (!HttpMethods.IsPost(request.Request.Method)) throw request.MethodNotAllowed("POST");
        var (action, entity) = (request.Path.Action!, request.Entity);
        var targets = await BodyReader.ReadAsync(request.Request, json => TargetsJson.Read(json, request.Metadata, entity, action == nameof(CreateMultiple)), bodyLimit, request.Aborted);
        MultipleMessage message = action switch
        {
            nameof(CreateMultiple) => new CreateMultiple(entity.LogicalName, await EachAsync(targets, target => rows.ToCreateAsync(target.Body, request.Metadata, request.Caller, request.Aborted))),
            nameof(UpdateMultiple) => new UpdateMultiple(entity.LogicalName, await EachAsync(targets, target => UpdateAsync(request, target))),
            nameof(UpsertMultiple) => new UpsertMultiple(entity.LogicalName, await EachAsync(targets, target => UpsertAsync(request, target))),
            _ => new DeleteMultiple(entity.LogicalName, await EachAsync(targets, target => DeleteAsync(request, target))),
        };
        var result = await engine.ExecuteAsync(message with { DetectDuplicates = request.DetectsDuplicates }, request.Caller, request.Aborted);
        await AnswerAsync(request, message, result.Parts);
    }

    private async ValueTask<Update> UpdateAsync(ApiRequest request, TargetBody target)
    {
        var id = await IdAsync(request, target);
        var record = await rows.CompleteAsync(target.Body, request.Entity, new RowKey(id), request.Caller, request.Aborted);
        foreach (var (attribute, _) in target.Address?.Key.Alternate?.Parts ?? []) record.Remove(attribute.LogicalName);
        record.Id = id;
        return new Update(record);
    }

    private async ValueTask<Upsert> UpsertAsync(ApiRequest request, TargetBody target)
    {
        var key = target.Address?.Key ?? new RowKey(target.Body.Record.Id);
        var record = await rows.CompleteAsync(target.Body, request.Entity, key, request.Caller, request.Aborted);
        if (key.Alternate is { } alternate) return new Upsert(record, alternate.ForMessage());
        DemandSame(request, record.Id, key.Id);
        record.Id = key.Id;
        return new Upsert(record);
    }

    private async ValueTask<Delete> DeleteAsync(ApiRequest request, TargetBody target) => new(new EntityReference(request.Entity.LogicalName, await IdAsync(request, target)));

    private async ValueTask<Guid> IdAsync(ApiRequest request, TargetBody target)
    {
        var own = target.Body.Record.Id;
        if (target.Address is null) return own != Guid.Empty ? own : throw Errors.BadRequest("The row has no id.", $"Give it '{request.Entity.PrimaryIdAttribute}', or '@odata.id'.");
        var id = await finder.DemandAsync(target.Address.Key, request.Caller, request.Aborted);
        DemandSame(request, own, id);
        return id;
    }

    private static void DemandSame(in ApiRequest request, Guid own, Guid id)
    {
        if (own != Guid.Empty && own != id) throw Errors.OtherId(request.Entity.LogicalName, own);
    }

    private static async ValueTask<ImmutableArray<T>> EachAsync<T>(List<TargetBody> targets, Func<TargetBody, ValueTask<T>> make)
    {
        var made = ImmutableArray.CreateBuilder<T>(targets.Count);
        foreach (var target in targets)
        {
            try
            {
                made.Add(await make(target));
            }
            catch (PlatformException refused)
            {
                throw Errors.At($"Targets[{made.Count}]", refused);
            }
        }
        return made.MoveToImmutable();
    }

    private static Task AnswerAsync(ApiRequest request, MultipleMessage message, ImmutableArray<MessageResult> parts)
    {
        var context = $"{EdmModelBuilder.Namespace}.{message.Name}Response";
        switch (message)
        {
            case CreateMultiple:
                return ObjectAnswer.WriteAsync(request, context, json =>
                {
                    json.WriteStartArray("Ids");
                    foreach (var part in parts) json.WriteStringValue(part.Id);
                    json.WriteEndArray();
                });
            // Dataverse's answer is empty; who wants to know which rows are new asks for it.
            case UpsertMultiple when request.Preferences.ReturnRepresentation:
                Headers.WebApiHeaders.SetApplied(request.Response, request.Preferences);
                return ObjectAnswer.WriteAsync(request, context, json =>
                {
                    json.WriteStartArray("Results");
                    foreach (var part in parts)
                    {
                        json.WriteStartObject();
                        json.WriteStartObject("Target");
                        json.WriteString("@odata.type", $"#{EdmModelBuilder.Namespace}.{message.Entity}");
                        json.WriteString(request.Entity.PrimaryIdAttribute, part.Id);
                        json.WriteEndObject();
                        json.WriteBoolean("RecordCreated", part.Created);
                        json.WriteEndObject();
                    }
                    json.WriteEndArray();
                });
            default:
                RecordEndpoints.NoContent(request, null);
                return Task.CompletedTask;
        }
    }
}
