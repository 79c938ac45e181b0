using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using Platform.Engine.Records;

namespace Platform.Engine.Metadata.Formulas;

internal enum TokenKind
{
    /// <summary>A name, a path with slashes, or a word such as <c>add</c>.</summary>
    Word,
    Literal,
    Symbol,
    End,
}

/// <param name="At">Position of its first character, from 0.</param>
/// <param name="Literal">For literals the typed value.</param>
internal readonly record struct FormulaToken(TokenKind Kind, string Text, int At, FormulaLiteral? Literal = null);

/// <summary>A formula that cannot be read.</summary>
/// <param name="at">Position of the character where it ends to make sense, from 0.</param>
internal sealed class FormulaSyntaxException(string reason, string hint, int at) : Exception(reason)
{
    public string Hint { get; } = hint;

    public int At { get; } = at;
}

/// <summary>Cuts the text of a formula into words, literals (as OData writes them) and symbols.</summary>
internal static partial class FormulaTokenizer
{
    private const int MostDigits = 28;

    private static readonly FormulaType DateTime = new(FormulaKind.DateTime), Date = new(FormulaKind.Date), Duration = new(FormulaKind.Duration), Id = new(FormulaKind.Id);

    public static List<FormulaToken> Read(string text)
    {
        var tokens = new List<FormulaToken>();
        var at = 0;
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
            if (at == text.Length) break;
            if (Pattern().Match(text, at) is not { Success: true } match)
                throw new FormulaSyntaxException($"'{text[at]}' has no meaning here.", text[at] == '\'' ? "A text ends with a single quote; one inside it is written twice." : "Operators are words: add, sub, mul, div, eq, and, …", at);
            tokens.Add(Token(match, at));
            at += match.Length;
        }
        tokens.Add(new FormulaToken(TokenKind.End, "", text.Length));
        return tokens;
    }

    private static FormulaToken Token(Match match, int at)
    {
        var text = match.Value;
        if (match.Groups["text"].Success) return Literal(FormulaType.Text, TextValue(text, at));
        if (match.Groups["id"].Success) return Literal(Id, Guid.Parse(text));
        if (match.Groups["time"].Success) return Literal(DateTime, PointInTime(text, at));
        if (match.Groups["date"].Success) return Literal(Date, DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : throw NoLiteral("a date", text, at));
        if (match.Groups["duration"].Success) return Literal(Duration, Seconds(text, at));
        if (match.Groups["number"].Success) return Number(text, at);
        return new FormulaToken(match.Groups["word"].Success ? TokenKind.Word : TokenKind.Symbol, text, at);

        FormulaToken Literal(FormulaType type, object? value) =>
            new(TokenKind.Literal, text, at, new FormulaLiteral(value is null ? new FormulaType(FormulaKind.Null) : type, value));
    }

    // The empty text is no value, here as in every column.
    private static string? TextValue(string quoted, int at)
    {
        var text = NormalForm.Of(quoted[1..^1].Replace("''", "'", StringComparison.Ordinal));
        if (!NormalForm.IsText(text)) throw new FormulaSyntaxException("The text has characters that are none (NUL or half a surrogate pair).", "Take it out.", at);
        return text.Length == 0 ? null : text;
    }

    private static FormulaToken Number(string text, int at)
    {
        if (text.Length > MostDigits || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            throw NoLiteral($"a number of at most {MostDigits} digits", text, at);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return new FormulaToken(TokenKind.Literal, text, at, new FormulaLiteral(FormulaType.Number(point < 0 ? 0 : text.Length - point - 1), number));
    }

    private static DateTime PointInTime(string text, int at) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var point) ? point.UtcDateTime : throw NoLiteral("a point in time", text, at);

    private static long Seconds(string text, int at)
    {
        try
        {
            var written = text["duration'".Length..^1];
            var duration = XmlConvert.ToTimeSpan(written);
            // Years and months are no durations in OData: they are not always equally long.
            if (written.Split('T')[0].IndexOfAny(['Y', 'M']) < 0 && duration.Ticks % TimeSpan.TicksPerSecond == 0) return duration.Ticks / TimeSpan.TicksPerSecond;
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            // Said below.
        }
        throw NoLiteral("a duration of whole seconds such as duration'P1DT12H'", text, at);
    }

    private static FormulaSyntaxException NoLiteral(string expected, string text, int at) => new($"{text} is not {expected}.", "Write the literal as OData does.", at);

    [GeneratedRegex(
        """
        \G(?:
          (?<text>'(?:[^']|'')*')
        | (?<id>[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b)
        | (?<time>\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d))
        | (?<date>\d{4}-\d\d-\d\d\b)
        | (?<duration>duration'[^']*')
        | (?<number>\d+(?:\.\d+)?(?![\w.]))
        | (?<word>[A-Za-z_][A-Za-z0-9_]*(?:/[A-Za-z_][A-Za-z0-9_]*)*)
        | [(),:\-]
        )
        """,
        RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Pattern();
}
