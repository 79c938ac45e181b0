using System.Text;

namespace Platform.Engine.Records;

/// <summary>
/// Text in Unicode normal form C, in which it is stored, compared and searched: what is typed on a Mac arrives
/// decomposed, and would never be found again.
/// </summary>
internal static class NormalForm
{
    /// <summary>The text composed; text that <see cref="IsText"/> refuses becomes one that a database takes, and that equals nothing that is stored.</summary>
    public static string Of(string text)
    {
        if (!IsText(text)) return Unequal(text);
        return Ascii.IsValid(text) || text.IsNormalized() ? text : text.Normalize();
    }

    /// <summary>False for characters that are none: NUL, which PostgreSQL does not store, U+FFFE, and half a surrogate pair, which has no UTF-8.</summary>
    public static bool IsText(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is '\0' or '\uFFFE') return false;
            if (!char.IsSurrogate(text[at])) continue;
            if (!char.IsHighSurrogate(text[at]) || at + 1 == text.Length || !char.IsLowSurrogate(text[at + 1])) return false;
            at++;
        }
        return true;
    }

    /// <summary>The text with U+FFFE, which no stored text has, for what cannot be sent to a database; the rest stays, so that it sorts where it would.</summary>
    private static string Unequal(string text) => string.Create(text.Length, text, static (target, source) =>
    {
        for (var at = 0; at < source.Length; at++)
        {
            var isPair = char.IsHighSurrogate(source[at]) && at + 1 < source.Length && char.IsLowSurrogate(source[at + 1]);
            target[at] = source[at] == '\0' || (char.IsSurrogate(source[at]) && !isPair) ? '\uFFFE' : source[at];
            if (isPair) target[++at] = source[at];
        }
    });
}
