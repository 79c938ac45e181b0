using Microsoft.OData;

namespace Platform.OData.Metadata.Queries;

/// <summary>How values of definitions compare. Texts compare with their letter case, as in Dataverse's metadata queries.</summary>
internal static class Values
{
    public static bool AreEqual(object? left, object? right)
    {
        if (left is null || right is null) return left is null && right is null;
        if (Order(left, right) is { } order) return order == 0;
        return left.Equals(right);
    }

    /// <summary>Negative, zero or positive; <c>null</c> where the two have no order.</summary>
    public static int? Order(object? left, object? right) => (left, right) switch
    {
        (null, _) or (_, null) => null,
        (string one, string other) => string.CompareOrdinal(one, other),
        (Enum one, ODataEnumValue other) => Number(one).CompareTo(Number(one.GetType(), other)),
        (ODataEnumValue one, Enum other) => Number(other.GetType(), one).CompareTo(Number(other)),
        (Enum one, Enum other) => Number(one).CompareTo(Number(other)),
        (Guid one, Guid other) => one.CompareTo(other),
        (DateTimeOffset one, DateTimeOffset other) => one.CompareTo(other),
        (bool one, bool other) => one.CompareTo(other),
        (double or float, _) or (_, double or float) when IsNumber(left) && IsNumber(right) => Real(left).CompareTo(Real(right)),
        _ when IsNumber(left) && IsNumber(right) => Exact(left).CompareTo(Exact(right)),
        _ => null,
    };

    /// <summary>All bits of a flag are set.</summary>
    public static bool Has(object? value, object? flag)
    {
        if (value is not Enum flags || flag is not ODataEnumValue wanted) return false;
        var bits = Number(flags.GetType(), wanted);
        return (Number(flags) & bits) == bits;
    }

    private static bool IsNumber(object value) => value is int or long or decimal or double or float or short or byte or sbyte;

    private static double Real(object value) => Convert.ToDouble(value, System.Globalization.CultureInfo.InvariantCulture);

    private static decimal Exact(object value) => Convert.ToDecimal(value, System.Globalization.CultureInfo.InvariantCulture);

    private static long Number(Enum value) => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture);

    // The parser has checked that the enumeration has the member.
    private static long Number(Type type, ODataEnumValue value) => Number((Enum)Enum.Parse(type, value.Value));
}
