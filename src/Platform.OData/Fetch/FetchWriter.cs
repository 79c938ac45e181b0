using System.Xml.Linq;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Queries.Conditions;
using Platform.OData.Queries;

namespace Platform.OData.Fetch;

/// <summary>Says a query in FetchXML, so that <see cref="FetchQuery"/> reads the same query out of it.</summary>
internal sealed class FetchWriter
{
    private readonly MetadataSnapshot metadata;
    private readonly XElement entity;
    private readonly Dictionary<string, (string Alias, XElement Element)> links = new(StringComparer.Ordinal);
    private bool isUnsayable;

    private FetchWriter(MetadataSnapshot metadata, EntityDefinition of) => (this.metadata, entity) = (metadata, new XElement("entity", new XAttribute("name", of.LogicalName)));

    /// <returns>The text; <c>null</c> where the query says what FetchXML has no words for: expressions, conditions on rows behind collections behind lookups.</returns>
    public static string? Write(MetadataSnapshot metadata, Query query)
    {
        if (query.Grouping is not null || !query.Links.IsEmpty || !query.Named.IsEmpty) return null;
        var writer = new FetchWriter(metadata, query.Entity);
        foreach (var column in query.Columns) writer.entity.Add(new XElement("attribute", new XAttribute("name", column.LogicalName)));
        var filter = query.Filter is null ? null : writer.Filter(query.Filter, new Place(query.Entity));
        foreach (var by in query.Orders) writer.Order(by, query.Entity);
        foreach (var (_, link) in writer.links.Values.Where(link => link.Element.Parent is null)) writer.entity.Add(link);
        if (filter is not null) writer.entity.Add(filter.Name == "filter" ? filter : new XElement("filter", filter));
        if (writer.isUnsayable) return null;
        var fetch = new XElement("fetch", new XAttribute("version", "1.0"), new XAttribute("mapping", "logical"), writer.entity);
        return fetch.ToString(SaveOptions.DisableFormatting);
    }

    private void Order(OrderBy by, EntityDefinition of)
    {
        // An order by something made for the query has no name in FetchXML.
        if (by.Link is not null || (by.Path.IsEmpty ? of : by.Path[^1].Target).Find(by.Attribute.LogicalName) != by.Attribute)
        {
            isUnsayable = true;
            return;
        }
        var order = new XElement("order", new XAttribute("attribute", by.Attribute.LogicalName));
        if (by.Descending) order.Add(new XAttribute("descending", "true"));
        if (!by.Path.IsEmpty)
        {
            var place = new Place(of);
            foreach (var step in by.Path) place = Behind(step, place);
            order.Add(new XAttribute("entityname", place.Alias!));
        }
        entity.Add(order);
    }

    private XElement Filter(FilterNode node, Place at) => node switch
    {
        AllOf all => List("and", all.Nodes, at),
        AnyOf { Nodes.IsEmpty: false } any => List("or", any.Nodes, at),
        Not not => Negation(not.Node, at),
        Compare { Value: null } compare => Condition(at, compare.Attribute, compare.Operator == Comparison.Equal ? "null" : "not-null"),
        Compare compare => Condition(at, compare.Attribute, Word(compare.Operator), compare.Value),
        CompareAttributes { Link: null } pair when at.Alias is null => With(Condition(at, pair.Left, Word(pair.Operator)), new XAttribute("valueof", pair.Right.LogicalName)),
        MatchText match => Condition(at, match.Attribute, Word(match.Match, holds: true), Text(match)),
        MatchPattern match => Condition(at, match.Attribute, "like", match.Pattern),
        OneOf some => Values(at, some.Attribute, "in", some.Values),
        ContainsChoice contains => Values(at, contains.Attribute, FetchOperators.Word(ConditionOperator.ContainValues), contains.Values.Cast<object>()),
        IsCaller caller => Condition(at, caller.Attribute, FetchOperators.Word(ConditionOperator.EqualUserId)),
        Condition { Values.Length: <= 1 } condition => Condition(at, condition.Attribute, FetchOperators.Word(condition.Operator), [.. condition.Values]),
        Condition condition => Values(at, condition.Attribute, FetchOperators.Word(condition.Operator), condition.Values),
        Behind behind => Filter(behind.Node, Behind(behind.Step, at)),
        AnyRow { Levels: 0 } any when at.Alias is null => Some(any, at, "any"),
        _ => Unsayable(),
    };

    /// <summary>FetchXML has no word for not: the negation goes down to the conditions, where each has its opposite.</summary>
    private XElement Negation(FilterNode node, Place at) => node switch
    {
        AllOf { Nodes.IsEmpty: false } all => List("or", all.Nodes.Select(FilterNode (inner) => new Not(inner)), at),
        AnyOf any => List("and", any.Nodes.Select(FilterNode (inner) => new Not(inner)), at),
        Not not => Filter(not.Node, at),
        Compare { Operator: Comparison.Equal } compare => Filter(compare with { Operator = Comparison.NotEqual }, at),
        Compare { Operator: Comparison.NotEqual } compare => Filter(compare with { Operator = Comparison.Equal }, at),
        // What is empty is neither less nor greater.
        Compare compare => List("or", [compare with { Operator = Opposite(compare.Operator) }, new Compare(compare.Attribute, Comparison.Equal, null)], at),
        MatchText match => Condition(at, match.Attribute, Word(match.Match, holds: false), Text(match)),
        MatchPattern match => Condition(at, match.Attribute, "not-like", match.Pattern),
        OneOf some => Values(at, some.Attribute, "not-in", some.Values),
        ContainsChoice contains => Values(at, contains.Attribute, FetchOperators.Word(ConditionOperator.DoesNotContainValues), contains.Values.Cast<object>()),
        IsCaller caller => Condition(at, caller.Attribute, FetchOperators.Word(ConditionOperator.NotEqualUserId)),
        Behind behind => Negation(behind.Node, Behind(behind.Step, at)),
        AnyRow { Levels: 0 } any when at.Alias is null => Some(any, at, "not any"),
        _ => Unsayable(),
    };

    private XElement List(string type, IEnumerable<FilterNode> nodes, Place at) =>
        new("filter", new XAttribute("type", type), nodes.Select(node => Filter(node, at)));

    /// <summary>The row behind a lookup, joined so that rows without one stay; each only once.</summary>
    private Place Behind(LookupStep step, Place at)
    {
        if (at.IsInside)
        {
            isUnsayable = true;
            return at;
        }
        var way = $"{at.Alias}/{step.Lookup.LogicalName}/{step.Target.LogicalName}";
        if (!links.TryGetValue(way, out var link))
        {
            link = ($"a{links.Count + 1}", Link(step.Target, step.Target.PrimaryIdAttribute, step.Lookup.LogicalName, "outer"));
            link.Element.Add(new XAttribute("alias", link.Alias));
            if (at.Alias is { } above) links.Values.First(known => known.Alias == above).Element.Add(link.Element);
            links[way] = link;
        }
        return new Place(step.Target) { Alias = link.Alias };
    }

    private XElement Some(AnyRow any, Place at, string type)
    {
        var target = metadata.Entity(any.Navigation.Target!);
        var inside = new Place(target) { IsInside = true };
        var filter = any.Node is null ? null : Filter(any.Node, inside);
        if (filter is not null && filter.Name != "filter") filter = new XElement("filter", filter);
        switch (any.Navigation)
        {
            case RowsNavigation rows:
                return With(Link(target, rows.Attribute, at.Entity.PrimaryIdAttribute, type), filter);
            case PairsNavigation pairs:
                var intersect = metadata.Entity(pairs.Relationship.IntersectEntity);
                return With(Link(intersect, pairs.Near.IntersectAttribute, at.Entity.PrimaryIdAttribute, type), With(Link(target, target.PrimaryIdAttribute, pairs.Far.IntersectAttribute, "inner"), filter));
            default:
                return Unsayable();
        }
    }

    private static XElement Link(EntityDefinition target, string from, string to, string type) =>
        new("link-entity", new XAttribute("name", target.LogicalName), new XAttribute("from", from), new XAttribute("to", to), new XAttribute("link-type", type));

    private XElement Condition(Place at, AttributeDefinition attribute, string word, params object[] values)
    {
        if (at.Entity.Find(attribute.LogicalName) != attribute) return Unsayable();
        var condition = new XElement("condition", new XAttribute("attribute", attribute.LogicalName), new XAttribute("operator", word));
        if (at.Alias is { } alias) condition.Add(new XAttribute("entityname", alias));
        if (values is [var value]) condition.Add(new XAttribute("value", Text(value)));
        return condition;
    }

    private XElement Values(Place at, AttributeDefinition attribute, string word, IEnumerable<object> values) =>
        With(Condition(at, attribute, word), [.. values.Select(value => new XElement("value", Text(value)))]);

    private static XElement With(XElement element, params object?[] more)
    {
        element.Add(more);
        return element;
    }

    private XElement Unsayable()
    {
        isUnsayable = true;
        return new XElement("filter");
    }

    private static string Word(Comparison comparison) => FetchOperators.Comparisons.First(known => known.Value == comparison && known.Key != "neq").Key;

    private static string Word(TextMatch match, bool holds) => FetchOperators.Matches.FirstOrDefault(known => known.Value == (match, holds)).Key ?? (holds ? "like" : "not-like");

    private static Comparison Opposite(Comparison comparison) => comparison switch
    {
        Comparison.Less => Comparison.GreaterOrEqual,
        Comparison.LessOrEqual => Comparison.Greater,
        Comparison.Greater => Comparison.LessOrEqual,
        _ => Comparison.Less,
    };

    /// <summary>In patterns each character stands for itself that has brackets around it.</summary>
    private static string Text(MatchText match) =>
        match.Match != TextMatch.Contains ? match.Text : $"%{string.Concat(match.Text.Select(character => character is '%' or '_' or '[' ? $"[{character}]" : $"{character}"))}%";

    private static string Text(object value) => value is bool flag ? flag ? "1" : "0" : LiteralText.Of(value);

    /// <summary>The row that a condition is about.</summary>
    private sealed record Place(EntityDefinition Entity)
    {
        /// <summary>Of its link; <c>null</c> for the row of the query, and inside of a link.</summary>
        public string? Alias { get; init; }

        /// <summary>It belongs to a link that only asks whether rows are there.</summary>
        public bool IsInside { get; init; }
    }
}
