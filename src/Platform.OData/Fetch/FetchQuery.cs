using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Compiling;
using Platform.Engine.Queries;

namespace Platform.OData.Fetch;

/// <summary>Reads FetchXML into a <see cref="Query"/>.</summary>
internal sealed class FetchQuery
{
    private static readonly string[] FetchAttributes =
    [
        "top", "count", "page", "paging-cookie", "distinct", "aggregate", "returntotalrecordcount",
        "version", "output-format", "mapping", "no-lock", "aggregatelimit", "utc-offset", "latematerialize", "options", "useraworderby", "min-active-row-version", "datasource", "savedqueryid",
    ];

    private static readonly string[] EntityChildren = ["attribute", "all-attributes", "no-attrs", "filter", "link-entity", "order"];
    private static readonly string[] OrderAttributes = ["attribute", "alias", "descending", "entityname"];

    private readonly FetchElement fetch;
    private readonly FetchNames names;
    private readonly FetchColumns columns;
    private readonly FetchLinks links;
    private readonly List<OrderBy> orders = [];
    private readonly bool isAggregate;

    private FetchQuery(MetadataSnapshot metadata, FetchElement fetch)
    {
        this.fetch = fetch;
        isAggregate = fetch.Flag("aggregate");
        names = new FetchNames(metadata);
        columns = new FetchColumns(isAggregate);
        links = new FetchLinks(names, columns, ReadOrder);
    }

    /// <exception cref="Engine.PlatformException">The text is wrong (400), or asks for what is not offered (501).</exception>
    public static FetchRequest Read(MetadataSnapshot metadata, string xml)
    {
        var root = FetchElement.Read(xml);
        if (root.Name != "fetch") throw root.Wrong("is not what FetchXML begins with", "The outermost element is <fetch>.");
        root.Allow(FetchAttributes, ["entity"]);
        if (root.Children.Count != 1) throw root.Wrong($"holds {root.Children.Count} elements", "It holds one <entity>.");
        if (root["datasource"] is { } source) throw Engine.Errors.NotOffered($"datasource='{source}' of <fetch>");
        return new FetchQuery(metadata, root).Read();
    }

    private FetchRequest Read()
    {
        var (top, count, page) = (fetch.Number("top", Query.LargestPage), fetch.Number("count"), fetch.Number("page"));
        if (top is not null && (page ?? count) is not null) throw fetch.Wrong("has top and a page", "Write top, or count and page.");
        var element = fetch.Children[0];
        element.Allow(["name", "alias"], EntityChildren);
        var entity = names.Entity(element);
        columns.Read(element, entity, null);
        var joined = links.Read(element, entity);
        // The row's own orders come first, as in Dataverse.
        var ofLinks = orders.ToList();
        orders.Clear();
        foreach (var order in element.Children.Where(child => child.Name == "order")) ReadOrder(order, entity, null);
        ofLinks.ForEach(Add);
        ImmutableArray<FilterNode> filters = [.. joined.Conditions, .. element.Children.Where(child => child.Name == "filter").Select(filter => links.Conditions.Filter(filter, entity, isOuter: true))];
        var query = new Query(entity)
        {
            Filter = filters.Length switch { 0 => null, 1 => filters[0], _ => new AllOf(filters) },
            Links = joined.Links,
            Orders = [.. orders],
            Top = top,
            CountTotal = fetch.Flag("returntotalrecordcount"),
        };
        query = isAggregate ? Grouped(query, columns.Groups() is { IsEmpty: false } groups ? groups : throw fetch.Wrong("aggregates nothing", "Name a column with groupby='true' or aggregate='…'.")) : fetch.Flag("distinct") ? Distinct(query) : columns.Complete(query);
        return new FetchRequest(query, Math.Clamp(count ?? 0, 0, Query.LargestPage) is > 0 and var size ? size : null, Math.Max(1, page ?? 1), fetch["paging-cookie"]);
    }

    private void ReadOrder(FetchElement order, EntityDefinition entity, string? link)
    {
        order.Allow(OrderAttributes, []);
        var descending = order.Flag("descending");
        if (isAggregate)
        {
            Add(new OrderBy(columns.Find(order.Demand("alias"), order), descending));
            return;
        }
        if (order["entityname"] is { } alias)
        {
            var named = names.Link(alias, order);
            (entity, link) = (named.Entity, named.Alias);
        }
        var source = order["attribute"] is { } name ? new ColumnSource(FetchNames.Attribute(entity, name, order), link) : columns.Source(order.Demand("alias"), order);
        if (source.Link is not null) names.Spoken.Add(source.Link);
        if (source.Attribute.Kind is AttributeKind.GeoPoint or AttributeKind.File or AttributeKind.Image) throw order.Wrong($"sorts by '{source.Attribute}', whose values have no order");
        Add(new OrderBy(source.Attribute, descending) { Link = source.Link });
    }

    // The second mention of a column decides nothing any more.
    private void Add(OrderBy order)
    {
        if (!orders.Any(known => known.Attribute == order.Attribute && known.Link == order.Link)) orders.Add(order);
    }

    private static Query Grouped(Query query, ImmutableArray<AttributeDefinition> groups) => new(query.Entity)
    {
        Columns = groups,
        Grouping = new Grouping(query with { Orders = [], Top = null, CountTotal = false }, groups),
        Orders = query.Orders,
        Top = query.Top,
        CountTotal = query.CountTotal,
    };

    /// <summary>
    /// Different rows. Where the key is among the columns, and joined rows only decide which rows there are, they need
    /// not be joined: then no row comes twice, and pages begin where the last one ended.
    /// </summary>
    private Query Distinct(Query query)
    {
        if (columns.HasKeyAlone(query.Entity) && query.Links.SelectMany(link => link.All).All(link => link.Columns.IsEmpty && !names.Spoken.Contains(link.Alias)))
        {
            ImmutableArray<FilterNode> filters = [.. query.Filter is { } filter ? [filter] : Array.Empty<FilterNode>(), .. query.Links.Where(link => link.Kind != LinkKind.Outer).Select(link => new AnyLinked(link))];
            return columns.Complete(query with { Links = [], Filter = filters.IsEmpty ? null : new AllOf(filters) });
        }
        var (shown, all) = columns.Different(query);
        return Grouped(query with { Orders = [.. query.Orders.Select(by => by with { Attribute = all.First(attribute => attribute.Computed is GroupedColumn { Source: { } source } && source.Attribute == by.Attribute && source.Link == by.Link), Link = null })] }, all) with { Columns = shown };
    }
}

/// <summary>A FetchXML query with the page that it asks for.</summary>
/// <param name="Count">Rows of a page; <c>null</c> where it says nothing.</param>
/// <param name="Page">From 1.</param>
/// <param name="Cookie">As the client sent it; <c>null</c> for none.</param>
internal sealed record FetchRequest(Query Query, int? Count, int Page, string? Cookie);
