using System.Text;

namespace Platform.Engine.Records;

/// <summary>
/// Text in Unicode normal form C, in which it is stored, compared and searched: what is typed on a Mac arrives
/// decomposed, and would never be found again.
/// </summary>
internal static class NormalForm
{
    /// <summary>The text composed; text that <see cref="IsText"/> refuses stays as it is, and equals nothing that is stored.</summary>
    public static string Of(string text) => Ascii.IsValid(text) || !IsText(text) || text.IsNormalized() ? text : text.Normalize();

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
}
