using Platform.Engine.Metadata;

namespace Platform.Engine.Queries;

/// <summary>Which rows of each entity a query may read, for one caller; notes which entities were asked for.</summary>
/// <param name="find">Condition on the rows; <c>null</c>: all. Throws where the caller may read none.</param>
internal sealed class QueryRights(Func<EntityDefinition, FilterNode?> find)
{
    private readonly Dictionary<EntityDefinition, FilterNode?> asked = new(ReferenceEqualityComparer.Instance);

    /// <summary>The platform itself: all rows.</summary>
    public static QueryRights Everything => new(static _ => null);

    public IReadOnlyCollection<EntityDefinition> Asked => asked.Keys;

    /// <summary>Somewhere not all rows may be read.</summary>
    public bool AreLimited => asked.Values.Any(filter => filter is not null);

    public FilterNode? Of(EntityDefinition entity)
    {
        if (!asked.TryGetValue(entity, out var filter)) asked[entity] = filter = find(entity);
        return filter;
    }
}
