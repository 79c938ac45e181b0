using System.Text;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>FetchXML's <c>like</c> and its relatives.</summary>
internal static class PlainPattern
{
    /// <summary>The opposites hold for nothing, too.</summary>
    public static bool Holds(LikeTest test, string? text)
    {
        var isOpposite = test.Word.StartsWith("not-", StringComparison.Ordinal);
        if (text is null) return isOpposite;
        var (folded, pattern) = (PlainOrder.Fold(text), PlainOrder.Fold(test.Pattern.Normalize()));
        var holds = test.Word switch
        {
            "begins-with" or "not-begin-with" => folded.StartsWith(pattern, StringComparison.Ordinal),
            "ends-with" or "not-end-with" => folded.EndsWith(pattern, StringComparison.Ordinal),
            _ => Matches([.. folded.EnumerateRunes()], 0, [.. pattern.EnumerateRunes()], 0),
        };
        return holds != isOpposite;
    }

    /// <summary>The text from a character on has the form of the pattern from a character on.</summary>
    private static bool Matches(Rune[] text, int at, Rune[] pattern, int next)
    {
        if (next == pattern.Length) return at == text.Length;
        if (pattern[next].Value == '%') return Enumerable.Range(at, text.Length - at + 1).Any(from => Matches(text, from, pattern, next + 1));
        var end = pattern[next].Value == '[' ? Array.FindIndex(pattern, next, rune => rune.Value == ']') : next;
        return end >= 0 && at < text.Length && Fits(text[at].Value, [.. pattern[next..(end + 1)].Select(rune => rune.Value)]) && Matches(text, at + 1, pattern, end + 1);
    }

    private static bool Fits(int character, int[] part)
    {
        if (part[0] != '[') return part[0] == '_' || part[0] == character;
        var isNegated = part[1] == '^';
        var set = part[(isNegated ? 2 : 1)..^1];
        var holds = false;
        for (var at = 0; at < set.Length; at++)
        {
            if (at + 2 < set.Length && set[at + 1] == '-')
            {
                holds |= character >= set[at] && character <= set[at + 2];
                at += 2;
            }
            else holds |= character == set[at];
        }
        return holds != isNegated;
    }
}
