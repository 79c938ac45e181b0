using System.Collections.Immutable;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>Makes conditions at random.</summary>
internal sealed class RandomTests(Random random, RandomTerms terms, PlainData data)
{
    private string current = "$it";

    /// <summary>The row of the query has a name; one that comes along has none.</summary>
    public bool KnowsIt { get; init; } = true;

    private static readonly string[] Words = ["eq", "ne", "lt", "le", "gt", "ge"];
    private static readonly string[] Dated =
    [
        "Yesterday", "Today", "Tomorrow", "Last7Days", "Next7Days", "LastWeek", "ThisWeek", "NextWeek", "LastMonth", "ThisMonth", "NextMonth", "LastYear", "ThisYear", "NextYear",
        "LastFiscalYear", "ThisFiscalYear", "NextFiscalYear", "LastFiscalPeriod", "ThisFiscalPeriod", "NextFiscalPeriod",
    ];

    private static readonly string[] Numbered =
    [
        "LastXDays", "NextXDays", "LastXWeeks", "NextXWeeks", "LastXMonths", "NextXMonths", "LastXYears", "NextXYears", "OlderThanXDays", "OlderThanXWeeks", "OlderThanXMonths", "OlderThanXYears",
        "LastXFiscalYears", "NextXFiscalYears", "LastXFiscalPeriods", "NextXFiscalPeriods", "LastXHours", "NextXHours", "OlderThanXHours", "OlderThanXMinutes",
    ];

    private int variables;

    /// <summary>Rows around the one that a condition is about, with their names.</summary>
    private readonly List<(string Name, PlainTable Table)> around = [];

    public Test Make(PlainTable table, int depth)
    {
        if (depth > 0)
        {
            switch (random.Next(7))
            {
                case 0: return new AllTest(Several(table, depth));
                case 1: return new AnyTest(Several(table, depth));
                case 2: return new NotTest(Make(table, depth - 1));
                case 3: return Rows(table, depth);
            }
        }
        if (around.Count > 0 && terms.OneIn(3)) return Outside(table, depth);
        if (terms.OneIn(6) && BehindLookup(table) is { } behind) return behind;
        if (terms.OneIn(5) && Function(table) is { } function) return function;
        return random.Next(9) switch
        {
            0 => Calculated(table, depth),
            1 => Columns(table),
            2 => In(table),
            3 or 4 => Find(table),
            5 => Flag(table),
            _ => Plain(table),
        };
    }

    private ImmutableArray<Test> Several(PlainTable table, int depth) => [.. Enumerable.Range(0, random.Next(2, 4)).Select(_ => Make(table, depth - 1))];

    /// <summary>A column against a value, or against nothing.</summary>
    private CompareTest Plain(PlainTable table)
    {
        var column = terms.Column(table, _ => true, withKeys: true)!;
        if (terms.OneIn(8)) return new CompareTest(terms.Pick(["eq", "ne"]), column, LiteralTerm.Of(column.Kind, null));
        var literal = Literal(column.Column);
        var word = Word(column.Kind);
        return terms.OneIn(10) && column.Kind != PlainKind.Choices ? new CompareTest(word, literal, column) : new CompareTest(word, column, literal);
    }

    public string Word(PlainKind kind) => kind is PlainKind.Boolean or PlainKind.Id or PlainKind.Choices ? terms.Pick(["eq", "ne"]) : terms.Pick(Words);

    /// <summary>A value that a column can be compared with, often one that some row has.</summary>
    public LiteralTerm Literal(PlainColumn column)
    {
        if (column.Kind == PlainKind.Id) return LiteralTerm.Of(column.Kind, terms.OneIn(10) ? Guid.Empty : terms.Pick(data.Of(column.KeyOf ?? terms.Pick(column.Targets))).Id);
        if (column.Kind != PlainKind.Number) return terms.Literal(column.Kind);
        if (column.Type is "integer" or "choice" or "bigint") return LiteralTerm.Number(terms.Pick(["0", "1", "-1", "2", "3", "5", "10", "100", "2147483647", "-2147483648", "42", "-7"]));
        return terms.Literal(column.Kind);
    }

    private CompareTest Columns(PlainTable table)
    {
        var left = terms.Column(table, column => column.Kind != PlainKind.Choices)!;
        var right = terms.Column(table, column => column.Kind == left.Kind && (column.Kind != PlainKind.Id || column.Targets.Intersect(left.Column.Targets).Any()));
        return right is null ? Plain(table) : new CompareTest(Word(left.Kind), left, right);
    }

    private CompareTest Calculated(PlainTable table, int depth)
    {
        var kind = terms.Pick([PlainKind.Number, PlainKind.Number, PlainKind.Text, PlainKind.Day, PlainKind.Time, PlainKind.Seconds]);
        // Not two literals, which need no row.
        while (true)
        {
            var (left, right) = (terms.Make(table, kind, depth + 1), terms.Make(table, kind, depth));
            if (left is not LiteralTerm && (left is not ColumnTerm { Column.Type: "integer" or "choice" or "bigint" } || right is not LiteralTerm)) return new CompareTest(terms.Pick(Words), left, right);
        }
    }

    private InTest In(PlainTable table)
    {
        var column = terms.Column(table, column => column.Kind != PlainKind.Choices, withKeys: true)!;
        return new InTest(column, [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Literal(column.Column)).DistinctBy(literal => literal.Written), .. terms.OneIn(4) ? [LiteralTerm.Of(column.Kind, null)] : Array.Empty<LiteralTerm>()]);
    }

    private FindTest Find(PlainTable table)
    {
        var text = terms.OneIn(5) ? terms.Make(table, PlainKind.Text, 1) : terms.Column(table, PlainKind.Text)!;
        if (text is LiteralTerm) text = terms.Column(table, PlainKind.Text)!;
        return new FindTest(terms.Pick(["contains", "startswith", "endswith"]), text, terms.OneIn(6) ? terms.Column(table, PlainKind.Text)! : terms.Literal(PlainKind.Text));
    }

    private Test Flag(PlainTable table) => terms.Column(table, PlainKind.Boolean) is { } flag ? terms.OneIn(3) ? new CompareTest(terms.Pick(["eq", "ne"]), flag, LiteralTerm.Of(PlainKind.Boolean, terms.OneIn(2))) : new FlagTest(flag) : Plain(table);

    private RowsTest Rows(PlainTable table, int depth)
    {
        var path = terms.OneIn(4) && table.Lookups.Any() ? ImmutableArray.Create(terms.Pick([.. table.Lookups])) : [];
        var owner = path.IsEmpty ? table : AgreementPack.Table(path[0].Target);
        var collection = terms.Pick([.. owner.Collections]);
        var isAll = terms.OneIn(3);
        var name = $"r{++variables}";
        var isNamed = current != "$it" || KnowsIt;
        if (isNamed) around.Add((current, table));
        var before = current;
        current = name;
        var inner = !isAll && terms.OneIn(4) ? null : Make(AgreementPack.Table(collection.Target), depth - 1);
        current = before;
        if (isNamed) around.RemoveAt(around.Count - 1);
        return new RowsTest(path, collection, inner, isAll, name);
    }

    /// <summary>A condition on a row around this one, or one that compares both.</summary>
    private Test Outside(PlainTable table, int depth)
    {
        var at = random.Next(around.Count);
        var (name, other) = around[at];
        if (terms.OneIn(2))
        {
            // What stands in there is around that row, not around this one.
            var inner = around[at..];
            var row = current;
            around.RemoveRange(at, inner.Count);
            current = name;
            var test = Make(other, Math.Max(0, depth - 1));
            current = row;
            around.AddRange(inner);
            return new OuterTest(name, test);
        }
        var kind = terms.Pick([PlainKind.Number, PlainKind.Text, PlainKind.Day, PlainKind.Time, PlainKind.Id]);
        var (own, outer) = (terms.Column(table, column => column.Kind == kind, withKeys: true), terms.Column(other, column => column.Kind == kind, withKeys: true));
        if (own is null || outer is null) return Plain(table);
        return terms.OneIn(2) ? new CompareTest(Word(kind), own, new OuterTerm(name, outer)) : new CompareTest(Word(kind), new OuterTerm(name, outer), own);
    }

    /// <summary>A query function about a row that a lookup leads to.</summary>
    private DateTest? BehindLookup(PlainTable table)
    {
        if (!table.Lookups.Any()) return null;
        var step = terms.Pick([.. table.Lookups]);
        return Function(AgreementPack.Table(step.Target)) is { } function ? function with { Path = [step] } : null;
    }

    /// <summary>A query function; <c>null</c> where the table has no column for it.</summary>
    public DateTest? Function(PlainTable table)
    {
        switch (random.Next(5))
        {
            case 0:
                var column = terms.Pick([.. table.Columns.Where(column => column.Kind is not (PlainKind.Boolean or PlainKind.Choices or PlainKind.Id))]);
                return terms.OneIn(2)
                    ? new DateTest(column, terms.Pick(["Between", "NotBetween"]), [Value(column), Value(column)])
                    : new DateTest(column, terms.Pick(["In", "NotIn"]), [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Value(column))]);
            case 1 when table.Name == "cmp_item":
                return terms.OneIn(2)
                    ? new DateTest(table["cmp_many"], terms.Pick(["ContainValues", "DoesNotContainValues"]), terms.Pick([["1"], ["10"], ImmutableArray.Create("1", "11"), ["2"]]))
                    : new DateTest(table.Key, terms.Pick(["Above", "AboveOrEqual", "Under", "UnderOrEqual", "NotUnder"]), [$"{terms.Pick(data.Of(table.Name)).Id:D}"]);
            default:
                var dates = table.Columns.Where(column => column.Kind is PlainKind.Day or PlainKind.Time).ToList();
                return dates.Count == 0 ? null : Date(terms.Pick(dates));
        }
    }

    public DateTest Date(PlainColumn column)
    {
        switch (random.Next(8))
        {
            case 0: return new DateTest(column, terms.Pick(["On", "OnOrBefore", "OnOrAfter"]), [Value(column)]);
            case 1: return new DateTest(column, "InFiscalYear", [terms.Pick(["2023", "2024", "2025", "1"])]);
            case 2: return new DateTest(column, "InFiscalPeriod", [$"{random.Next(1, 5)}"]);
            case 3: return new DateTest(column, terms.Pick(["InFiscalPeriodAndYear", "InOrBeforeFiscalPeriodAndYear", "InOrAfterFiscalPeriodAndYear"]), [$"{random.Next(1, 5)}", terms.Pick(["2023", "2024"])]);
            case 4 or 5:
                var function = terms.Pick([.. Numbered.Where(word => column.Kind == PlainKind.Time || !(word.EndsWith("Hours", StringComparison.Ordinal) || word.EndsWith("Minutes", StringComparison.Ordinal)))]);
                return new DateTest(column, function, [$"{terms.Pick([1, 1, 2, 3, 7, 12, 30, 100])}"]);
            default: return new DateTest(column, terms.Pick(Dated), []);
        }
    }

    /// <summary>A value as query functions and FetchXML write it.</summary>
    public string Value(PlainColumn column)
    {
        if (column.Kind == PlainKind.Text) return terms.Pick([.. AgreementRows.Texts.Where(text => !text.Contains('"', StringComparison.Ordinal) && !text.Contains('\\', StringComparison.Ordinal))]);
        var literal = Literal(column);
        return column.Kind is PlainKind.Choices ? literal.Written.Trim('\'') : literal.Written;
    }
}
