using System.Numerics;
using System.Text;
using Platform.Engine.Tests.Formulas;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>What expressions mean, written from docs/packs.md (<em>Formula</em>) and docs/web-api.md: without a database, and without a line of the engine.</summary>
internal sealed class PlainTerms(PlainData data)
{
    /// <summary>Rows around the one that a condition is about, by their names.</summary>
    public Dictionary<string, PlainRow?> Around { get; } = [];

    /// <summary>The value of a term in a calculation: text, <see cref="PlainNumber"/>, bool, DateTime, DateOnly, seconds as long, Guid; <c>null</c> for nothing.</summary>
    /// <param name="row"><c>null</c>: a row without values.</param>
    public object? Value(Term term, PlainRow? row) => term switch
    {
        ColumnTerm column => Calculable(Stored(column, row), column.Scale),
        LiteralTerm { Value: DateTime time } => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond)),
        LiteralTerm literal => literal.Value,
        OuterTerm outer => Value(outer.Column, Around[outer.Name]),
        NamedTerm named => Shown(named.Of, row),
        CallTerm call => Call(call, row),
        _ => throw new InvalidOperationException($"{term} has no value."),
    };

    /// <summary>What stands in the column.</summary>
    public object? Stored(ColumnTerm column, PlainRow? row) => column.Path.Aggregate(row, data.Behind)?[column.Column.Name];

    /// <summary>The value of a term as it stands in a result or is sorted by: numbers have at most six digits after the point and twelve before it.</summary>
    public object? Shown(Term term, PlainRow? row)
    {
        if (term is ColumnTerm column) return Stored(column, row);
        return Value(term, row) switch
        {
            PlainNumber number => number.At(Math.Min(term.Scale, 6)) is var shown && shown.CompareTo(PlainNumber.Of(999_999_999_999m)) <= 0 && shown.CompareTo(PlainNumber.Of(-999_999_999_999m)) >= 0 ? shown : null,
            // No text is nothing.
            "" => null,
            var other => other,
        };
    }

    private static object? Calculable(object? stored, int scale) => stored switch
    {
        int number => PlainNumber.Of(number),
        long number => PlainNumber.Of(number),
        decimal number => PlainNumber.Of(number).At(scale),
        double number => PlainNumber.OfReal(number),
        var other => other,
    };

    private object? Call(CallTerm call, PlainRow? row)
    {
        if (call.Name == "coalesce") return AtScale(call.Arguments.Select(argument => Value(argument, row)).FirstOrDefault(value => value is not null), call.Scale);
        if (call.Name == "concat") return Filled(string.Concat(call.Arguments.Select(argument => (string?)Value(argument, row))));
        var values = call.Arguments.Select(argument => Value(argument, row)).ToArray();
        return values.Contains(null) ? null : call.Kind switch
        {
            PlainKind.Text => TextOf(call.Name, values),
            PlainKind.Number => NumberOf(call, values),
            _ => TimeOf(call, values),
        };
    }

    private static string? TextOf(string name, object?[] values)
    {
        var text = (string)values[0]!;
        return name switch
        {
            "tolower" => Ascii(text, char.ToLowerInvariant),
            "toupper" => Ascii(text, char.ToUpperInvariant),
            "trim" => Filled(text.Trim(' ', '\t', '\r', '\n')),
            "substring" => Substring(text, ((PlainNumber)values[1]!).Units, values.Length > 2 ? ((PlainNumber)values[2]!).Units : text.Length),
            _ => throw new InvalidOperationException(name),
        };
    }

    private static object? NumberOf(CallTerm call, object?[] values)
    {
        switch (call.Name)
        {
            case "length": return PlainNumber.Of(((string)values[0]!).EnumerateRunes().Count());
            case "indexof": return PlainNumber.Of(IndexOf((string)values[0]!, (string)values[1]!));
            case "year": return PlainNumber.Of(Day(values[0]!).Year);
            case "month": return PlainNumber.Of(Day(values[0]!).Month);
            case "day": return PlainNumber.Of(Day(values[0]!).Day);
            case "hour": return PlainNumber.Of(((DateTime)values[0]!).Hour);
            case "minute": return PlainNumber.Of(((DateTime)values[0]!).Minute);
            case "second": return PlainNumber.Of(((DateTime)values[0]!).Second);
            case "totalseconds": return PlainNumber.Of((long)values[0]!);
        }
        var left = (PlainNumber)values[0]!;
        switch (call.Name)
        {
            case "-": return left.Minus;
            case "round": return left.At(call.Scale);
            case "floor": return left.Floor;
            case "ceiling": return left.Ceiling;
        }
        var right = (PlainNumber)values[1]!;
        return call.Name switch
        {
            "add" => left.Plus(right),
            "sub" => left.Plus(right.Minus),
            "mul" => left.Times(right).At(call.Scale),
            "div" => left.Over(right, call.Scale),
            "mod" => left.Rest(right),
            var name => throw new InvalidOperationException(name),
        };
    }

    private static object? TimeOf(CallTerm call, object?[] values)
    {
        if (call.Name == "date") return DateOnly.FromDateTime((DateTime)values[0]!);
        if (call.Kind == PlainKind.Seconds) return Seconds(values[0]!) - Seconds(values[1]!);
        var seconds = Seconds(values[0]!) + ((long)values[1]! * (call.Name == "add" ? 1 : -1));
        if (call.Kind == PlainKind.Time) return seconds is >= -62135596800 and <= 253402300799 ? DateTime.UnixEpoch.AddSeconds(seconds) : null;
        var day = (long)Math.Floor(seconds / 86400m) + 719162;
        return day >= 0 && day <= DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)day) : null;
    }

    private static object? AtScale(object? value, int scale) => value is PlainNumber number ? number.At(scale) : value;

    private static DateOnly Day(object time) => time is DateTime point ? DateOnly.FromDateTime(point) : (DateOnly)time;

    private static long Seconds(object time) => time switch
    {
        DateTime point => (point - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerSecond,
        DateOnly day => (day.DayNumber - 719162L) * 86400,
        _ => (long)time,
    };

    private static string? Substring(string text, BigInteger start, BigInteger length)
    {
        if (start.Sign < 0 || length.Sign < 0) return null;
        return Filled(string.Concat(text.EnumerateRunes().Skip((int)BigInteger.Min(start, text.Length)).Take((int)BigInteger.Min(length, text.Length))));
    }

    private static int IndexOf(string text, string part)
    {
        var at = PlainOrder.Fold(text).IndexOf(PlainOrder.Fold(part), StringComparison.Ordinal);
        return at < 0 ? -1 : text[..at].EnumerateRunes().Count();
    }

    private static string? Filled(string text) => text.Length == 0 ? null : text;

    private static string Ascii(string text, Func<char, char> change) => string.Concat(text.Select(letter => char.IsAscii(letter) ? change(letter) : letter));
}
