using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.OData.Queries;
using Platform.OData.Writing;

namespace Platform.OData.Fetch;

/// <summary>Everything about a FetchXML text that is the same for all requests that send it.</summary>
internal sealed class FetchPlan
{
    private const int MostPlans = 500;
    private const int LongestCached = 4096;
    private static readonly object Key = new();

    private readonly FetchRequest request;
    private readonly Query withNames;
    private QueryPlan? asList;

    private FetchPlan(FetchRequest request)
    {
        this.request = request;
        withNames = request.Query with { LookupNames = true };
        OrderHash = SkipToken.Hash(request.Query);
        Collection = new ContextUrl($"$metadata#{request.Query.Entity.EntitySetName}({string.Join(',', Names(request.Query))})");
    }

    public Query Query => request.Query;

    /// <summary>The query as that of a list, whose pages links lead through.</summary>
    public QueryPlan AsList => asList ??= new QueryPlan(request.Count is { } size ? Query with { PageSize = size } : Query, hasSelect: true, "userQuery");

    public uint OrderHash { get; }

    /// <summary>Context URL of the answer.</summary>
    public ContextUrl Collection { get; }

    /// <summary>From 1.</summary>
    public int Page => request.Page;

    /// <summary>Tables of which columns stand in the answer, for the symbols of amounts.</summary>
    public IEnumerable<EntityDefinition> Entities => [.. Rows.Links.SelectMany(link => link.All).Select(link => link.Entity), Query.Entity];

    private Query Rows => Query.Grouping?.Of ?? Query;

    /// <exception cref="PlatformException">The text is wrong (400) or asks for what is not offered (501).</exception>
    public static FetchPlan Of(MetadataSnapshot metadata, string xml)
    {
        var plans = metadata.Once(Key, static _ => new BoundedCache<string, FetchPlan>(MostPlans));
        if (plans.TryGet(xml, out var known)) return known;
        var plan = new FetchPlan(FetchQuery.Read(metadata, xml));
        if (xml.Length <= LongestCached) plans.Add(xml, plan);
        return plan;
    }

    /// <summary>The query of the page that the text asks for.</summary>
    /// <param name="lookupNames">Also read the names of lookups' targets.</param>
    /// <param name="preferred">Rows of a page where the text says nothing.</param>
    public Query PageQuery(bool lookupNames, int? preferred)
    {
        var query = lookupNames ? withNames : Query;
        var size = request.Count ?? preferred ?? Query.LargestPage;
        if (size != query.PageSize) query = query with { PageSize = size };
        if (request.Page == 1) return query;
        var after = request.Cookie is { Length: > 0 } cookie ? FetchCookie.Read(cookie, this, request.Page) : null;
        return after is null ? query with { Skip = checked((int)Math.Min((long)(request.Page - 1) * size, int.MaxValue)) } : query with { After = after };
    }

    private static IEnumerable<string> Names(Query query) =>
        [.. query.Columns.Select(column => query.Grouping is null ? column.WebApiName : column.LogicalName), .. query.Named.Select(column => column.Name), .. query.Links.SelectMany(link => link.All).SelectMany(link => link.Columns).Select(column => column.Name)];
}
