using System.Globalization;

namespace Platform.Studio.Text;

/// <summary>Reads numbers as people type them: grouping, a currency sign, and the Korean units (1억 2천만, 3.5만).</summary>
public static class NumberText
{
    private static readonly (char Sign, decimal Factor)[] LargeUnits = [('조', 1_000_000_000_000m), ('억', 100_000_000m), ('만', 10_000m)];
    private static readonly (char Sign, decimal Factor)[] SmallUnits = [('천', 1_000m), ('백', 100m), ('십', 10m)];

    /// <summary>The number; <c>null</c> when the text is none.</summary>
    public static decimal? Parse(string text, CultureInfo culture)
    {
        var plain = new string([.. text.Normalize().Where(letter => !char.IsWhiteSpace(letter) && letter is not ('₩' or '$' or '€' or '원'))]);
        if (plain.Length == 0) return null;
        var negative = plain[0] is '-' or '−';
        if (negative) plain = plain[1..];
        var number = plain.Any(IsUnit) ? WithUnits(plain, LargeUnits, culture) : Plain(plain, culture);
        return negative ? -number : number;
    }

    private static bool IsUnit(char letter) => LargeUnits.Concat(SmallUnits).Any(unit => unit.Sign == letter);

    /// <summary>Sum of the parts before each unit times the unit; the part before a large unit may hold small ones (2천만).</summary>
    private static decimal? WithUnits(string text, (char Sign, decimal Factor)[] units, CultureInfo culture)
    {
        var sum = 0m;
        foreach (var (sign, factor) in units)
        {
            var at = text.IndexOf(sign, StringComparison.Ordinal);
            if (at < 0) continue;
            var part = at == 0 ? 1m : Part(text[..at], units, culture);
            if (part is null) return null;
            sum += part.Value * factor;
            text = text[(at + 1)..];
        }

        var rest = text.Length == 0 ? 0m : Part(text, units, culture);
        return rest is null ? null : sum + rest;
    }

    private static decimal? Part(string text, (char Sign, decimal Factor)[] units, CultureInfo culture) =>
        units == LargeUnits && text.Any(IsUnit) ? WithUnits(text, SmallUnits, culture) : Plain(text, culture);

    private static decimal? Plain(string text, CultureInfo culture) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, culture, out var number) ? number : null;
}
