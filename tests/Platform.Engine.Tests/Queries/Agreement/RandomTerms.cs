using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>Makes expressions at random.</summary>
internal sealed class RandomTerms(Random random)
{
    private static readonly string[] Numbers = ["0", "1", "2", "3", "10", "0.5", "1.25", "100.005", "7", "-4", "-0.125", "1.1", "99.99"];
    private static readonly string[] Odd = ["100.00001", "0.00000000001", "12345678901234567890.5", "-99999999999.995", "2147483648", "9223372036854775807", "0.30000000000000004", "0.1", "-0.01", "123456789012345.6", "0.9099999999999999", "20.580000000000002", "1.6099999999999999"];
    private static readonly string[] Spans = ["P1D", "PT90M", "-P3DT1H", "P400D", "PT1S", "PT0S"];

    /// <summary>What <c>$compute</c> has named; may be used as a column.</summary>
    public List<NamedTerm> Named { get; } = [];

    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    public bool OneIn(int number) => random.Next(number) == 0;

    /// <summary>A column of a kind, of the row or behind up to two lookups.</summary>
    /// <param name="withKeys">Also a primary key.</param>
    public ColumnTerm? Column(PlainTable table, Func<PlainColumn, bool> fits, bool withKeys = false)
    {
        var path = ImmutableArray.CreateBuilder<PlainNavigation>();
        while (path.Count < 2 && OneIn(4) && table.Lookups.Any())
        {
            path.Add(Pick([.. table.Lookups]));
            table = AgreementPack.Table(path[^1].Target);
        }
        var columns = table.Columns.Where(fits).ToList();
        if (withKeys && OneIn(15) && fits(table.Key)) return new ColumnTerm(path.ToImmutable(), table.Key);
        return columns.Count == 0 ? null : new ColumnTerm(path.ToImmutable(), Pick(columns));
    }

    public ColumnTerm? Column(PlainTable table, PlainKind kind) => Column(table, column => column.Kind == kind);

    /// <summary>An expression of a kind.</summary>
    public Term Make(PlainTable table, PlainKind kind, int depth)
    {
        if (kind == PlainKind.Seconds) return depth > 0 && OneIn(2) ? Between(table, depth) : LiteralTerm.Of(kind, System.Xml.XmlConvert.ToTimeSpan(Pick(Spans)));
        if (depth == 0 || OneIn(4)) return OneIn(4) ? Literal(kind) : Column(table, kind) ?? (Term)Literal(kind);
        if (OneIn(10) && Column(table, kind) is { } first && Column(table, column => column.Type == first.Column.Type || kind == PlainKind.Number && column.Kind == kind) is { } second) return Coalesce(first, second);
        return kind switch
        {
            PlainKind.Number => Number(table, depth),
            PlainKind.Text => Text(table, depth),
            PlainKind.Day or PlainKind.Time => Time(table, kind, depth),
            _ => Column(table, kind) ?? (Term)Literal(kind),
        };
    }

    /// <summary>A literal of a kind, often one that stands in a row.</summary>
    public LiteralTerm Literal(PlainKind kind) => kind switch
    {
        PlainKind.Number => LiteralTerm.Number(Pick(OneIn(6) ? Odd : Numbers)),
        PlainKind.Text => LiteralTerm.Of(kind, OneIn(8) ? Pick(AgreementRows.Texts)[..1] is var first && char.IsSurrogate(first[0]) ? "😀" : first : Pick(AgreementRows.Texts)),
        PlainKind.Boolean => LiteralTerm.Of(kind, OneIn(2)),
        PlainKind.Time => Time(Pick(AgreementRows.Times)),
        PlainKind.Day => LiteralTerm.Of(kind, Pick(AgreementRows.Days)),
        PlainKind.Choices => LiteralTerm.Of(kind, Pick([[1], [2], [1, 2], [10], [1, 11], new[] { 2, 10, 11 }])),
        _ => throw new InvalidOperationException($"{kind} has no literals."),
    };

    /// <summary>Sometimes between two seconds, sometimes in another zone.</summary>
    private LiteralTerm Time(DateTime time)
    {
        if (time.Year is 1 or 9999) return LiteralTerm.Of(PlainKind.Time, time);
        if (OneIn(6)) return LiteralTerm.Of(PlainKind.Time, time.AddMilliseconds(500));
        var literal = LiteralTerm.Of(PlainKind.Time, time);
        return OneIn(4) ? literal with { Written = new DateTimeOffset(time).ToOffset(TimeSpan.FromHours(Pick([9, -8]))).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) } : literal;
    }

    private static CallTerm Coalesce(Term first, Term second) => new("coalesce", [first, second], first.Kind, Math.Max(first.Scale, second.Scale));

    private CallTerm Number(PlainTable table, int depth)
    {
        switch (random.Next(9))
        {
            case 0: return new CallTerm("length", [Make(table, PlainKind.Text, depth - 1)], PlainKind.Number);
            case 1: return new CallTerm("indexof", [Make(table, PlainKind.Text, depth - 1), Make(table, PlainKind.Text, depth - 1)], PlainKind.Number);
            case 2: return new CallTerm(Pick(["year", "month", "day"]), [Make(table, OneIn(2) ? PlainKind.Time : PlainKind.Day, depth - 1)], PlainKind.Number);
            case 3: return new CallTerm(Pick(["hour", "minute", "second"]), [Make(table, PlainKind.Time, depth - 1)], PlainKind.Number);
            case 4: return new CallTerm("totalseconds", [Between(table, depth)], PlainKind.Number);
            case 5 when OneIn(3):
                var (rounded, digits) = (Make(table, PlainKind.Number, depth - 1), Pick(["0", "1", "2", "4"]));
                return new CallTerm("round", [rounded, LiteralTerm.Number(digits)], PlainKind.Number, Math.Min(rounded.Scale, int.Parse(digits, CultureInfo.InvariantCulture)));
            case 5: return new CallTerm(Pick(["round", "floor", "ceiling"]), [Make(table, PlainKind.Number, depth - 1)], PlainKind.Number);
            case 6:
                var inner = Make(table, PlainKind.Number, depth - 1);
                return new CallTerm("-", [inner], PlainKind.Number, inner.Scale);
        }
        var (left, right) = (Make(table, PlainKind.Number, depth - 1), Make(table, PlainKind.Number, depth - 1));
        var word = Pick(["add", "sub", "mul", "div", "mod"]);
        var larger = Math.Max(left.Scale, right.Scale);
        return new CallTerm(word, [left, right], PlainKind.Number, word switch { "mul" => Math.Min(40, left.Scale + right.Scale), "div" => larger == 0 ? 0 : Math.Max(left.Scale, 20), _ => larger });
    }

    private CallTerm Text(PlainTable table, int depth)
    {
        var text = Make(table, PlainKind.Text, depth - 1);
        return random.Next(4) switch
        {
            0 => new CallTerm(Pick(["tolower", "toupper", "trim"]), [text], PlainKind.Text),
            1 => new CallTerm("substring", [text, LiteralTerm.Number(Pick(["0", "1", "2", "5"]))], PlainKind.Text),
            2 => new CallTerm("substring", [text, LiteralTerm.Number(Pick(["0", "1", "3"])), LiteralTerm.Number(Pick(["0", "1", "2", "100"]))], PlainKind.Text),
            _ => new CallTerm("concat", [text, Make(table, PlainKind.Text, depth - 1)], PlainKind.Text),
        };
    }

    private CallTerm Between(PlainTable table, int depth)
    {
        var kind = OneIn(2) ? PlainKind.Time : PlainKind.Day;
        return new CallTerm("sub", [Make(table, kind, depth - 1), Make(table, kind, depth - 1)], PlainKind.Seconds);
    }

    private CallTerm Time(PlainTable table, PlainKind kind, int depth) => kind == PlainKind.Day && OneIn(3)
        ? new CallTerm("date", [Make(table, PlainKind.Time, depth - 1)], kind)
        : new CallTerm(Pick(["add", "sub"]), [Make(table, kind, depth - 1), LiteralTerm.Of(PlainKind.Seconds, System.Xml.XmlConvert.ToTimeSpan(Pick(Spans)))], kind);
}
