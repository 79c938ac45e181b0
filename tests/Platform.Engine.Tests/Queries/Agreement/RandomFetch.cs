using System.Collections.Immutable;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>Makes FetchXML at random; the same for the same numbers.</summary>
internal sealed class RandomFetch
{
    private static readonly string[] Patterns = ["%", "a%", "%e", "_pp%", "%[_]%", "[%]", "100[%]", "%\\%", "%ß%", "A_", "__", "%각%", "Ü%", "", "😀%", "_a", "%[[]b]%", "app%e", "%\t%", "ıs_", "[a-c]%", "%[^a-z]%", "[A-Z]pp%", "%[가-힣]%", "[^Ａ]%", "[]%", "[a%", "%[-a]%", "%[a-]%", "%[😀-😂]%", "_[^^]%", "%[\\]%", "[b-a]%", "%[%_]%", "[^]_%", "%[0-9].[^0-46]%", "[^-^]%", "[^a-]%", "[-^]%", "[^-z]%", "%[ß-é]%", "[!-~][!-~]%", "%[*?(]%"];
    private static readonly string[] Parts = ["day", "week", "month", "quarter", "year", "fiscal-period", "fiscal-year"];

    private readonly Random random;
    private readonly RandomTerms terms;
    private readonly RandomTests tests;
    private int aliases;

    public RandomFetch(Random random, PlainData data)
    {
        this.random = random;
        terms = new RandomTerms(random);
        tests = new RandomTests(random, terms, data);
    }

    public FetchAsk Make()
    {
        var table = OneIn(3) ? terms.Pick(AgreementPack.Tables) : AgreementPack.Item;
        var ask = new FetchAsk(table) { Columns = Columns(table, 1), Links = Links(table, 2) };
        var all = ask.Links.SelectMany(link => link.All).ToList();
        if (!OneIn(3)) ask = ask with { Filter = Filter(table, random.Next(3), all, withLinks: true) };
        if (OneIn(3)) ask = Grouped(ask, all);
        else ask = OneIn(6) ? Distinct(ask, all) : ask with { Orders = Orders(table, all) };
        if (OneIn(6)) return ask with { Top = terms.Pick([1, 3, 20]) };
        if (OneIn(4)) ask = ask with { Counts = true };
        return OneIn(3) ? ask with { PageSize = terms.Pick([7, 15, 40]) } : ask;
    }

    private bool OneIn(int number) => terms.OneIn(number);

    private ImmutableArray<PlainColumn> Columns(PlainTable table, int least) => [.. table.Columns.Where(_ => OneIn(5)).Concat(table.Columns.Take(least)).Distinct()];

    private ImmutableArray<FetchLink> Links(PlainTable table, int depth) =>
        table.Name == "cmp_tag" ? [] : [.. Enumerable.Range(0, random.Next(depth + 1)).Select(_ => Link(table, terms.Pick(["inner", "outer", "outer", "matchfirstrowusingcrossapply"]), depth))];

    private FetchLink Link(PlainTable table, string type, int depth)
    {
        var navigation = terms.Pick([.. table.Navigations.Where(navigation => !navigation.IsPairs)]);
        var target = AgreementPack.Table(navigation.Target);
        var (from, to) = navigation.IsMany ? (target[navigation.Lookup], table.Key) : (target.Key, table[navigation.Lookup]);
        // Also by equal texts and numbers.
        if (OneIn(8)) (from, to) = (target["cmp_name"], table["cmp_name"]);
        var link = new FetchLink($"l{++aliases}", target, from, to, type) { Filter = OneIn(3) ? Filter(target, random.Next(2), [], withLinks: false) : null };
        if (type is not ("inner" or "outer")) return type == "matchfirstrowusingcrossapply" ? link with { Columns = Columns(target, 0) } : link;
        return link with { Columns = Columns(target, 0), Links = depth > 1 && OneIn(2) && target.Navigations.Any(next => !next.IsPairs) ? [Link(target, terms.Pick(["inner", "outer"]), depth - 1)] : [] };
    }

    /// <summary>Whether a row is paired with such a row of the other table.</summary>
    private FetchLink Paired(PlainTable table)
    {
        var other = table.Name == "cmp_item" ? AgreementPack.Tag : AgreementPack.Item;
        var far = new FetchLink($"l{++aliases}", other, other.Key, AgreementPack.Pairs[other.Key.Name], "inner") { Filter = OneIn(4) ? null : Filter(other, random.Next(2), [], withLinks: false) };
        return new FetchLink($"l{++aliases}", AgreementPack.Pairs, AgreementPack.Pairs[table.Key.Name], table.Key, terms.Pick(["any", "not any", "all", "not all", "exists", "in"])) { Links = [far] };
    }

    private Test Filter(PlainTable table, int depth, List<FetchLink> links, bool withLinks)
    {
        if (depth == 0) return Condition(table, links, withLinks);
        ImmutableArray<Test> inner = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Filter(table, depth - 1, links, withLinks))];
        return OneIn(2) ? new AllTest(inner) : new AnyTest(inner);
    }

    private Test Condition(PlainTable table, List<FetchLink> links, bool withLinks)
    {
        if (withLinks && OneIn(20) && table.Name is "cmp_item" or "cmp_tag") return new AnyLinkTest(Paired(table));
        if (withLinks && OneIn(8) && table.Navigations.Any(next => !next.IsPairs)) return new AnyLinkTest(Link(table, terms.Pick(["any", "not any", "all", "not all", "exists", "in"]), 1));
        if (links.Count == 0 || !OneIn(4)) return Simple(table);
        var link = terms.Pick(links);
        return new LinkedTest(link.Alias, Simple(link.Table));
    }

    private Test Simple(PlainTable table)
    {
        if (OneIn(5)) return Like(table);
        if (OneIn(3) && tests.Function(table) is { } function) return function;
        var column = terms.Pick(table.Columns);
        var left = new ColumnTerm([], column);
        if (OneIn(8)) return new CompareTest(terms.Pick(["eq", "ne"]), left, LiteralTerm.Of(column.Kind, null));
        if (OneIn(8))
        {
            var others = table.Columns.Where(other => other.Kind == column.Kind && column.Kind is not (PlainKind.Choices or PlainKind.Id)).ToList();
            if (others.Count > 0) return new CompareTest(tests.Word(column.Kind), left, new ColumnTerm([], terms.Pick(others)));
        }
        return new CompareTest(tests.Word(column.Kind), left, tests.Literal(column));
    }

    private LikeTest Like(PlainTable table)
    {
        var word = terms.Pick(["like", "not-like", "begins-with", "not-begin-with", "ends-with", "not-end-with"]);
        var pattern = terms.Pick(word.EndsWith("like", StringComparison.Ordinal) ? Patterns : AgreementRows.Texts);
        return new LikeTest(terms.Pick([.. table.Columns.Where(column => column.Kind == PlainKind.Text)]), word, pattern);
    }

    private ImmutableArray<FetchOrder> Orders(PlainTable table, List<FetchLink> links)
    {
        var orders = new List<FetchOrder>();
        while (OneIn(2) && orders.Count < 3)
        {
            var link = OneIn(3) ? links.FirstOrDefault() : null;
            orders.Add(new FetchOrder(link?.Alias, terms.Pick((link?.Table ?? table).Columns), OneIn(2)));
        }
        return [.. orders.DistinctBy(order => (order.Link, order.Column.Name)).OrderBy(order => order.Link is not null)];
    }

    private FetchAsk Distinct(FetchAsk ask, List<FetchLink> all)
    {
        if (OneIn(3)) return ask with { IsDistinct = true, Columns = [ask.Table.Key, .. ask.Columns], Links = [.. ask.Links.Select(WithoutColumns)], Filter = ask.Filter is { } filter && Speaks(filter) ? null : ask.Filter };
        return ask with { IsDistinct = true, Orders = [.. ask.Columns.Where(column => OneIn(3)).Select(column => new FetchOrder(null, column, OneIn(2)))] };
    }

    private static bool Speaks(Test test) => test is LinkedTest || test.Parts.Any(Speaks);

    private static FetchLink WithoutColumns(FetchLink link) => link with { Columns = [], Links = [.. link.Links.Select(WithoutColumns)] };

    private FetchAsk Grouped(FetchAsk ask, List<FetchLink> all)
    {
        var groups = new List<FetchGroup>();
        for (var number = random.Next(1, 5); number > 0; number--)
        {
            var link = OneIn(4) && all.Count > 0 ? terms.Pick(all) : null;
            groups.Add(Group((link?.Table ?? ask.Table), link?.Alias, $"a{number}"));
        }
        var made = ask with { Columns = [], Links = [.. ask.Links.Select(WithoutColumns)], Groups = [.. groups] };
        return made with { Orders = [.. groups.Where(group => OneIn(3) && group.Column.Kind != PlainKind.Choices).Select(group => new FetchOrder(null, group.Column with { Name = group.Alias, Targets = group.Function is null ? group.Column.Targets : [] }, OneIn(2)))] };
    }

    private FetchGroup Group(PlainTable table, string? link, string alias)
    {
        switch (random.Next(6))
        {
            case 0: return new FetchGroup(link, terms.Pick(table.Columns), alias, "count", null);
            case 1: return new FetchGroup(link, terms.Pick(table.Columns), alias, "countcolumn", null) { IsDistinct = OneIn(2) };
            case 2: return new FetchGroup(link, terms.Pick(table.Columns), alias, null, null);
            case 3 or 4:
                var dates = table.Columns.Where(column => column.Kind is PlainKind.Day or PlainKind.Time).ToList();
                return dates.Count == 0 ? new FetchGroup(link, table.Columns[0], alias, null, null) : new FetchGroup(link, terms.Pick(dates), alias, null, terms.Pick(Parts)) { IsUtc = OneIn(5) };
            default:
                var numbers = table.Columns.Where(column => column.Kind == PlainKind.Number && column.Type != "choice").ToList();
                return numbers.Count == 0 ? new FetchGroup(link, table.Columns[0], alias, "count", null) : new FetchGroup(link, terms.Pick(numbers), alias, terms.Pick(["sum", "avg", "min", "max"]), null);
        }
    }
}
