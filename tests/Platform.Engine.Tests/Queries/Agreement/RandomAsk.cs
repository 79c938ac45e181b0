using System.Collections.Immutable;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>Makes OData queries at random; the same for the same numbers.</summary>
internal sealed class RandomAsk
{
    private readonly Random random;
    private readonly PlainData data;
    private readonly RandomTerms terms;
    private readonly RandomTests tests;

    public RandomAsk(Random random, PlainData data)
    {
        (this.random, this.data) = (random, data);
        terms = new RandomTerms(random);
        tests = new RandomTests(random, terms, data);
    }

    public Ask Make()
    {
        var table = OneIn(3) ? terms.Pick(AgreementPack.Tables) : AgreementPack.Item;
        return Paged(OneIn(5) ? Grouped(table) : Plain(table));
    }

    private bool OneIn(int number) => terms.OneIn(number);

    private Ask Plain(PlainTable table)
    {
        var computed = OneIn(7) ? Computed(table) : [];
        var ask = new Ask(table) { Columns = Columns(table), Computed = computed, Filter = OneIn(8) ? null : Filter(table, computed), Search = OneIn(15) ? Search() : null, Orders = Orders(table, computed) };
        return OneIn(6) ? ask with { Expansions = Expansions(table, 2) } : ask;
    }

    private Test Filter(PlainTable table, ImmutableArray<NamedTerm> computed)
    {
        var test = tests.Make(table, random.Next(4));
        if (computed.IsEmpty || OneIn(2)) return test;
        var named = terms.Pick(computed);
        return new AllTest([new CompareTest(tests.Word(named.Kind), named, terms.Literal(named.Kind)), test]);
    }

    private Ask Paged(Ask ask)
    {
        if (OneIn(5)) ask = ask with { Top = terms.Pick([0, 1, 2, 5, 17, 50]) };
        if (OneIn(8)) ask = ask with { Skip = terms.Pick([1, 2, 5, 30]) };
        if (OneIn(4)) ask = ask with { Counts = true };
        return OneIn(4) ? ask with { PageSize = terms.Pick([5, 7, 20, 40]) } : ask;
    }

    private ImmutableArray<PlainColumn> Columns(PlainTable table) => [.. table.Columns.Where(_ => OneIn(4)).DefaultIfEmpty(table.Columns[0])];

    private ImmutableArray<NamedTerm> Computed(PlainTable table) =>
        [.. Enumerable.Range(1, random.Next(1, 3)).Select(number => new NamedTerm($"made{number}", Made(table)))];

    private CallTerm Made(PlainTable table)
    {
        while (true)
        {
            if (terms.Make(table, terms.Pick([PlainKind.Number, PlainKind.Number, PlainKind.Text, PlainKind.Day, PlainKind.Time]), 2) is CallTerm made) return made;
        }
    }

    private ImmutableArray<Sorting> Orders(PlainTable table, ImmutableArray<NamedTerm> computed)
    {
        var orders = ImmutableArray.CreateBuilder<Sorting>();
        while (OneIn(2) && orders.Count < 3)
        {
            Term term = OneIn(6) ? Made(table) : !computed.IsEmpty && OneIn(2) ? terms.Pick(computed) : terms.Column(table, _ => true, withKeys: true)!;
            if (orders.All(order => order.Term.Text("") != term.Text(""))) orders.Add(new Sorting(term, OneIn(2)));
        }
        return orders.ToImmutable();
    }

    private ImmutableArray<Expanded> Expansions(PlainTable table, int depth)
    {
        var chosen = table.Navigations.Where(_ => OneIn(3)).Take(2).ToList();
        return [.. chosen.Select(navigation => new Expanded(navigation, Inner(AgreementPack.Table(navigation.Target), navigation.IsMany, depth)))];
    }

    private Ask Inner(PlainTable table, bool isMany, int depth)
    {
        var ask = new Ask(table) { Columns = Columns(table), Expansions = depth > 1 && OneIn(3) ? Expansions(table, depth - 1) : [] };
        if (!isMany) return ask;
        ask = ask with { Filter = OneIn(2) ? new RandomTests(random, terms, data) { KnowsIt = false }.Make(table, random.Next(3)) : null, Orders = Orders(table, []) };
        if (OneIn(3)) ask = ask with { Top = terms.Pick([0, 1, 2, 5]) };
        if (OneIn(5)) ask = ask with { Skip = random.Next(1, 3) };
        return OneIn(4) ? ask with { Counts = true } : ask;
    }

    private Search Search()
    {
        string[] words = [.. AgreementRows.Texts.Where(text => text.Length > 1 && !text.Contains('\t', StringComparison.Ordinal))];
        Search One()
        {
            var word = terms.Pick(words);
            var test = new AnyTest([.. AgreementPack.Searched.Select(column => new FindTest("contains", new ColumnTerm([], AgreementPack.Item.Columns.First(known => known.Name == column)), LiteralTerm.Of(PlainKind.Text, word)))]);
            return new Search($"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"", test);
        }
        var (first, second) = (One(), One());
        return random.Next(4) switch
        {
            0 => new Search($"{first.Words} AND {second.Words}", new AllTest([first.Test, second.Test])),
            1 => new Search($"({first.Words} OR {second.Words})", new AnyTest([first.Test, second.Test])),
            2 => new Search($"NOT {first.Words}", new NotTest(first.Test)),
            _ => first,
        };
    }

    private Ask Grouped(PlainTable table)
    {
        var computed = OneIn(4) ? Computed(table) : [];
        var keys = ImmutableArray.CreateBuilder<GroupKey>();
        for (var number = random.Next(4); number > 0; number--)
        {
            Term term = !computed.IsEmpty && OneIn(2) ? terms.Pick(computed) : terms.Column(table, _ => true, withKeys: true)!;
            var name = term is ColumnTerm { Path: [.., var last] } column ? $"{last.Target}_{column.Column.Name}" : term is ColumnTerm own ? own.Column.Property : term.Text("");
            if (keys.All(key => key.Name != name)) keys.Add(new GroupKey(term, name));
        }
        var aggregates = ImmutableArray.CreateBuilder<Aggregate>();
        for (var number = random.Next(keys.Count == 0 ? 1 : 0, 4); number > 0; number--) aggregates.Add(Aggregate(table, $"agg{number}"));
        var groups = new Groups(OneIn(3) ? tests.Make(table, random.Next(2)) : null, computed, [.. keys.OrderBy(key => key.Term.Text(""), StringComparer.Ordinal)], aggregates.ToImmutable(), null);
        if (OneIn(4)) groups = groups with { Over = Over(groups) };
        if (OneIn(5) && groups.Keys.Length > 1) groups = Again(groups);
        var ask = new Ask(table) { Groups = groups };
        var made = groups.Table.Columns.Where(column => column.Kind != PlainKind.Choices).ToList();
        if (made.Count == 0) return ask;
        if (OneIn(3)) ask = ask with { Groups = groups with { After = OfGroups(terms.Pick(made)) } };
        if (OneIn(6) && groups.Aggregates.Length > 0) ask = ask with { Groups = ask.Groups! with { Beside = Fewer(groups) } };
        if (OneIn(4)) ask = ask with { Filter = OneIn(2) ? new NotTest(OfGroups(terms.Pick(made))) : OfGroups(terms.Pick(made)) };
        return OneIn(2) ? ask with { Orders = [.. made.Where(_ => OneIn(2)).Select(column => new Sorting(new ColumnTerm([], column), OneIn(2)))] } : ask;
    }

    /// <summary>Groups of groups, by some of what these are made by.</summary>
    private Groups Again(Groups groups)
    {
        var made = groups.Table.Columns;
        var numbers = made.Where(column => column.Kind == PlainKind.Number && column.Type != "choice" && !column.IsReal).ToList();
        ImmutableArray<Aggregate> aggregates = [new Aggregate("$count", null, "rows"), .. numbers.Count == 0 ? Array.Empty<Aggregate>() : [new Aggregate(terms.Pick(["sum", "average", "min", "max", "countdistinct"]), new ColumnTerm([], terms.Pick(numbers)), "over")]];
        return new Groups(OneIn(4) ? OfGroups(terms.Pick(made)) : null, [], [.. groups.Keys.Select((key, at) => (Key: key, Column: made[at])).Where(_ => OneIn(2)).Select(key => new GroupKey(new ColumnTerm([], key.Column), key.Key.Name))], aggregates, null) { Of = groups };
    }

    /// <summary>Groups by fewer columns, with fewer aggregates and nothing calculated: totals of the others.</summary>
    private Groups Fewer(Groups groups)
    {
        var keys = groups.Keys.Where(_ => OneIn(2)).ToImmutableArray();
        return groups with { Keys = keys, Aggregates = [groups.Aggregates[0], .. groups.Aggregates.Skip(1).Where(_ => OneIn(2))], Over = [], After = null };
    }

    /// <summary>What is calculated from groups.</summary>
    private ImmutableArray<NamedTerm> Over(Groups groups)
    {
        var table = groups.Table;
        var kinds = table.Columns.Select(column => column.Kind).Where(kind => kind is PlainKind.Number or PlainKind.Text or PlainKind.Day or PlainKind.Time).ToList();
        if (kinds.Count == 0) return [];
        return terms.Make(table, terms.Pick(kinds), 2) is CallTerm made ? [new NamedTerm("over", made)] : [];
    }

    private Test OfGroups(PlainColumn column)
    {
        if (column.Type is "dateOnly" or "dateTime" or "timeZoneIndependent" && OneIn(3)) return tests.Date(column);
        if (column.Kind == PlainKind.Number && OneIn(4))
        {
            var calculated = terms.Make(new PlainTable("groups", [column], []), PlainKind.Number, 2);
            if (calculated is CallTerm) return new CompareTest(tests.Word(PlainKind.Number), calculated, terms.Literal(PlainKind.Number));
        }
        var left = new ColumnTerm([], column);
        return OneIn(5) ? new CompareTest(terms.Pick(["eq", "ne"]), left, LiteralTerm.Of(column.Kind, null)) : new CompareTest(tests.Word(column.Kind), left, tests.Literal(column));
    }

    private Aggregate Aggregate(PlainTable table, string name)
    {
        if (OneIn(4)) return new Aggregate("$count", null, name);
        if (OneIn(4)) return new Aggregate("countdistinct", terms.Column(table, _ => true, withKeys: true)!, name);
        var method = terms.Pick(["sum", "average", "min", "max"]);
        if (method is "min" or "max") return new Aggregate(method, terms.Column(table, column => column.Kind is PlainKind.Number or PlainKind.Day or PlainKind.Time && column.Type != "choice") ?? (Term)new ColumnTerm([], table.Columns[0]), name);
        Term? of = OneIn(4) ? Made(table) : null;
        return new Aggregate(method, of is { Kind: PlainKind.Number } ? of : terms.Column(table, column => column.Kind == PlainKind.Number && column.Type != "choice")!, name);
    }
}
