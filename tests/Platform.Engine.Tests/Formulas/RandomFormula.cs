using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Platform.Engine.Metadata.Formulas;
using Platform.Sdk;

namespace Platform.Engine.Tests.Formulas;

/// <summary>A formula as text, and what it yields for a row, evaluated without a database. Text, <see cref="PlainNumber"/>, bool, DateTime, DateOnly, or seconds.</summary>
internal sealed record SampleFormula(string Text, FormulaKind Kind, int Scale, Func<SampleRow, object?> Value);

/// <summary>A row with the row that its lookup points to.</summary>
internal sealed record SampleRow(EntityRecord Values, SampleRow? Parent);

/// <summary>Makes formulas at random over the columns of the table <c>lab_row</c>.</summary>
internal sealed class RandomFormula(Random random)
{
    private static readonly (string Name, FormulaKind Kind, int Scale)[] Columns =
    [
        ("lab_int", FormulaKind.Number, 0), ("lab_big", FormulaKind.Number, 0), ("lab_choice", FormulaKind.Number, 0), ("lab_price", FormulaKind.Number, 2),
        ("lab_fine", FormulaKind.Number, 5), ("lab_money", FormulaKind.Number, 4), ("lab_real", FormulaKind.Number, 15), ("lab_text", FormulaKind.Text, 0),
        ("lab_other", FormulaKind.Text, 0), ("lab_flag", FormulaKind.Boolean, 0), ("lab_time", FormulaKind.DateTime, 0), ("lab_until", FormulaKind.DateTime, 0),
        ("lab_day", FormulaKind.Date, 0), ("lab_end", FormulaKind.Date, 0),
    ];

    private static readonly string[] Numbers = ["0", "1", "2", "3", "10", "0.5", "1.25", "100.005", "7", "-4", "-0.125", "123456789.987654321"];

    private static readonly string[] Texts = ["a", "B", "한", "😀", "ab", " ", "x'y"];

    private static readonly string[] Durations = ["P1D", "PT90M", "-P3DT1H", "P400D", "PT1S"];

    public SampleFormula Make(FormulaKind kind, int depth)
    {
        if (depth == 0 || random.Next(6) == 0) return Leaf(kind);
        if (random.Next(9) == 0) return Case(kind, depth);
        if (random.Next(12) == 0) return Coalesce(kind, depth);
        return kind switch
        {
            FormulaKind.Number => Number(depth),
            FormulaKind.Text => Text(depth),
            FormulaKind.Boolean => Condition(depth),
            FormulaKind.Duration => Duration(depth),
            _ => Time(kind, depth),
        };
    }

    private SampleFormula Leaf(FormulaKind kind)
    {
        if (kind == FormulaKind.Duration) return Literal(Pick(Durations));
        if (random.Next(3) == 0 && kind is FormulaKind.Number or FormulaKind.Text) return kind == FormulaKind.Text ? TextLiteral() : NumberLiteral();
        var (name, _, scale) = Pick([.. Columns.Where(column => column.Kind == kind)]);
        return random.Next(5) == 0
            ? new($"lab_parentid/{name}", kind, scale, row => row.Parent is { } parent ? Of(parent, name, scale) : null)
            : new(name, kind, scale, row => Of(row, name, scale));
    }

    private static object? Of(SampleRow row, string name, int scale) => row.Values[name] switch
    {
        int number => PlainNumber.Of(number),
        long number => PlainNumber.Of(number),
        decimal number => PlainNumber.Of(number).At(scale),
        double number => PlainNumber.OfReal(number),
        var other => other,
    };

    private SampleFormula NumberLiteral()
    {
        var text = Pick(Numbers);
        var number = PlainNumber.Parse(text);
        return new(text, FormulaKind.Number, number.Scale, _ => number);
    }

    private SampleFormula TextLiteral()
    {
        var text = Pick(Texts);
        return new($"'{text.Replace("'", "''", StringComparison.Ordinal)}'", FormulaKind.Text, 0, _ => text);
    }

    private static SampleFormula Literal(string duration)
    {
        var seconds = (long)System.Xml.XmlConvert.ToTimeSpan(duration).TotalSeconds;
        return new($"duration'{duration}'", FormulaKind.Duration, 0, _ => seconds);
    }

    private SampleFormula Case(FormulaKind kind, int depth)
    {
        var (condition, first, second) = (Make(FormulaKind.Boolean, depth - 1), Make(kind, depth - 1), Make(kind, depth - 1));
        var scale = Math.Max(first.Scale, second.Scale);
        return random.Next(3) == 0
            ? new($"case({condition.Text}:{first.Text})", kind, first.Scale, row => IsTrue(condition, row) ? first.Value(row) : null)
            : new($"case({condition.Text}:{first.Text},true:{second.Text})", kind, scale, row => At(IsTrue(condition, row) ? first.Value(row) : second.Value(row), scale));
    }

    private SampleFormula Coalesce(FormulaKind kind, int depth)
    {
        var (first, second) = (Make(kind, depth - 1), Make(kind, depth - 1));
        var scale = Math.Max(first.Scale, second.Scale);
        return new($"coalesce({first.Text},{second.Text})", kind, scale, row => At(first.Value(row) ?? second.Value(row), scale));
    }

    private SampleFormula Number(int depth)
    {
        switch (random.Next(12))
        {
            case 0:
                var text = Make(FormulaKind.Text, depth - 1);
                return new($"length({text.Text})", FormulaKind.Number, 0, row => text.Value(row) is string value ? PlainNumber.Of(value.EnumerateRunes().Count()) : null);
            case 1:
                var (into, what) = (Make(FormulaKind.Text, depth - 1), Make(FormulaKind.Text, depth - 1));
                return new($"indexof({into.Text},{what.Text})", FormulaKind.Number, 0, row => into.Value(row) is string a && what.Value(row) is string b ? PlainNumber.Of(IndexOf(a, b)) : null);
            case 2:
                var part = Pick<(string Name, Func<DateTime, int> Get)>([("year", t => t.Year), ("month", t => t.Month), ("day", t => t.Day), ("hour", t => t.Hour), ("minute", t => t.Minute), ("second", t => t.Second)]);
                var time = Make(FormulaKind.DateTime, depth - 1);
                return new($"{part.Name}({time.Text})", FormulaKind.Number, 0, row => time.Value(row) is DateTime point ? PlainNumber.Of(part.Get(point)) : null);
            case 3:
                var duration = Make(FormulaKind.Duration, depth - 1);
                return new($"totalseconds({duration.Text})", FormulaKind.Number, 0, row => duration.Value(row) is long seconds ? PlainNumber.Of(seconds) : null);
            case 4:
                var digits = random.Next(4);
                var rounded = Make(FormulaKind.Number, depth - 1);
                return new($"round({rounded.Text},{digits})", FormulaKind.Number, Math.Min(digits, rounded.Scale), row => rounded.Value(row) is PlainNumber number ? number.At(Math.Min(digits, rounded.Scale)) : null);
            case 5:
                var (function, isFloor) = random.Next(2) == 0 ? ("floor", true) : ("ceiling", false);
                var cut = Make(FormulaKind.Number, depth - 1);
                return new($"{function}({cut.Text})", FormulaKind.Number, 0, row => cut.Value(row) is PlainNumber number ? isFloor ? number.Floor : number.Ceiling : null);
            case 6:
                var negated = Make(FormulaKind.Number, depth - 1);
                return new($"-({negated.Text})", FormulaKind.Number, negated.Scale, row => negated.Value(row) is PlainNumber number ? number.Minus : null);
            default:
                return Arithmetic(Make(FormulaKind.Number, depth - 1), Make(FormulaKind.Number, depth - 1));
        }
    }

    private SampleFormula Arithmetic(SampleFormula left, SampleFormula right)
    {
        var word = Pick(["add", "sub", "mul", "div", "divby", "mod"]);
        var larger = Math.Max(left.Scale, right.Scale);
        var quotient = word == "div" && larger == 0 ? 0 : Math.Max(left.Scale, 20);
        var scale = word switch { "mul" => Math.Min(40, left.Scale + right.Scale), "div" or "divby" => quotient, _ => larger };
        return new($"({left.Text}) {word} ({right.Text})", FormulaKind.Number, scale, row =>
        {
            if (left.Value(row) is not PlainNumber a || right.Value(row) is not PlainNumber b) return null;
            return word switch
            {
                "add" => a.Plus(b),
                "sub" => a.Plus(b.Minus),
                "mul" => a.Times(b).At(scale),
                "mod" => a.Rest(b),
                _ => a.Over(b, scale),
            };
        });
    }

    private SampleFormula Text(int depth)
    {
        var text = Make(FormulaKind.Text, depth - 1);
        switch (random.Next(6))
        {
            case 0:
                return new($"tolower({text.Text})", FormulaKind.Text, 0, row => text.Value(row) is string value ? Ascii(value, char.ToLowerInvariant) : null);
            case 1:
                return new($"toupper({text.Text})", FormulaKind.Text, 0, row => text.Value(row) is string value ? Ascii(value, char.ToUpperInvariant) : null);
            case 2:
                return new($"trim({text.Text})", FormulaKind.Text, 0, row => text.Value(row) is string value ? Filled(value.Trim(' ', '\t', '\r', '\n')) : null);
            case 3:
                var start = Make(FormulaKind.Number, depth - 1);
                return new($"substring({text.Text},floor({start.Text}))", FormulaKind.Text, 0, row => Substring(text.Value(row), Floor(start, row), 1_000_000_000));
            case 4:
                var (from, length) = (Make(FormulaKind.Number, depth - 1), random.Next(4));
                return new($"substring({text.Text},floor({from.Text}),{length})", FormulaKind.Text, 0, row => Substring(text.Value(row), Floor(from, row), length));
            default:
                var other = Make(FormulaKind.Text, depth - 1);
                return new($"concat({text.Text},{other.Text})", FormulaKind.Text, 0, row => Filled($"{text.Value(row)}{other.Value(row)}"));
        }
    }

    private SampleFormula Condition(int depth)
    {
        switch (random.Next(7))
        {
            case 0:
                var (first, second) = (Make(FormulaKind.Boolean, depth - 1), Make(FormulaKind.Boolean, depth - 1));
                return random.Next(2) == 0
                    ? new($"({first.Text}) and ({second.Text})", FormulaKind.Boolean, 0, row => IsTrue(first, row) && IsTrue(second, row))
                    : new($"({first.Text}) or ({second.Text})", FormulaKind.Boolean, 0, row => IsTrue(first, row) || IsTrue(second, row));
            case 1:
                var inner = Make(FormulaKind.Boolean, depth - 1);
                return new($"not ({inner.Text})", FormulaKind.Boolean, 0, row => !IsTrue(inner, row));
            case 2:
                var kind = Pick([FormulaKind.Number, FormulaKind.Text, FormulaKind.Date]);
                var empty = Make(kind, depth - 1);
                return new($"({empty.Text}) eq null", FormulaKind.Boolean, 0, row => empty.Value(row) is null);
            case 3:
                var (text, part) = (Make(FormulaKind.Text, depth - 1), Make(FormulaKind.Text, depth - 1));
                var word = Pick(["contains", "startswith", "endswith"]);
                return new($"{word}({text.Text},{part.Text})", FormulaKind.Boolean, 0, row => text.Value(row) is string a && part.Value(row) is string b && Matches(word, Lower(a), Lower(b)));
            default:
                return Comparison(depth);
        }
    }

    private SampleFormula Comparison(int depth)
    {
        var kind = Pick([FormulaKind.Number, FormulaKind.Number, FormulaKind.Text, FormulaKind.DateTime, FormulaKind.Date, FormulaKind.Duration]);
        var (left, right) = (Make(kind, depth - 1), Make(kind, depth - 1));
        var word = Pick(["eq", "ne", "lt", "le", "gt", "ge"]);
        return new($"({left.Text}) {word} ({right.Text})", FormulaKind.Boolean, 0, row =>
        {
            var (a, b) = (left.Value(row), right.Value(row));
            if (a is null || b is null) return word switch { "eq" => a is null && b is null, "ne" => a is null != b is null, _ => false };
            var order = Order(a, b);
            return word switch { "eq" => order == 0, "ne" => order != 0, "lt" => order < 0, "le" => order <= 0, "gt" => order > 0, _ => order >= 0 };
        });
    }

    private SampleFormula Duration(int depth)
    {
        var kind = Pick([FormulaKind.DateTime, FormulaKind.Date]);
        var (until, since) = (Make(kind, depth - 1), Make(kind, depth - 1));
        return new($"({until.Text}) sub ({since.Text})", FormulaKind.Duration, 0, row => until.Value(row) is { } a && since.Value(row) is { } b ? Seconds(a) - Seconds(b) : null);
    }

    private SampleFormula Time(FormulaKind kind, int depth)
    {
        if (kind == FormulaKind.Date && random.Next(3) == 0)
        {
            var point = Make(FormulaKind.DateTime, depth - 1);
            return new($"date({point.Text})", kind, 0, row => point.Value(row) is DateTime time ? DateOnly.FromDateTime(time) : null);
        }
        var (time, duration, sign) = (Make(kind, depth - 1), Make(FormulaKind.Duration, depth - 1), random.Next(2) == 0 ? 1 : -1);
        return new($"({time.Text}) {(sign > 0 ? "add" : "sub")} ({duration.Text})", kind, 0, row =>
            time.Value(row) is { } from && duration.Value(row) is long seconds ? TimeAt(kind, Seconds(from) + (sign * seconds)) : null);
    }

    private static object? TimeAt(FormulaKind kind, long seconds)
    {
        if (kind == FormulaKind.DateTime) return seconds is >= -62135596800 and <= 253402300799 ? DateTime.UnixEpoch.AddSeconds(seconds) : null;
        var day = Math.DivRem(seconds, 86400, out var rest) - (rest < 0 ? 1 : 0) + 719162;
        return day >= 0 && day <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)day) : null;
    }

    private static long Seconds(object time) => time is DateTime point
        ? (point - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond
        : (((DateOnly)time).DayNumber - 719162L) * 86400;

    private static int Order(object left, object right) => (left, right) switch
    {
        (PlainNumber a, PlainNumber b) => a.CompareTo(b),
        // By code point: the bytes of UTF-8.
        (string a, string b) => Encoding.UTF8.GetBytes(Lower(a)).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(Lower(b))),
        _ => ((IComparable)left).CompareTo(right),
    };

    private static string? Substring(object? text, PlainNumber? start, int length)
    {
        if (text is not string value || start is not { } from || from.Units.Sign < 0) return null;
        return Filled(string.Concat(value.EnumerateRunes().Skip((int)System.Numerics.BigInteger.Min(from.Units, 1_000_000)).Take(length)));
    }

    private static PlainNumber? Floor(SampleFormula formula, SampleRow row) => formula.Value(row) is PlainNumber number ? number.Floor : null;

    private static int IndexOf(string text, string part)
    {
        var at = Lower(text).IndexOf(Lower(part), StringComparison.Ordinal);
        return at < 0 ? -1 : text[..at].EnumerateRunes().Count();
    }

    private static bool Matches(string word, string text, string part) => word switch
    {
        "contains" => text.Contains(part, StringComparison.Ordinal),
        "startswith" => text.StartsWith(part, StringComparison.Ordinal),
        _ => text.EndsWith(part, StringComparison.Ordinal),
    };

    private static object? At(object? value, int scale) => value is PlainNumber number ? number.At(scale) : value;

    private static bool IsTrue(SampleFormula condition, SampleRow row) => condition.Value(row) is true;

    private static string? Filled(string text) => text.Length == 0 ? null : text;

    private static string Lower(string text) => Ascii(text, char.ToLowerInvariant);

    private static string Ascii(string text, Func<char, char> change) => string.Concat(text.Select(letter => char.IsAscii(letter) ? change(letter) : letter));

    private T Pick<T>(T[] items) => items[random.Next(items.Length)];
}
