using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;

namespace Platform.OData.Queries;

/// <summary>OData query text for views and scripts: the same parser as for URLs, so that both mean the same.</summary>
public sealed class QueryTextParser : IQueryTextParser
{
    public Query Parse(MetadataSnapshot metadata, EntityDefinition entity, string queryString) =>
        QueryPlans.Of(metadata).ForText(entity, queryString).Query;

    public Query ParseFetch(MetadataSnapshot metadata, string fetchXml) => Fetch.FetchPlan.Of(metadata, fetchXml).Query;

    public FilterNode ParseFilter(MetadataSnapshot metadata, EntityDefinition entity, string filter) =>
        QueryPlans.Of(metadata).ForFilter(entity, filter).Query.Filter
        ?? throw Errors.BadRequest("The filter is empty.");
}
