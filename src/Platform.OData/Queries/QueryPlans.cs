using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Views;

namespace Platform.OData.Queries;

/// <summary>The plans of one metadata version: parsing costs 12 to 350 µs, clients send the same few query strings again and again.</summary>
internal sealed class QueryPlans
{
    /// <summary>Characters of a URL, as in Dataverse.</summary>
    public const int LongestUrl = 32768;

    /// <summary>Characters of a URL within a batch, as in Dataverse.</summary>
    public const int LongestUrlInBatch = 65536;

    private const int MostPlans = 1000;
    private const int LongestCached = 2048;
    private static readonly object Key = new();

    private readonly BoundedCache<(EntityDefinition Entity, string Query), QueryPlan> plans = new(MostPlans);
    private readonly MetadataSnapshot metadata;

    private QueryPlans(MetadataSnapshot metadata) => this.metadata = metadata;

    public static QueryPlans Of(MetadataSnapshot metadata) => metadata.Once(Key, static metadata => new QueryPlans(metadata));

    /// <param name="query">Query string as it came over HTTP, without <c>$skiptoken</c>.</param>
    public QueryPlan ForUrl(EntityDefinition entity, string query)
    {
        if (plans.TryGet((entity, query), out var plan)) return plan;
        if (query.Length > LongestUrlInBatch) throw Errors.BadRequest($"The URL is longer than {LongestUrlInBatch} characters.");
        return Keep(entity, query, QueryOptionsParser.Parse(metadata, entity, SavedView.Over(metadata, entity, QueryOptions.FromUrl(query))));
    }

    /// <param name="query">Query string as scripts write it.</param>
    public QueryPlan ForText(EntityDefinition entity, string query)
    {
        // The two readings of one text differ (a plus sign), so they are kept apart.
        var key = "text:" + query;
        if (plans.TryGet((entity, key), out var plan)) return plan;
        plan = QueryOptionsParser.Parse(metadata, entity, SavedView.Over(metadata, entity, QueryOptions.FromText(query)));
        return plan.Query.Expansions.IsEmpty ? Keep(entity, key, plan) : throw Errors.NotOffered("$expand outside of the Web API");
    }

    /// <param name="filter">One filter expression, not encoded.</param>
    public QueryPlan ForFilter(EntityDefinition entity, string filter)
    {
        var key = "filter:" + filter;
        return plans.TryGet((entity, key), out var plan) ? plan : Keep(entity, key, QueryOptionsParser.Parse(metadata, entity, QueryOptions.OfFilter(filter)));
    }

    private QueryPlan Keep(EntityDefinition entity, string key, QueryPlan plan)
    {
        if (key.Length <= LongestCached) plans.Add((entity, key), plan);
        return plan;
    }
}
