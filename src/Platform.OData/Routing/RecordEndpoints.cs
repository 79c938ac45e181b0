using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.OData.Fetch;
using Platform.OData.Headers;
using Platform.OData.Queries;
using Platform.OData.Reading;
using Platform.OData.Views;
using Platform.OData.Writing;
using Platform.Sdk;

namespace Platform.OData.Routing;

/// <summary>Rows over HTTP: each method turns a request into one message and its result into an answer.</summary>
internal sealed class RecordEndpoints(PlatformEngine engine, RowFinder finder, BodyRows rows, AmountFormats amounts, FetchEndpoint fetch, ChangesEndpoint changes, ExplainEndpoint explain, PersonalViews views, IOptions<WebApiOptions> options)
{
    private readonly long bodyLimit = options.Value.MaxBodyBytes;

    /// <summary>GET, POST on <c>accounts</c>.</summary>
    public Task SetAsync(in ApiRequest request) =>
        HttpMethods.IsGet(request.Request.Method) ? ReadSetAsync(request)
        : HttpMethods.IsPost(request.Request.Method) ? CreateAsync(request)
        : throw request.MethodNotAllowed("GET, POST");

    private Task ReadSetAsync(in ApiRequest request)
    {
        if (FetchEndpoint.Asks(request)) return fetch.ListAsync(request);
        if (!ChangesEndpoint.Asks(request)) return ListAsync(request, request.Entity, request.Entity.EntitySetName, null);
        return ExplainEndpoint.Asks(request) ? throw Errors.BadRequest("An explanation does not go with change tracking.") : changes.ListAsync(request);
    }

    /// <summary>GET on <c>accounts/$explain</c>: as the list itself, with an explanation instead of rows.</summary>
    public Task ExplainAsync(in ApiRequest request) => HttpMethods.IsGet(request.Request.Method) ? SetAsync(request) : throw request.MethodNotAllowed("GET");

    /// <summary>GET, PATCH, DELETE on <c>accounts(id)</c>.</summary>
    public Task RowAsync(in ApiRequest request) =>
        HttpMethods.IsGet(request.Request.Method) ? RetrieveAsync(request)
        : HttpMethods.IsPatch(request.Request.Method) ? WriteAsync(request)
        : HttpMethods.IsDelete(request.Request.Method) ? DeleteAsync(request)
        : throw request.MethodNotAllowed("GET, PATCH, DELETE");

    /// <summary>GET on <c>accounts/$count</c>: the number as text. Unlike Dataverse's there is no byte order mark before it.</summary>
    public Task CountAsync(in ApiRequest request) =>
        HttpMethods.IsGet(request.Request.Method) && ChangesEndpoint.Asks(request) ? changes.CountAsync(request)
        : HttpMethods.IsGet(request.Request.Method) ? CountAsync(request, request.Entity, null) : throw request.MethodNotAllowed("GET");

    /// <summary>Answers with the number of rows.</summary>
    /// <param name="within">Condition that the URL's path adds to its query; <c>null</c> for none.</param>
    internal async Task CountAsync(ApiRequest request, EntityDefinition entity, FilterNode? within)
    {
        var plan = await views.PlanAsync(request, entity, request.Request.QueryString.Value ?? "");
        if (ExplainEndpoint.Asks(request))
        {
            await explain.AnswerAsync(request, Within(plan.Counting, within));
            return;
        }
        var result = await engine.ExecuteAsync(new RetrieveMultiple(Within(plan.Counting, within), RowCounter.Instance), request.Caller, request.Aborted);
        WebApiHeaders.SetVersion(request.Response);
        request.Response.ContentType = "text/plain";
        await request.Response.WriteAsync(result.Total.GetValueOrDefault().ToString(System.Globalization.CultureInfo.InvariantCulture), request.Aborted);
    }

    /// <summary>Answers with a page of rows.</summary>
    /// <param name="path">Path of the rows below the service's root, for the link to the next page.</param>
    /// <param name="within">Condition that the path adds to the query; <c>null</c> for none.</param>
    internal async Task ListAsync(ApiRequest request, EntityDefinition entity, string path, FilterNode? within)
    {
        var (queryString, token) = QueryOptions.SplitSkipToken(request.Request.QueryString.Value ?? "");
        var plan = await views.PlanAsync(request, entity, queryString);
        var preferences = request.Preferences;
        var query = Within(plan.Page(preferences.Annotations.HasFlag(AnnotationSet.FormattedValue), preferences.MaxPageSize), within);
        if (token is not null) query = query with { After = SkipToken.Decode(token, plan) };
        if (ExplainEndpoint.Asks(request))
        {
            await explain.AnswerAsync(request, query);
            return;
        }

        var body = JsonBody.Rent();
        try
        {
            var sink = new PageSink(body, request.Response, plan.Collection.For(request.Root), preferences.Annotations, request.Caller, await amounts.CurrenciesAsync(request, plan.Entities));
            WebApiHeaders.Set(request.Response);
            WebApiHeaders.SetApplied(request.Response, preferences);
            var result = await engine.ExecuteAsync(new RetrieveMultiple(query, sink), request.Caller, request.Aborted);
            sink.Finish(result.Total, result.Next is { } next ? NextLink(request, path, queryString, SkipToken.Encode(next, plan)) : null, request.Metadata.Version);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    private async Task RetrieveAsync(ApiRequest request)
    {
        var known = EntityTag.Known(request.Request.Headers.IfNoneMatch);
        // An answer with formatted values or other rows depends on more than the row's version.
        var plan = request.RowPlan();
        if (request.Preferences.Annotations != AnnotationSet.None || !plan.Query.Expansions.IsEmpty) known = null;
        await WriteRowAsync(request, plan, await IdAsync(request), StatusCodes.Status200OK, known);
    }

    private Task CreateAsync(ApiRequest request) => CreateAsync(request, request.Entity, create => create);

    /// <summary>Makes the row of the body.</summary>
    /// <param name="entity">Its entity: that of the path, or of the rows that belong to the row of the path.</param>
    /// <param name="tie">Adds what the path says about it.</param>
    internal async Task CreateAsync(ApiRequest request, EntityDefinition entity, Func<Create, Create> tie)
    {
        var plan = request.RowPlan(entity);
        var body = await BodyReader.ReadAsync(request.Request, request.Metadata, entity, Guid.Empty, new NestedRows(), bodyLimit, request.Aborted);
        var create = tie(await rows.ToCreateAsync(body, request.Metadata, request.Caller, request.Aborted));
        var result = await engine.ExecuteAsync(create with { DetectDuplicates = request.DetectsDuplicates }, request.Caller, request.Aborted);
        var url = $"{request.Root.Url}{entity.EntitySetName}({result.Id:D})";
        request.Response.Headers.Location = url;
        var row = new EntityReference(entity.LogicalName, result.Id);
        if (!request.Preferences.ReturnRepresentation || !await TryWriteRowAsync(request, plan, row, StatusCodes.Status201Created)) NoContent(request, url);
    }

    /// <summary>PATCH: If-Match asks for a row that is there, If-None-Match: * for one that is not; else either will do.</summary>
    private Task WriteAsync(ApiRequest request)
    {
        var isNew = request.Request.Headers.IfNoneMatch == "*";
        if (request.Request.Headers.IfMatch.Count == 0) return UpsertAsync(request, isNew);
        if (isNew) throw Errors.BadRequest("If-Match asks for a row that exists, If-None-Match: * for one that does not.", "Send one of them.");
        return UpdateAsync(request);
    }

    private async Task UpsertAsync(ApiRequest request, bool isNew)
    {
        var plan = request.RowPlan();
        var key = request.Path.Key;
        var record = await ReadRecordAsync(request, key.Id);
        var result = await engine.ExecuteAsync(new Upsert(record, key.Alternate?.ForMessage() ?? [], isNew) { DetectDuplicates = request.DetectsDuplicates }, request.Caller, request.Aborted);
        var url = RowUrl(request, result.Id);
        if (result.Created && request.Preferences.ReturnRepresentation) request.Response.Headers.Location = url;
        var status = result.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        if (!request.Preferences.ReturnRepresentation || !await TryWriteRowAsync(request, plan, result.Id, status)) NoContent(request, url);
    }

    private async Task UpdateAsync(ApiRequest request)
    {
        var plan = request.RowPlan();
        var version = EntityTag.Demanded(request.Request.Headers.IfMatch);
        var id = await IdAsync(request);
        var record = await ReadRecordAsync(request, id);
        // A key is not changed by way of itself, as in Dataverse.
        foreach (var (attribute, _) in request.Path.Key.Alternate?.Parts ?? []) record.Remove(attribute.LogicalName);
        await engine.ExecuteAsync(new Update(record, version) { DetectDuplicates = request.DetectsDuplicates }, request.Caller, request.Aborted);
        if (!request.Preferences.ReturnRepresentation || !await TryWriteRowAsync(request, plan, id, StatusCodes.Status200OK))
            NoContent(request, RowUrl(request, id));
    }

    private async Task DeleteAsync(ApiRequest request)
    {
        var version = EntityTag.Demanded(request.Request.Headers.IfMatch);
        var target = new EntityReference(request.Entity.LogicalName, await IdAsync(request));
        await engine.ExecuteAsync(new Delete(target, version), request.Caller, request.Aborted);
        NoContent(request, null);
    }

    private ValueTask<Guid> IdAsync(in ApiRequest request) => finder.DemandAsync(request.Path.Key, request.Caller, request.Aborted);

    /// <summary>Reads the body and finds the rows that its lookups name by their keys.</summary>
    /// <param name="id">The row's id where it is known; else empty.</param>
    private async ValueTask<EntityRecord> ReadRecordAsync(ApiRequest request, Guid id)
    {
        var body = await BodyReader.ReadAsync(request.Request, request.Metadata, request.Entity, id, nested: null, bodyLimit, request.Aborted);
        return await rows.CompleteAsync(body, request.Entity, request.Path.Key, request.Caller, request.Aborted);
    }

    /// <summary>The row that was written. False when the caller may not read it: who gives a row away has written it all the same.</summary>
    private Task<bool> TryWriteRowAsync(ApiRequest request, QueryPlan plan, Guid id, int status) =>
        TryWriteRowAsync(request, plan, new EntityReference(request.Entity.LogicalName, id), status);

    private async Task<bool> TryWriteRowAsync(ApiRequest request, QueryPlan plan, EntityReference row, int status)
    {
        try
        {
            await WriteRowAsync(request, plan, row, status);
            return true;
        }
        catch (PlatformException refused) when (refused.Kind is ErrorKind.NotFound or ErrorKind.Forbidden && !request.Response.HasStarted)
        {
            return false;
        }
    }

    private Task WriteRowAsync(ApiRequest request, QueryPlan plan, Guid id, int status, long? known = null) =>
        WriteRowAsync(request, plan, new EntityReference(request.Entity.LogicalName, id), status, known);

    /// <summary>Answers with one row.</summary>
    internal async Task WriteRowAsync(ApiRequest request, QueryPlan plan, EntityReference target, int status, long? known = null)
    {
        var annotations = request.Preferences.Annotations;
        var response = request.Response;
        var body = JsonBody.Rent();
        try
        {
            var sink = new SingleRowSink(body, plan.Row.For(request.Root), annotations, request.Caller, known, await amounts.CurrenciesAsync(request, plan.Entities));
            await engine.ExecuteAsync(
                new Retrieve(target, plan.ColumnNames, sink, annotations.HasFlag(AnnotationSet.FormattedValue), plan.Query.Thumbnails)
                {
                    Expansions = plan.Page(annotations.HasFlag(AnnotationSet.FormattedValue), null).Expansions,
                    Named = plan.Query.Named,
                },
                request.Caller,
                request.Aborted);
            response.Headers.ETag = EntityTag.Format(sink.Version ?? throw Errors.RecordNotFound(target));
            if (sink.IsKnown)
            {
                response.StatusCode = StatusCodes.Status304NotModified;
                WebApiHeaders.SetVersion(response);
                return;
            }
            response.StatusCode = status;
            WebApiHeaders.Set(response);
            WebApiHeaders.SetApplied(response, request.Preferences);
            await body.CompleteAsync(response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    internal static void NoContent(in ApiRequest request, string? url)
    {
        request.Response.StatusCode = StatusCodes.Status204NoContent;
        WebApiHeaders.SetVersion(request.Response);
        if (!request.Preferences.ReturnRepresentation) WebApiHeaders.SetApplied(request.Response, request.Preferences);
        if (url is not null) request.Response.Headers["OData-EntityId"] = url;
    }

    private static string RowUrl(in ApiRequest request, Guid id) => $"{request.Root.Url}{request.Entity.EntitySetName}({id:D})";

    internal static Query Within(Query query, FilterNode? within) =>
        within is null ? query
        : query.Grouping is { } grouping ? query with { Grouping = Within(grouping, within) }
        : query with { Filter = query.Filter is { } filter ? new AllOf([filter, within]) : within };

    private static Grouping Within(Grouping grouping, FilterNode within) =>
        grouping with { Of = Within(grouping.Of, within), Others = [.. grouping.Others.Select(other => Within(other, within))] };

    internal static string NextLink(in ApiRequest request, string path, string queryString, string token) =>
        $"{request.Root.Url}{path}{(queryString.Length > 1 ? queryString + "&" : "?")}$skiptoken={token}";
}
