namespace Platform.Engine.Metadata.Compiling;

/// <summary>Guesses what a mistyped name was meant to be.</summary>
public static class Spelling
{
    /// <summary>A hint that names the nearest candidate, or lists the candidates when none is near.</summary>
    /// <param name="none">The hint when there are no candidates at all.</param>
    public static string Hint(string word, IEnumerable<string> candidates, string none)
    {
        var known = candidates.Distinct(StringComparer.Ordinal).ToList();
        if (known.Count == 0) return none;
        var best = known
            .Select(candidate => (candidate, distance: Distance(word, candidate)))
            .OrderBy(pair => pair.distance).ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .First();
        if (best.distance <= Math.Max(1, word.Length / 3)) return $"Did you mean '{best.candidate}'?";
        const int mostShown = 12;
        var shown = string.Join(", ", known.Order(StringComparer.Ordinal).Take(mostShown));
        return known.Count > mostShown ? $"There are {shown}, and {known.Count - mostShown} more." : $"There is only {shown}.";
    }

    /// <summary>One word is the other with a letter wrong, missing, too many, swapped, or of the other case.</summary>
    public static bool IsSlip(string word, string meant) => word != meant && Math.Abs(word.Length - meant.Length) <= 1 && Distance(word, meant) <= 1;

    /// <summary>Edit distance that counts two swapped neighbours as one mistake; letter case counts nothing.</summary>
    internal static int Distance(string left, string right)
    {
        var beforeLast = new int[right.Length + 1];
        var last = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var row = new int[right.Length + 1];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = Same(left[i - 1], right[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(row[j - 1] + 1, last[j] + 1), last[j - 1] + cost);
                if (i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1]))
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }

            (beforeLast, last) = (last, row);
        }

        return last[right.Length];
    }

    private static bool Same(char left, char right) => char.ToLowerInvariant(left) == char.ToLowerInvariant(right);
}
