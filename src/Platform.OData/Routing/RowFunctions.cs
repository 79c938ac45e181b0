using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.OData.Metadata;
using Platform.OData.Metadata.Changes;
using Platform.OData.Model;
using Platform.OData.Queries;
using Platform.OData.Reading;
using Platform.OData.Writing;
using Platform.Sdk;

namespace Platform.OData.Routing;

/// <summary>Functions about rows: <c>RetrieveTotalRecordCount</c>, <c>InitializeFrom</c>, <c>CalculateRollupField</c>.</summary>
internal sealed class RowFunctions(PlatformEngine engine, BodyRows rows, RecordEndpoints records)
{
    public Task ReadAsync(ApiRequest request)
    {
        if (!HttpMethods.IsGet(request.Request.Method)) throw request.MethodNotAllowed("GET");
        var call = FunctionCall.Read(DefinitionEndpoints.PathOf(request.Http), request.Request.Query);
        return call.Name switch
        {
            "RetrieveTotalRecordCount" => CountAsync(request, call.Demand("EntityNames")),
            "InitializeFrom" => InitializeAsync(request, call.Demand("EntityMoniker", "TargetEntityName", "TargetFieldType")),
            "CalculateRollupField" => RollupAsync(request, call.Demand("Target", "FieldName")),
            _ => throw Errors.UnknownEntitySet(call.Name),
        };
    }

    /// <summary>Rows of each table that the caller may read; exact and of now, where Dataverse's numbers are up to a day old.</summary>
    private async Task CountAsync(ApiRequest request, FunctionCall call)
    {
        var names = Names(call);
        var counts = new List<long>();
        foreach (var name in names)
        {
            var plan = QueryPlans.Of(request.Metadata).ForUrl(request.Metadata.Entity(name), "");
            var result = await engine.ExecuteAsync(new RetrieveMultiple(plan.Counting, RowCounter.Instance), request.Caller, request.Aborted);
            counts.Add(result.Total.GetValueOrDefault());
        }
        await ObjectAnswer.WriteAsync(request, $"{EdmModelBuilder.Namespace}.RetrieveTotalRecordCountResponse", json =>
        {
            json.WriteStartObject("EntityRecordCountCollection");
            json.WriteNumber("Count", names.Count);
            json.WriteBoolean("IsReadOnly", false);
            json.WriteStartArray("Keys");
            foreach (var name in names) json.WriteStringValue(name);
            json.WriteEndArray();
            json.WriteStartArray("Values");
            foreach (var count in counts) json.WriteNumberValue(count);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private async Task InitializeAsync(ApiRequest request, FunctionCall call)
    {
        var source = await RowAsync(request, call, "EntityMoniker");
        var target = request.Metadata.Entity(call.Text("TargetEntityName") ?? throw call.Missing("TargetEntityName"));
        var result = await engine.ExecuteAsync(new InitializeFrom(source, target.LogicalName), request.Caller, request.Aborted);
        await ObjectAnswer.WriteAsync(request, $"{target.EntitySetName}/$entity", json =>
        {
            json.WriteString("@odata.type", $"#{EdmModelBuilder.Namespace}.{target.LogicalName}");
            ProposalJson.Write(json, request.Metadata, target, result.Proposal!);
        });
    }

    /// <summary>A rollup is found anew at every read: it is never out of date.</summary>
    private async Task RollupAsync(ApiRequest request, FunctionCall call)
    {
        var target = await RowAsync(request, call, "Target");
        var entity = request.Metadata.Entity(target.LogicalName);
        var column = entity.Attribute(call.Text("FieldName") ?? throw call.Missing("FieldName"));
        if (column.Computed is not RollupColumn) throw Errors.NotARollup(entity.LogicalName, column.LogicalName);
        var plan = QueryPlans.Of(request.Metadata).ForUrl(entity, $"?$select={column.LogicalName}");
        await records.WriteRowAsync(request, plan, target, StatusCodes.Status200OK);
    }

    private async ValueTask<EntityReference> RowAsync(ApiRequest request, FunctionCall call, string parameter)
    {
        using var json = call.Json(parameter);
        return await rows.DemandAsync(parameter, RowJson.Read(json.RootElement, request.Metadata, parameter), request.Caller, request.Aborted);
    }

    private static List<string> Names(FunctionCall call)
    {
        const string parameter = "EntityNames";
        using var json = call.Json(parameter);
        if (json.RootElement.ValueKind != JsonValueKind.Array || json.RootElement.EnumerateArray().Any(name => name.ValueKind != JsonValueKind.String))
            throw Errors.BadRequest($"The parameter '{parameter}' of {call.Name} is a list of logical names.", $"Write {call.Name}({parameter}=['account','contact']).");
        return [.. json.RootElement.EnumerateArray().Select(name => name.GetString()!).Distinct(StringComparer.Ordinal)];
    }
}
