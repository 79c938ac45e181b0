using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>Prints a query as FetchXML.</summary>
internal static partial class FetchText
{
    public static string Of(FetchAsk ask)
    {
        var entity = new XElement("entity", new XAttribute("name", ask.Table.Name));
        entity.Add(ask.Groups.IsEmpty ? ask.Columns.Select(Column) : ask.Groups.Where(group => group.Link is null).Select(Group));
        entity.Add(ask.Links.Select(link => Link(link, ask)));
        if (ask.Filter is { } filter) entity.Add(Filter(filter));
        entity.Add(ask.Orders.Select(order => Order(order, isAlias: !ask.Groups.IsEmpty)));
        var fetch = new XElement("fetch", entity);
        if (!ask.Groups.IsEmpty) fetch.SetAttributeValue("aggregate", "true");
        if (ask.IsDistinct) fetch.SetAttributeValue("distinct", "true");
        if (ask.Top is { } top) fetch.SetAttributeValue("top", top);
        if (ask.Counts) fetch.SetAttributeValue("returntotalrecordcount", "true");
        if (ask.PageSize is { } size) fetch.Add(new XAttribute("count", size), new XAttribute("page", 1));
        return fetch.ToString(SaveOptions.DisableFormatting);
    }

    private static XElement Column(PlainColumn column) => new("attribute", new XAttribute("name", column.Name));

    private static XElement Group(FetchGroup group)
    {
        var element = new XElement("attribute", new XAttribute("name", group.Column.Name), new XAttribute("alias", group.Alias));
        if (group.Function is { } function) element.SetAttributeValue("aggregate", function);
        else element.SetAttributeValue("groupby", "true");
        if (group.Part is { } part) element.SetAttributeValue("dategrouping", part);
        if (group.IsUtc) element.SetAttributeValue("usertimezone", "false");
        if (group.IsDistinct) element.SetAttributeValue("distinct", "true");
        return element;
    }

    private static XElement Link(FetchLink link, FetchAsk? ask = null)
    {
        var element = new XElement("link-entity", new XAttribute("name", link.Table.Name), new XAttribute("from", link.From.Name), new XAttribute("to", link.To.Name), new XAttribute("link-type", link.Type), new XAttribute("alias", link.Alias));
        element.Add(link.Columns.Select(Column));
        if (ask is not null) element.Add(ask.Groups.Where(group => group.Link == link.Alias).Select(Group));
        if (link.Filter is { } filter) element.Add(Filter(filter));
        element.Add(link.Links.Select(below => Link(below, ask)));
        return element;
    }

    private static XElement Order(FetchOrder order, bool isAlias)
    {
        var element = new XElement("order", new XAttribute(isAlias ? "alias" : "attribute", order.Column.Name));
        if (order.Link is { } link) element.SetAttributeValue("entityname", link);
        if (order.IsDescending) element.SetAttributeValue("descending", "true");
        return element;
    }

    private static XElement Filter(Test test) => test is AllTest or AnyTest ? Element(test) : new XElement("filter", Element(test));

    private static XElement Element(Test test) => test switch
    {
        AllTest all => new XElement("filter", new XAttribute("type", "and"), all.Tests.Select(Element)),
        AnyTest any => new XElement("filter", new XAttribute("type", "or"), any.Tests.Select(Element)),
        AnyLinkTest link => Link(link.Link),
        LinkedTest linked => With(Element(linked.Inner), "entityname", linked.Alias),
        LikeTest like => Condition(like.Column, like.Word, [like.Pattern]),
        DateTest date => Condition(date.Column, Word(date.Function), [.. date.Values]),
        CompareTest { Left: ColumnTerm column, Right: LiteralTerm { Value: null } } compare => Condition(column.Column, compare.Word == "eq" ? "null" : "not-null", []),
        CompareTest { Left: ColumnTerm column, Right: LiteralTerm literal } compare => Condition(column.Column, compare.Word, [Value(literal)]),
        CompareTest { Left: ColumnTerm column, Right: ColumnTerm other } compare => With(Condition(column.Column, compare.Word, []), "valueof", other.Column.Name),
        _ => throw new InvalidOperationException($"{test} cannot be said in FetchXML."),
    };

    private static XElement With(XElement element, string name, string value)
    {
        element.SetAttributeValue(name, value);
        return element;
    }

    private static XElement Condition(PlainColumn column, string word, string[] values)
    {
        var element = new XElement("condition", new XAttribute("attribute", column.Name), new XAttribute("operator", word));
        if (values.Length == 1) element.SetAttributeValue("value", values[0]);
        else element.Add(values.Select(value => new XElement("value", value)));
        return element;
    }

    private static string Value(LiteralTerm literal) => literal.Written.StartsWith('\'') ? literal.Written[1..^1].Replace("''", "'", StringComparison.Ordinal) : literal.Written;

    private static string Word(string function) => function switch
    {
        "AboveOrEqual" => "eq-or-above",
        "UnderOrEqual" => "eq-or-under",
        "DoesNotContainValues" => "not-contain-values",
        "Last7Days" => "last-seven-days",
        "Next7Days" => "next-seven-days",
        _ => WordBegin().Replace(function, "-$0").ToLowerInvariant().Replace("older-than", "olderthan", StringComparison.Ordinal),
    };

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex WordBegin();
}
