using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Queries;
using Platform.OData.Headers;
using Platform.OData.Writing;

namespace Platform.OData.Routing;

/// <summary>Says how a query would be answered instead of answering it: <c>Prefer: platform.explain</c>, or <c>GET accounts/$explain</c>.</summary>
internal sealed class ExplainEndpoint(PlatformEngine engine)
{
    /// <summary>The request asks for it.</summary>
    public static bool Asks(in ApiRequest request) => request.Preferences.Explain || request.Path.Kind == ResourceKind.Explain;

    public async Task AnswerAsync(ApiRequest request, Query query)
    {
        var result = await engine.ExecuteAsync(new Explain(query), request.Caller, request.Aborted);
        var body = JsonBody.Rent();
        try
        {
            body.Json.WriteStartObject();
            body.Json.WriteString("entity", query.Entity.LogicalName);
            ExplanationJson.Write(body.Json, result.Explanation!);
            body.Json.WriteEndObject();
            WebApiHeaders.Set(request.Response);
            WebApiHeaders.SetApplied(request.Response, request.Preferences, request.Preferences.Explain ? Preferences.ExplainName : null);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }
}
