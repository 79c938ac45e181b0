using System.Security;

namespace Platform.Server.Tests.Fuzz;

/// <summary>FetchXML about a table.</summary>
internal sealed class FetchGrammar(Dice dice, FuzzModel model, HostileValues values)
{
    private static readonly string[] Operators =
    [
        "eq", "ne", "gt", "le", "like", "not-like", "in", "not-in", "between", "not-between", "null", "not-null", "begins-with", "ends-with", "on", "on-or-before", "today", "last-x-days", "next-x-years", "olderthan-x-minutes", "eq-userid",
        "eq-businessid", "under", "above", "contain-values", "not-contain-values", "in-fiscal-period-and-year", "last-fiscal-year", "eq-userlanguage", "nothing",
    ];

    public string Of(FuzzTable table) => !dice.Oddly(4) ? $"<fetch><entity name='{table.Name}'>{Inside(table, 0)}</entity></fetch>" : dice.Below(25) switch
    {
        0 => "<!DOCTYPE fetch [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]><fetch><entity name='account'><attribute name='&b;'/></entity></fetch>",
        1 => "<!DOCTYPE fetch SYSTEM 'file:///etc/passwd'><fetch/>",
        2 => string.Concat(Enumerable.Repeat("<filter>", dice.One(60, 2000))),
        3 => $"<fetch><entity name='account'>{string.Concat(Enumerable.Repeat("<filter>", 60))}<condition attribute='name' operator='null'/>{string.Concat(Enumerable.Repeat("</filter>", 60))}</entity></fetch>",
        _ => $"<fetch{Attributes()}><entity name='{(dice.Oddly(15) ? Escaped(values.Text()) : table.Name)}'>{Inside(table, 0)}</entity></fetch>",
    };

    private string Attributes() => string.Concat(dice.Some(0, 3, () => dice.One(" count='2'", " page='2'", " top='3'", " distinct='true'", " aggregate='true'", " returntotalrecordcount='true'", " aggregatelimit='5'", " no-lock='true'", " mapping='logical'",
        $" count='{Escaped(values.Number())}'", $" page='{Escaped(values.Number())}'", $" top='{Escaped(values.Number())}'", $" paging-cookie='{Escaped(values.Text())}'", " paging-cookie='&lt;cookie page=&quot;1&quot;&gt;&lt;accountid last=&quot;{0}&quot; /&gt;&lt;/cookie&gt;'", " distinct='maybe'", " datasource='retained'")));

    private string Inside(FuzzTable table, int depth) => string.Concat(dice.Some(1, dice.Oddly(30) ? 60 : 3, () => dice.Below(depth > 3 ? 5 : 8) switch
    {
        0 or 1 => $"<attribute name='{Name(table)}'{string.Concat(dice.Some(0, dice.Oddly(2) ? 2 : 0, () => dice.One(" alias='a'", " alias='b c'", " aggregate='count'", " aggregate='sum'", " aggregate='countcolumn' distinct='true'", " groupby='true'", " dategrouping='month'", " dategrouping='aeon'", " usertimezone='false'")))}/>",
        2 => dice.Oddly(2) ? $"<order {dice.One("attribute", "alias")}='{(dice.Once(2) ? "a" : Name(table))}' descending='{dice.One("true", "false", "x")}'/>" : $"<order attribute='{Name(table)}'/>",
        3 when dice.Oddly(2) => dice.One("<all-attributes/>", "<no-attrs/>", "<nothing/>", "text", "<!-- -->", "<![CDATA[x]]>", "<?php ?>", "<attribute/>", "<filter/>"),
        4 or 5 => Filter(table, depth),
        _ => Link(table, depth),
    }));

    private string Filter(FuzzTable table, int depth) =>
        $"<filter type='{(dice.Oddly(6) ? "xor" : dice.One("and", "or"))}'>{string.Concat(dice.Some(0, dice.Oddly(30) ? 600 : 3, () => dice.Once(5) && depth < 4 ? Filter(table, depth + 1) : Condition(table)))}</filter>";

    private string Condition(FuzzTable table)
    {
        var column = dice.One(table.Columns);
        var text = dice.Below(5) switch
        {
            0 => string.Concat(dice.Some(0, 4, () => $"<value>{Escaped(Value(column))}</value>")),
            _ => "",
        };
        return $"<condition attribute='{(dice.Oddly(6) ? Name(table) : column.Name)}' operator='{dice.One(Operators)}'{(dice.Once(3) ? "" : $" value='{Escaped(Value(column))}'")}{(dice.Oddly(6) ? dice.One(" valueof='name'", " entityname='a'", " valueof='x.y'") : "")}>{text}</condition>";
    }

    private string Link(FuzzTable table, int depth)
    {
        var navigation = table.Navigations.Count > 0 ? dice.One(table.Navigations) : new FuzzNavigation("", "account", false);
        var target = model.Find(navigation.Target);
        return $"<link-entity name='{target.Name}'{(dice.Oddly(3) ? dice.One("", $" from='{Name(target)}' to='{Name(table)}'") : navigation.IsCollection ? $" from='{table.Columns.FirstOrDefault(c => c.Name == table.Name + "id")?.Name ?? Name(target)}' to='{table.Name}id'" : "")}{dice.One("", " alias='a'", " link-type='outer'", " link-type='any'", " link-type='not all'", " link-type='matchfirstrowusingcrossapply'", " link-type='x'", " intersect='true'")}>{Inside(target, depth + 2)}</link-entity>";
    }

    private string Name(FuzzTable table) => dice.Oddly(6) ? Escaped(values.Text()) : dice.One(table.Columns).Name;

    private string Value(FuzzColumn column) => dice.Oddly(5) ? values.Text() : dice.Oddly(12) ? dice.One("[a-z]%", "%[^0-9]_", "[", "[]", "[^]", "[]-a]", "%[가-힣]", "[\\]", new string('[', 300), string.Concat(Enumerable.Repeat("[a-b]", 150))) : column.Kind switch
    {
        "DateTime" => values.Date(),
        "Lookup" or "Customer" or "Owner" or "Uniqueidentifier" => values.Id(),
        "String" or "Memo" => values.Text(),
        _ => values.Number(),
    };

    private static string Escaped(string text) => SecurityElement.Escape(text) ?? "";
}
