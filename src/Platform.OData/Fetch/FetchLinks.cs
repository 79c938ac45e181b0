using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Compiling;
using Platform.Engine.Queries;
using Platform.OData.Queries;

namespace Platform.OData.Fetch;

/// <summary>What the links of an element became.</summary>
/// <param name="Conditions">Of those that only ask whether rows are there.</param>
internal sealed record JoinedLinks(ImmutableArray<Link> Links, ImmutableArray<FilterNode> Conditions);

/// <summary>Reads <c>&lt;link-entity&gt;</c>.</summary>
internal sealed class FetchLinks
{
    /// <summary>Links of one query, as in Dataverse.</summary>
    private const int MostLinks = 15;

    private static readonly string[] Attributes = ["name", "from", "to", "alias", "link-type", "intersect", "visible"];
    private static readonly string[] Children = ["attribute", "all-attributes", "no-attrs", "filter", "link-entity", "order"];
    private static readonly string[] Types = ["inner", "outer", "any", "not any", "all", "not all", "exists", "in", "matchfirstrowusingcrossapply"];

    private readonly FetchNames names;
    private readonly FetchColumns columns;
    private readonly Action<FetchElement, EntityDefinition, string?> order;
    private int count;

    /// <param name="order">Takes an order of a joined row.</param>
    public FetchLinks(FetchNames names, FetchColumns columns, Action<FetchElement, EntityDefinition, string?> order)
    {
        (this.names, this.columns, this.order) = (names, columns, order);
        Conditions = new FetchConditions(names, Condition);
    }

    public FetchConditions Conditions { get; }

    /// <summary>The links of an element, and those below them.</summary>
    public JoinedLinks Read(FetchElement element, EntityDefinition entity)
    {
        var (links, conditions) = (ImmutableArray.CreateBuilder<Link>(), ImmutableArray.CreateBuilder<FilterNode>());
        foreach (var child in element.Children.Where(child => child.Name == "link-entity"))
        {
            if (Kind(child) is { } kind) links.Add(Join(child, entity, kind));
            else conditions.Add(Condition(child, entity));
        }
        return new JoinedLinks(links.ToImmutable(), conditions.ToImmutable());
    }

    private Link Join(FetchElement element, EntityDefinition entity, LinkKind kind)
    {
        var link = Begin(element, entity) with { Kind = kind };
        names.Add(link, element);
        link = link with { Columns = columns.Read(element, link.Entity, link.Alias) };
        var below = Read(element, link.Entity);
        var orders = element.Children.Where(child => child.Name == "order").ToList();
        if (kind == LinkKind.First) link = link with { Orders = [.. orders.Select(by => new OrderBy(FetchNames.Attribute(link.Entity, by.Demand("attribute"), by), by.Flag("descending")))] };
        else foreach (var by in orders) order(by, link.Entity, link.Alias);
        return link with { Links = below.Links, Filter = Filter(element, link.Entity, below) };
    }

    /// <summary>A link that only asks whether rows are there.</summary>
    private FilterNode Condition(FetchElement element, EntityDefinition entity)
    {
        var type = element["link-type"] ?? "inner";
        if (Kind(element) is not null) throw element.Wrong($"stands in a filter with link-type='{type}'", "There, any, not any, all, not all, exists and in are possible.");
        if (element.Children.FirstOrDefault(child => child.Name is "attribute" or "all-attributes" or "order") is { } child) throw child.Wrong($"stands in a link with link-type='{type}'", "Such a link brings no columns along.");
        var link = Begin(element, entity);
        var below = Read(element, link.Entity);
        if (below.Links.FirstOrDefault(inner => inner.All.Any(one => !one.Columns.IsEmpty)) is { } speaking) throw element.Wrong($"holds the link '{speaking.Alias}' with columns", "Links below it bring no columns along.");
        var some = new AnyLinked(link with { Links = below.Links, Filter = Filter(element, link.Entity, below) });
        return type switch
        {
            "not any" => new Not(some),
            // Dataverse's word for: there are some, and for none of them the filter holds.
            "all" => new AllOf([new AnyLinked(link), new Not(some)]),
            _ => some,
        };
    }

    private Link Begin(FetchElement element, EntityDefinition entity)
    {
        element.Allow(Attributes, Children);
        if (++count > MostLinks) throw element.Wrong($"is the {MostLinks + 1}th link", $"At most {MostLinks} are possible.");
        var target = names.Entity(element);
        var (from, to) = Way(element, target, entity);
        if (!IsComparable(from, to)) throw element.Wrong($"joins '{from}' of '{target.LogicalName}' with '{to}' of '{entity.LogicalName}', which is of another type", "from is a column of the link's table, to one of the table around it.");
        var alias = element["alias"] is { Length: > 0 } given ? given : string.Create(CultureInfo.InvariantCulture, $"{target.LogicalName}{count}");
        return new Link(alias, target, from, to);
    }

    /// <summary>The columns that are joined; where none is named, those of the one relationship between the tables.</summary>
    private static (AttributeDefinition From, AttributeDefinition To) Way(FetchElement element, EntityDefinition target, EntityDefinition entity)
    {
        var (from, to) = (element["from"], element["to"]);
        if (from is not null || to is not null)
            return (from is null ? target.PrimaryId : FetchNames.Attribute(target, from, element), to is null ? entity.PrimaryId : FetchNames.Attribute(entity, to, element));
        var ways = entity.ManyToOne.Where(way => way.ReferencedEntity == target.LogicalName).Select(way => (target.PrimaryId, entity.Attribute(way.ReferencingAttribute)))
            .Concat(entity.OneToMany.Where(way => way.ReferencingEntity == target.LogicalName).Select(way => (target.Attribute(way.ReferencingAttribute), entity.PrimaryId))).Take(2).ToList();
        return ways is [var only] ? only : throw element.Wrong("has neither from nor to", "Name the columns that are joined.");
    }

    private FilterNode? Filter(FetchElement element, EntityDefinition entity, JoinedLinks below)
    {
        ImmutableArray<FilterNode> nodes = [.. below.Conditions, .. element.Children.Where(child => child.Name == "filter").Select(filter => Conditions.Filter(filter, entity, isOuter: false))];
        return nodes.Length switch { 0 => null, 1 => nodes[0], _ => new AllOf(nodes) };
    }

    private static LinkKind? Kind(FetchElement element) => element["link-type"] switch
    {
        null or "inner" or "natural" => LinkKind.Inner,
        "outer" => LinkKind.Outer,
        "matchfirstrowusingcrossapply" => LinkKind.First,
        var type when Array.IndexOf(Types, type) >= 0 => null,
        var type => throw element.Wrong($"has link-type='{type}'", Spelling.Hint(type!, Types, "")),
    };

    // Keys and lookups are ids, choices and whole numbers are numbers.
    private static bool IsComparable(AttributeDefinition left, AttributeDefinition right)
    {
        if (left.Kind is AttributeKind.File or AttributeKind.Image or AttributeKind.GeoPoint || left.Computed is FileFact || right.Computed is FileFact) return false;
        return FilterTranslator.Comparable(left, right);
    }
}
