using System.Text;
using Platform.Engine.Tests.Formulas;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>The order of values, as docs/web-api.md (<em>How values compare</em>) has it.</summary>
internal static class PlainOrder
{
    /// <summary>ASCII letters in lower case.</summary>
    public static string Fold(string text) => string.Concat(text.Select(letter => char.IsAsciiLetterUpper(letter) ? (char)(letter + 32) : letter));

    /// <summary>Nothing comes before everything.</summary>
    public static int WithNothing(object? left, object? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        _ => Of(left, right),
    };

    public static int Of(object left, object right) => (left, right) switch
    {
        (string first, string second) => Encoding.UTF8.GetBytes(Fold(first)).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(Fold(second))),
        (double first, double second) => first < second ? -1 : first > second ? 1 : 0,
        (Guid first, Guid second) => string.CompareOrdinal(first.ToString("D"), second.ToString("D")),
        (int[] first, int[] second) => string.CompareOrdinal(string.Join(',', first), string.Join(',', second)),
        (int or long or decimal or PlainNumber, int or long or decimal or PlainNumber) => Number(left).CompareTo(Number(right)),
        _ => ((IComparable)left).CompareTo(right),
    };

    /// <summary>A number that is no floating-point one.</summary>
    public static PlainNumber Number(object number) => number switch
    {
        int value => PlainNumber.Of(value),
        long value => PlainNumber.Of(value),
        decimal value => PlainNumber.Of(value),
        _ => (PlainNumber)number,
    };
}
