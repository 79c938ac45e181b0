using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.OData.Headers;
using Platform.OData.Reading;
using Platform.OData.Writing;

namespace Platform.OData.Routing;

/// <summary>Dataverse's actions about numbered attributes.</summary>
internal sealed class AutoNumberActions(PlatformEngine engine, IOptions<WebApiOptions> options)
{
    private readonly long bodyLimit = options.Value.MaxBodyBytes;

    /// <summary>POST on <c>SetAutoNumberSeed</c>: <c>{ "EntityName", "AttributeName", "Value" }</c>.</summary>
    public async Task SetSeedAsync(ApiRequest request)
    {
        using var parameters = await ParametersAsync(request, "EntityName", "AttributeName", "Value");
        if (parameters.Demand("Value") is not { ValueKind: JsonValueKind.Number } number || !number.TryGetInt64(out var value))
            throw Errors.BadJson("the parameter 'Value' is not a whole number.");
        await engine.ExecuteAsync(new SetAutoNumberSeed(Text(parameters, "EntityName"), Text(parameters, "AttributeName"), value), request.Caller, request.Aborted);
        request.Response.StatusCode = StatusCodes.Status204NoContent;
        WebApiHeaders.SetVersion(request.Response);
    }

    /// <summary>POST on <c>GetNextAutoNumberValue</c>: <c>{ "EntityName", "AttributeName" }</c>.</summary>
    public async Task NextValueAsync(ApiRequest request)
    {
        using var parameters = await ParametersAsync(request, "EntityName", "AttributeName");
        var result = await engine.ExecuteAsync(new GetNextAutoNumberValue(Text(parameters, "EntityName"), Text(parameters, "AttributeName")), request.Caller, request.Aborted);
        var body = JsonBody.Rent();
        try
        {
            body.Json.WriteStartObject();
            body.Json.WriteString(SingleRowSink.ContextName, request.Root.Url + "$metadata#Microsoft.Dynamics.CRM.GetNextAutoNumberValueResponse");
            body.Json.WriteNumber("NextAutoNumberValue", result.Number.GetValueOrDefault());
            body.Json.WriteEndObject();
            WebApiHeaders.Set(request.Response);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    private ValueTask<ActionParameters> ParametersAsync(ApiRequest request, params string[] names) =>
        HttpMethods.IsPost(request.Request.Method) ? ActionParameters.ReadAsync(request, bodyLimit, names) : throw request.MethodNotAllowed("POST");

    private static string Text(ActionParameters parameters, string name) => parameters.Demand(name) is { ValueKind: JsonValueKind.String } text
        ? text.GetString()!
        : throw Errors.BadJson($"the parameter '{name}' is not a text.");
}
