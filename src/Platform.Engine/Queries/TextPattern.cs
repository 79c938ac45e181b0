using System.Collections.Immutable;
using System.Text;

namespace Platform.Engine.Queries;

/// <summary>
/// The pattern of a <c>like</c>, as T-SQL reads it: <c>%</c> stands for any characters, <c>_</c> for one, <c>[ab-d]</c> for
/// one of some, <c>[^ab-d]</c> for one that is none of them. Everything else stands for itself, in brackets these, too.
/// </summary>
public sealed class TextPattern
{
    /// <summary>Sets of characters in one pattern; a database's own patterns have their limits, too.</summary>
    private const int MostSets = 100;

    private TextPattern(ImmutableArray<PatternPart> parts) => Parts = parts;

    public ImmutableArray<PatternPart> Parts { get; }

    /// <summary>Some character is one of several: the databases' own <c>LIKE</c> has no word for it.</summary>
    public bool HasSets => Parts.Any(part => part.Kind == PatternPartKind.Set);

    /// <returns><c>null</c> where no text has the form, because a bracket is not closed or nothing stands in it.</returns>
    /// <exception cref="PlatformException">There are too many sets.</exception>
    public static TextPattern? Parse(string pattern)
    {
        var parts = ImmutableArray.CreateBuilder<PatternPart>();
        var runes = pattern.EnumerateRunes().ToArray();
        for (var at = 0; at < runes.Length; at++)
        {
            switch (runes[at].Value)
            {
                case '%':
                    parts.Add(new PatternPart(PatternPartKind.Any, [], false));
                    break;
                case '_':
                    parts.Add(new PatternPart(PatternPartKind.One, [], false));
                    break;
                case '[':
                    var end = Array.FindIndex(runes, at + 1, rune => rune.Value == ']');
                    if (end < 0 || Set(runes.AsSpan(at + 1, end - at - 1)) is not { } set) return null;
                    parts.Add(set);
                    at = end;
                    break;
                default:
                    parts.Add(PatternPart.Of(runes[at]));
                    break;
            }
        }
        if (parts.Count(part => part.Kind == PatternPartKind.Set) > MostSets) throw Errors.BadRequest($"A pattern has more than {MostSets} sets of characters.");
        return new TextPattern(parts.ToImmutable());
    }

    private static PatternPart? Set(ReadOnlySpan<Rune> runes)
    {
        var isNegated = runes.Length > 0 && runes[0].Value == '^';
        if (isNegated) runes = runes[1..];
        var ranges = ImmutableArray.CreateBuilder<(Rune From, Rune To)>();
        for (var at = 0; at < runes.Length; at++)
        {
            var isRange = at + 2 < runes.Length && runes[at + 1].Value == '-';
            var (from, to) = (runes[at], runes[isRange ? at + 2 : at]);
            // Backwards there is nothing.
            if (from <= to && !ranges.Contains((from, to))) ranges.Add((from, to));
            if (isRange) at += 2;
        }
        if (ranges.Count == 0) return isNegated ? new PatternPart(PatternPartKind.One, [], false) : null;
        return !isNegated && ranges is [var (only, last)] && only == last ? PatternPart.Of(only) : new PatternPart(PatternPartKind.Set, ranges.ToImmutable(), isNegated);
    }

    /// <summary>For <c>LIKE … ESCAPE '\'</c>, of a pattern without sets.</summary>
    public string ToLike() => Write(new StringBuilder(), "%", "_", static (text, rune) => (rune.Value is '%' or '_' or '\\' ? text.Append('\\') : text).Append(rune.ToString()), null).ToString();

    /// <summary>For SQLite's <c>GLOB</c>.</summary>
    public string ToGlob() => Write(
        new StringBuilder(),
        "*",
        "?",
        static (text, rune) => rune.Value is '*' or '?' or '[' ? text.Append('[').Append(rune.ToString()).Append(']') : text.Append(rune.ToString()),
        static (text, set) =>
        {
            // Without a range a hyphen stands first, or last; a caret must not stand first. What is said twice is said once.
            text.Append(set.IsNegated ? "[^" : "[");
            if (set.Ranges.Any(range => range.From == range.To && range.From.Value == '-')) text.Append('-');
            else if (!set.IsNegated && set.Ranges[0].From.Value == '^') text.Append(set.Ranges[^1].To.ToString());
            foreach (var (from, to) in set.Ranges.Where(range => range.From != range.To)) text.Append(from.ToString()).Append('-').Append(to.ToString());
            foreach (var (from, _) in set.Ranges.Where(range => range.From == range.To && range.From.Value != '-')) text.Append(from.ToString());
            text.Append(']');
        }).ToString();

    /// <summary>For PostgreSQL's <c>~</c>.</summary>
    public string ToRegex() => Write(
        new StringBuilder("^"),
        ".*",
        ".",
        static (text, rune) => AppendRune(text, rune),
        static (text, set) =>
        {
            text.Append(set.IsNegated ? "[^" : "[");
            foreach (var (from, to) in set.Ranges)
            {
                AppendRune(text, from);
                if (from != to) AppendRune(text.Append('-'), to);
            }
            text.Append(']');
        }).Append('$').ToString();

    private static StringBuilder AppendRune(StringBuilder text, Rune rune) =>
        rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value) ? text.Append((char)rune.Value) : text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");

    private StringBuilder Write(StringBuilder text, string any, string one, Func<StringBuilder, Rune, StringBuilder> literal, Action<StringBuilder, PatternPart>? set)
    {
        foreach (var part in Parts)
        {
            switch (part.Kind)
            {
                case PatternPartKind.Any:
                    text.Append(any);
                    break;
                case PatternPartKind.One:
                    text.Append(one);
                    break;
                case PatternPartKind.Literal:
                    literal(text, part.Ranges[0].From);
                    break;
                default:
                    set!(text, part);
                    break;
            }
        }
        return text;
    }
}

public enum PatternPartKind
{
    /// <summary>One character that stands for itself.</summary>
    Literal,

    /// <summary>Any one character.</summary>
    One,

    /// <summary>Any characters, also none.</summary>
    Any,

    /// <summary>One character of a set.</summary>
    Set,
}

/// <param name="Ranges">From and to, both included.</param>
/// <param name="IsNegated">A character that is in none of the ranges.</param>
public sealed record PatternPart(PatternPartKind Kind, ImmutableArray<(Rune From, Rune To)> Ranges, bool IsNegated)
{
    public static PatternPart Of(Rune rune) => new(PatternPartKind.Literal, [(rune, rune)], false);
}
