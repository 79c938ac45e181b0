using System.Collections.Immutable;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.OData.Writing;

namespace Platform.OData.Queries;

/// <summary>Everything about a query string that is the same for all requests that send it.</summary>
internal sealed class QueryPlan
{
    private readonly string? collectionOption;
    private readonly Query query;
    private readonly Query withNames;
    private Query? otherPageSize;
    private Query? counting;

    /// <param name="query">Without page size and start, which belong to a request.</param>
    /// <param name="hasSelect">Columns were named.</param>
    /// <param name="collectionOption">Name of an option that makes sense for many rows only.</param>
    public QueryPlan(Query query, bool hasSelect, string? collectionOption)
    {
        this.collectionOption = collectionOption;
        this.query = query;
        withNames = WithNames(query);
        ColumnNames = hasSelect || query.Columns.Length < query.Entity.Attributes.Length ? [.. query.Columns.Select(column => column.LogicalName)] : [];
        var parts = Parts(query, hasSelect);
        var selected = parts.Length > 0 ? $"({parts})" : "";
        Collection = new ContextUrl($"$metadata#{query.Entity.EntitySetName}{selected}");
        Delta = new ContextUrl($"$metadata#{query.Entity.EntitySetName}{selected}/$delta");
        Row = new ContextUrl($"$metadata#{query.Entity.EntitySetName}{selected}/$entity");
        OrderHash = SkipToken.Hash(query);
    }

    public Query Query => query;

    /// <summary>Entities of the rows and of what comes along with them.</summary>
    public IEnumerable<EntityDefinition> Entities => [query.Entity, .. query.Expansions.SelectMany(expansion => expansion.Entities)];

    /// <summary>Counts the rows that match.</summary>
    public Query Counting => counting ??= query with { Columns = query.Grouping is null ? [query.Entity.PrimaryId] : query.Columns, Orders = [], Named = [], Expansions = [], Top = null, Skip = 0, CountTotal = true, PageSize = 1 };

    /// <summary>Logical names of the selected columns; empty: all.</summary>
    public ImmutableArray<string> ColumnNames { get; }

    /// <summary>Context URL of an answer with many rows.</summary>
    public ContextUrl Collection { get; }

    /// <summary>Context URL of an answer with changes.</summary>
    public ContextUrl Delta { get; }

    /// <summary>Context URL of an answer with one row.</summary>
    public ContextUrl Row { get; }

    /// <summary>Ties skip tokens to this order.</summary>
    public uint OrderHash { get; }

    /// <summary>The query of one page. Gives out the same instance where it can: the engine keeps what it compiled by instance.</summary>
    /// <param name="lookupNames">Also read the names of lookups' targets.</param>
    public Query Page(bool lookupNames, int? pageSize)
    {
        var basis = lookupNames ? withNames : query;
        if (pageSize is not { } size || size == basis.PageSize) return basis;
        // Clients page with one size, so one variant is remembered.
        if (otherPageSize is { } known && known.PageSize == size && known.LookupNames == lookupNames) return known;
        return otherPageSize = basis with { PageSize = size };
    }

    private static Query WithNames(Query query) => query with
    {
        LookupNames = true,
        Expansions = [.. query.Expansions.Select(expansion => expansion with { Rows = WithNames(expansion.Rows) })],
    };

    // As in $metadata#accounts(name,primarycontactid(fullname)).
    private static string Parts(Query query, bool hasSelect) => string.Join(',',
    [
        .. hasSelect ? query.Columns.Select(column => query.Grouping is null ? column.WebApiName : column.LogicalName).Concat(query.Named.Select(made => made.Name)) : [],
        .. query.Expansions.Where(expansion => expansion.Form != ExpansionForm.Count)
            .Select(expansion => expansion.Form == ExpansionForm.Links ? $"{expansion.Navigation.Name}/$ref" : $"{expansion.Navigation.Name}({Parts(expansion.Rows, IsPart(expansion.Rows))})"),
    ]);

    private static bool IsPart(Query query) => query.Columns.Length < query.Entity.Attributes.Count(attribute => attribute.Kind != AttributeKind.Image);

    /// <exception cref="PlatformException">An option other than <c>$select</c> and <c>$expand</c> was given.</exception>
    public QueryPlan DemandSingleRow() =>
        collectionOption is null ? this : throw Errors.BadRequest($"The query option '{collectionOption}' cannot be applied to a single row.");
}
