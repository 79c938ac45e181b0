using System.Globalization;
using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Queries;
using Platform.OData.Headers;
using Platform.OData.Queries;
using Platform.OData.Writing;

namespace Platform.OData.Routing;

/// <summary>
/// Change tracking: a list read with <c>Prefer: odata.track-changes</c> ends with a delta link, and that answers with what
/// has changed since, rows that went among it, and with the next link.
/// </summary>
internal sealed class ChangesEndpoint(PlatformEngine engine, AmountFormats amounts, TimeProvider clock)
{
    private const string DeltaOption = "$deltatoken";
    private const string PageOption = "$skiptoken";

    /// <summary>The request is about changes.</summary>
    public static bool Asks(in ApiRequest request) =>
        request.Preferences.TrackChanges || (request.Request.QueryString.HasValue && (request.Request.Query.ContainsKey(DeltaOption) || ChangesToken.Is(request.Request.Query[PageOption])));

    /// <summary>GET on <c>accounts</c>.</summary>
    public async Task ListAsync(ApiRequest request)
    {
        var (plan, options) = Plan(request);
        var since = Since(request);
        var (preferences, entity) = (request.Preferences, request.Entity);
        var query = plan.Page(preferences.Annotations.HasFlag(AnnotationSet.FormattedValue), preferences.MaxPageSize);
        if (since is not null) query = RetrieveEntityChanges.InOrder(query);
        ChangesToken? page = request.Request.Query[PageOption] is [{ Length: > 0 } text] ? ChangesToken.Decode(text, query) : null;
        if (page?.After is { } after) query = query with { After = after };
        var now = clock.GetUtcNow().UtcDateTime;

        var body = JsonBody.Rent();
        try
        {
            var context = since is null ? plan.Collection : plan.Delta;
            var sink = new PageSink(body, request.Response, context.For(request.Root), preferences.Annotations, request.Caller, await amounts.CurrenciesAsync(request, plan.Entities));
            WebApiHeaders.Set(request.Response);
            WebApiHeaders.SetApplied(request.Response, preferences, preferences.TrackChanges ? Preferences.TrackName : null);
            var message = new RetrieveEntityChanges(query, sink) { Since = since?.Version, Until = page?.Until.Version, AfterDeletion = page?.AfterDeletion };
            var result = await engine.ExecuteAsync(message, request.Caller, request.Aborted);
            var until = page?.Until ?? new DeltaToken(result.Changes!.Until, new DateTime(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), DateTimeKind.Utc));
            sink.WriteDeleted(result.Changes!.Deleted, $"{request.Root.Url}$metadata#{entity.EntitySetName}/$deletedEntity");
            var more = result.Next is not null || result.Changes.NextDeletion is not null ? new ChangesToken(until, result.Next, result.Changes.NextDeletion).Encode(query) : null;
            sink.Finish(
                result.Total,
                more is null ? null : Link(request, options, since, $"{PageOption}={more}"),
                request.Metadata.Version,
                more is null ? Link(request, options, until, null) : null);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    /// <summary>GET on <c>accounts/$count</c>: how much has changed.</summary>
    public async Task CountAsync(ApiRequest request)
    {
        var (plan, _) = Plan(request);
        var query = plan.Counting with { Top = 0 };
        var result = await engine.ExecuteAsync(new RetrieveEntityChanges(query, RowCounter.Instance) { Since = Since(request)?.Version }, request.Caller, request.Aborted);
        WebApiHeaders.SetVersion(request.Response);
        request.Response.ContentType = "text/plain";
        await request.Response.WriteAsync(result.Total.GetValueOrDefault().ToString(CultureInfo.InvariantCulture), request.Aborted);
    }

    private DeltaToken? Since(in ApiRequest request) => request.Request.Query[DeltaOption] switch
    {
        [] => null,
        [{ } text] => DeltaToken.Parse(text, clock.GetUtcNow().UtcDateTime),
        _ => throw Errors.BadRequest($"The query option '{DeltaOption}' is given twice."),
    };

    /// <summary>The plan of the columns, and the options that links repeat.</summary>
    private static (QueryPlan Plan, string Options) Plan(in ApiRequest request)
    {
        if (request.Request.Query[PageOption].Count > 1) throw Errors.BadRequest($"The query option '{PageOption}' is given twice.");
        var parts = (request.Request.QueryString.Value ?? "").TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Where(part => Uri.UnescapeDataString(part.Split('=')[0]) is not (DeltaOption or PageOption)).ToList();
        var options = string.Join('&', parts);
        var plan = QueryPlans.Of(request.Metadata).ForUrl(request.Entity, options.Length == 0 ? "" : $"?{options}");
        var query = plan.Query;
        var other = query.Grouping is not null ? "$apply" : query.Filter is not null ? "$filter" : !query.Orders.IsEmpty ? "$orderby" : !query.Expansions.IsEmpty ? "$expand" : !query.Named.IsEmpty ? "$compute" : query.Top is not null ? "$top" : query.Skip > 0 ? "$skip" : null;
        return other is null ? (plan, options) : throw Errors.BadRequest($"The query option '{other}' does not go with change tracking.", "All rows of the table are followed; $select says which of their columns.");
    }

    private static string Link(in ApiRequest request, string options, DeltaToken? delta, string? page)
    {
        var token = delta is { } known ? $"{DeltaOption}={Uri.EscapeDataString(known.ToString())}" : null;
        return $"{request.Root.Url}{request.Entity.EntitySetName}?{string.Join('&', new[] { options, token, page }.Where(part => !string.IsNullOrEmpty(part)))}";
    }
}
