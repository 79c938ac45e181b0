using Platform.Engine;
using Platform.Engine.Messages;
using Platform.OData.Headers;
using Platform.OData.Queries;
using Platform.OData.Routing;
using Platform.OData.Writing;

namespace Platform.OData.Fetch;

/// <summary>Rows by FetchXML: <c>GET accounts?fetchXml=…</c>.</summary>
internal sealed class FetchEndpoint(PlatformEngine engine, AmountFormats amounts, ExplainEndpoint explain)
{
    private const string Option = "fetchXml";

    /// <summary>The request asks by FetchXML.</summary>
    public static bool Asks(in ApiRequest request) => request.Request.QueryString.HasValue && request.Request.Query.ContainsKey(Option);

    public async Task ListAsync(ApiRequest request)
    {
        var query = request.Request.Query;
        if (query.Keys.FirstOrDefault(name => name.StartsWith('$') || name is QueryOptions.View or QueryOptions.PersonalView) is { } other) throw Errors.BadRequest($"The query option '{other}' does not go with {Option}.", "Say it in the FetchXML.");
        if (query[Option] is not [{ Length: > 0 } xml]) throw Errors.BadRequest($"The query option '{Option}' is empty, or given twice.");
        var plan = FetchPlan.Of(request.Metadata, xml);
        if (plan.Query.Entity != request.Entity)
            throw Errors.InvalidFetch($"The FetchXML is about '{plan.Query.Entity.LogicalName}', the address about '{request.Entity.LogicalName}'.", $"Send it to {plan.Query.Entity.EntitySetName}.");
        var preferences = request.Preferences;
        var rows = plan.PageQuery(preferences.Annotations.HasFlag(AnnotationSet.FormattedValue), preferences.MaxPageSize);
        if (ExplainEndpoint.Asks(request))
        {
            await explain.AnswerAsync(request, rows);
            return;
        }
        var body = JsonBody.Rent();
        try
        {
            var sink = new PageSink(body, request.Response, plan.Collection.For(request.Root), preferences.Annotations, request.Caller, await amounts.CurrenciesAsync(request, plan.Entities));
            WebApiHeaders.Set(request.Response);
            WebApiHeaders.SetApplied(request.Response, preferences);
            var result = await engine.ExecuteAsync(new RetrieveMultiple(rows, sink), request.Caller, request.Aborted);
            sink.FinishFetch(result.Total, result.Next is { } next ? FetchCookie.Write(next, plan, plan.Page) : null, request.Metadata.Version);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }
}
