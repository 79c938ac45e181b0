using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.OData.Metadata;
using Platform.OData.Metadata.Changes;
using Platform.OData.Reading;
using Platform.OData.Routing;
using Platform.OData.Writing;
using Platform.Sdk;

namespace Platform.OData.Apis;

/// <summary>
/// Custom APIs of packs: <c>POST loy_CloseYear</c>, <c>POST contacts(…)/Microsoft.Dynamics.CRM.loy_IssueCard</c>,
/// <c>GET loy_Score(Points=5)</c>.
/// </summary>
internal sealed class ApiEndpoints(PlatformEngine engine, RowFinder finder, BodyRows rows, IOptions<WebApiOptions> options)
{
    private readonly long bodyLimit = options.Value.MaxBodyBytes;

    public async Task HandleAsync(ApiRequest request)
    {
        var api = request.Path.Api!;
        var method = api.IsFunction ? HttpMethods.Get : HttpMethods.Post;
        // What comes out is what the API makes: nothing of it is chosen, sorted or counted.
        if (request.Request.Query.Keys.FirstOrDefault(option => option.StartsWith('$') && option != "$format") is { } query) throw Errors.NotOffered($"The query option '{query}' of a custom API");
        if (!HttpMethods.Equals(method, request.Request.Method)) throw request.MethodNotAllowed(method);
        var input = api.IsFunction ? await OfUrlAsync(api, request) : await OfBodyAsync(api, request);
        if (api.Binding == ApiBinding.Entity) input[CustomApiRequest.Target] = new EntityReference(request.Entity.LogicalName, await finder.DemandAsync(request.Path.Key, request.Caller, request.Aborted));
        var result = await engine.ExecuteAsync(CustomApiRequest.Of(api, input) with { DetectDuplicates = request.DetectsDuplicates }, request.Caller, request.Aborted);
        await AnswerAsync(request, api, result.Output);
    }

    private async ValueTask<PluginParameters> OfUrlAsync(CustomApiDefinition api, ApiRequest request)
    {
        var path = DefinitionEndpoints.PathOf(request.Http);
        // Behind a set or a row the function stands with its namespace.
        var start = api.Binding == ApiBinding.Global ? 0 : path.IndexOf($"{Model.EdmModelBuilder.Namespace}.{api.Name}", StringComparison.Ordinal) + Model.EdmModelBuilder.Namespace.Length + 1;
        var call = FunctionCall.Read(path[start..], request.Request.Query).Demand([.. api.RequestParameters.Select(parameter => parameter.Name)]);
        return await new ApiInput(api, rows, request).ReadAsync(call);
    }

    private async ValueTask<PluginParameters> OfBodyAsync(CustomApiDefinition api, ApiRequest request)
    {
        using var parameters = await ActionParameters.ReadOrNoneAsync(request, bodyLimit, [.. api.RequestParameters.Select(parameter => parameter.Name)]);
        return await new ApiInput(api, rows, request).ReadAsync(parameters);
    }

    private static Task AnswerAsync(ApiRequest request, CustomApiDefinition api, PluginParameters output)
    {
        if (output.Values.Count == 0)
        {
            RecordEndpoints.NoContent(request, null);
            return Task.CompletedTask;
        }
        var answer = new ApiJson(request.Metadata);
        return api.Whole switch
        {
            null => ObjectAnswer.WriteAsync(request, $"{Model.EdmModelBuilder.Namespace}.{api.Name}Response", json => answer.WriteMembers(json, api, output)),
            { Kind: ApiValueKind.Entity } whole => ObjectAnswer.WriteAsync(request, answer.ContextOf(whole, output[whole.Name]), json => answer.WriteMembersOf(json, output[whole.Name])),
            var whole => ObjectAnswer.WriteAsync(request, answer.ContextOf(whole, output[whole.Name]), json => answer.WriteProperty(json, "value", output[whole.Name])),
        };
    }
}
