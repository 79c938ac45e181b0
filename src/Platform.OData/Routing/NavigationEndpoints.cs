using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.OData.Headers;
using Platform.OData.Queries;
using Platform.OData.Reading;
using Platform.OData.Writing;
using Platform.Sdk;

namespace Platform.OData.Routing;

/// <summary>What stands behind a row in a URL: the rows that a navigation property leads to, and the links to them.</summary>
internal sealed class NavigationEndpoints(PlatformEngine engine, RowFinder finder, RecordEndpoints records, IOptions<WebApiOptions> options)
{
    private const string LinkName = "@odata.id";

    private readonly long bodyLimit = options.Value.MaxBodyBytes;

    /// <summary>GET on <c>accounts(id)/contact_customer_accounts</c> and on <c>accounts(id)/primarycontactid</c>; POST makes a row of a collection.</summary>
    public async Task ReadAsync(ApiRequest request)
    {
        if (HttpMethods.IsPost(request.Request.Method) && request.Path.Navigation is { IsCollection: true } collection)
        {
            await CreateAsync(request, collection);
            return;
        }
        if (!HttpMethods.IsGet(request.Request.Method)) throw request.MethodNotAllowed(request.Path.Navigation!.IsCollection ? "GET, POST" : "GET");
        var row = await RowAsync(request);
        if (request.Path.Navigation is LookupNavigation lookup)
        {
            await ReadOneAsync(request, row, lookup);
            return;
        }
        var (entity, related) = await RelatedAsync(request, row);
        await records.ListAsync(request, entity, PathOf(request, row), related);
    }

    /// <summary>A new row that belongs to the row of the URL from its beginning.</summary>
    private async Task CreateAsync(ApiRequest request, Navigation navigation)
    {
        var row = await RowAsync(request);
        await records.CreateAsync(request, request.Metadata.Entity(navigation.Target!), create =>
        {
            if (navigation is PairsNavigation pairs) return create with { Related = create.Related.Add(new RelatedRows(pairs.Far.Navigation, [], [row])) };
            var lookup = ((RowsNavigation)navigation).Attribute;
            var other = create.Target.GetLookup(lookup);
            if ((other is not null && other != row) || create.Related.Any(related => Navigation.Find(request.Metadata.Entity(navigation.Target!), related.Navigation) is LookupNavigation { Lookup.LogicalName: var name } && name == lookup))
                throw Errors.BadRequest($"The body says another '{lookup}' than the address.", "Leave it out: the new row belongs to the row of the address.");
            create.Target[lookup] = row;
            return create;
        });
    }

    /// <summary>GET on <c>accounts(id)/contact_customer_accounts/$count</c>.</summary>
    public async Task CountAsync(ApiRequest request)
    {
        if (!HttpMethods.IsGet(request.Request.Method)) throw request.MethodNotAllowed("GET");
        var (entity, related) = await RelatedAsync(request, await RowAsync(request));
        await records.CountAsync(request, entity, related);
    }

    /// <summary>Links: GET; POST to add one to a collection, PUT to set a single one, DELETE.</summary>
    public Task LinkAsync(ApiRequest request)
    {
        var isCollection = request.Path.Navigation!.IsCollection;
        return request.Request.Method switch
        {
            "GET" => ReadLinksAsync(request),
            "POST" when isCollection && request.Path.Child is null => AssociateAsync(request),
            "PUT" when !isCollection => AssociateAsync(request),
            "DELETE" => DisassociateAsync(request),
            _ => throw request.MethodNotAllowed(request.Path.Child is not null ? "GET, DELETE" : isCollection ? "GET, POST, DELETE" : "GET, PUT, DELETE"),
        };
    }

    private async Task AssociateAsync(ApiRequest request)
    {
        var row = await RowAsync(request);
        var text = await BodyReader.ReadAsync(request.Request, ReadLink, bodyLimit, request.Aborted);
        var related = await LinkedAsync(request, RowLink.Parse(text, request.Metadata, LinkName));
        await engine.ExecuteAsync(new Associate(row, request.Path.Navigation!.Name, [related]), request.Caller, request.Aborted);
        RecordEndpoints.NoContent(request, null);
    }

    private async Task DisassociateAsync(ApiRequest request)
    {
        var navigation = request.Path.Navigation!;
        var row = await RowAsync(request);
        EntityReference? related = null;
        if (request.Path.Child is { } child)
            related = new EntityReference(navigation.Target!, await finder.DemandAsync(child, request.Caller, request.Aborted));
        else if (request.Request.Query["$id"] is [{ Length: > 0 } link, ..])
            related = await LinkedAsync(request, RowLink.Parse(link, request.Metadata, "$id"));
        else if (navigation.IsCollection)
            throw Errors.BadRequest($"'{navigation.Name}' leads to many rows: the one to untie is not named.", $"Write …/{navigation.Name}(<id>)/$ref, or …/{navigation.Name}/$ref?$id=<URL of the row>.");
        await engine.ExecuteAsync(new Disassociate(row, navigation.Name, related is null ? [] : [related]), request.Caller, request.Aborted);
        RecordEndpoints.NoContent(request, null);
    }

    private async Task ReadLinksAsync(ApiRequest request)
    {
        var row = await RowAsync(request);
        if (request.Path.Child is { } child)
        {
            await WriteLinkAsync(request, await finder.DemandAsync(row, request.Path.Navigation!, child, request.Caller, request.Aborted));
            return;
        }
        if (request.Path.Navigation is LookupNavigation lookup)
        {
            if (await ValueAsync(request, row, lookup) is { } value) await WriteLinkAsync(request, value);
            else RecordEndpoints.NoContent(request, null);
            return;
        }
        var (entity, related) = await RelatedAsync(request, row);
        var (queryString, token) = QueryOptions.SplitSkipToken(request.Request.QueryString.Value ?? "");
        var plan = QueryPlans.Of(request.Metadata).ForUrl(entity, queryString);
        if (plan.Query.Grouping is not null) throw Errors.BadRequest("The query option '$apply' cannot be applied to links.");
        var query = RecordEndpoints.Within(plan.Page(lookupNames: false, request.Preferences.MaxPageSize), related) with { Columns = [entity.PrimaryId] };
        if (token is not null) query = query with { After = SkipToken.Decode(token, plan) };
        var body = JsonBody.Rent();
        try
        {
            var sink = new LinkSink(body, request.Response, request.Root.Url, entity);
            WebApiHeaders.Set(request.Response);
            WebApiHeaders.SetApplied(request.Response, request.Preferences);
            var result = await engine.ExecuteAsync(new RetrieveMultiple(query, sink), request.Caller, request.Aborted);
            sink.Finish(result.Total, result.Next is { } next ? RecordEndpoints.NextLink(request, PathOf(request, row) + "/$ref", queryString, SkipToken.Encode(next, plan)) : null);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    private static async Task WriteLinkAsync(ApiRequest request, EntityReference target)
    {
        var body = JsonBody.Rent();
        try
        {
            body.Json.WriteStartObject();
            body.Json.WriteString(SingleRowSink.ContextName, request.Root.Url + "$metadata#$ref");
            body.Json.WriteString(LinkName, $"{request.Root.Url}{request.Metadata.Entity(target.LogicalName).EntitySetName}({target.Id:D})");
            body.Json.WriteEndObject();
            WebApiHeaders.Set(request.Response);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    private async Task ReadOneAsync(ApiRequest request, EntityReference row, LookupNavigation lookup)
    {
        if (await ValueAsync(request, row, lookup) is not { } target)
        {
            RecordEndpoints.NoContent(request, null);
            return;
        }
        var plan = QueryPlans.Of(request.Metadata).ForUrl(request.Metadata.Entity(target.LogicalName), request.Request.QueryString.Value ?? "").DemandSingleRow();
        await records.WriteRowAsync(request, plan, target, StatusCodes.Status200OK);
    }

    private Task<EntityReference?> ValueAsync(ApiRequest request, EntityReference row, LookupNavigation lookup) => finder.ValueAsync(row, lookup, request.Caller, request.Aborted);

    /// <summary>The entity that a collection leads to, and the condition on its rows.</summary>
    private async Task<(EntityDefinition Entity, FilterNode Related)> RelatedAsync(ApiRequest request, EntityReference row) =>
        (request.Metadata.Entity(request.Path.Navigation!.Target!), await finder.RelatedAsync(row, request.Path.Navigation!, request.Caller, request.Aborted));

    private async ValueTask<EntityReference> RowAsync(ApiRequest request) =>
        new(request.Entity.LogicalName, await finder.DemandAsync(request.Path.Key, request.Caller, request.Aborted));

    private async ValueTask<EntityReference> LinkedAsync(ApiRequest request, RowLink link)
    {
        if (link.Key.Alternate is not { } key) return new EntityReference(link.Entity.LogicalName, link.Key.Id);
        var id = await finder.FindAsync(key, request.Caller, request.Aborted) ?? throw Errors.LookupKeyNotFound(request.Path.Navigation!.Name, key.Entity.LogicalName, key.Text);
        return new EntityReference(key.Entity.LogicalName, id);
    }

    private static string PathOf(in ApiRequest request, EntityReference row) => $"{request.Entity.EntitySetName}({row.Id:D})/{request.Path.Navigation!.Name}";

    private static string ReadLink(ReadOnlySequence<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(LinkName, out var link) && link.ValueKind == JsonValueKind.String
                ? link.GetString()!
                : throw Errors.BadJson($"a link is expected, {{\"{LinkName}\": \"contacts(01234567-89ab-cdef-0123-456789abcdef)\"}}.");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw Errors.BadJson("the body is no JSON.");
        }
    }
}
