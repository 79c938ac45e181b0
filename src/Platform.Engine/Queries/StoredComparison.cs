using Platform.Engine.Metadata;

namespace Platform.Engine.Queries;

/// <summary>
/// Comparisons with values that a column cannot hold: <c>revenue lt 100.00001</c> where four digits are stored, a point
/// in time between two seconds. Rounding the value would change the answer; the nearest value that can be stored, with
/// the operator to match, does not.
/// </summary>
internal static class StoredComparison
{
    private static readonly FilterNode Never = new AnyOf([]);
    private static readonly FilterNode Always = new AllOf([]);

    /// <returns>The same comparison when the column can hold its value.</returns>
    public static FilterNode Of(Compare compare) => compare.Value switch
    {
        decimal number when compare.Attribute.Kind is AttributeKind.Decimal or AttributeKind.Money => OfNumber(compare, number),
        DateTime time when compare.Attribute.Kind == AttributeKind.DateTime => OfTime(compare, time),
        _ => compare,
    };

    /// <summary>The column can hold the value: it may equal it.</summary>
    public static bool CanHold(AttributeDefinition attribute, object value) => Of(new Compare(attribute, Comparison.Equal, value)) is Compare;

    private static FilterNode OfNumber(Compare compare, decimal number)
    {
        var power = PowerOfTen(compare.Attribute.StoredScale);
        var most = (compare.Attribute.Computed is GroupedColumn { IsWide: true } ? decimal.MaxValue : long.MaxValue) / power;
        if (number > most) return Beyond(compare, isAbove: true);
        if (number < -most) return Beyond(compare, isAbove: false);
        var scaled = number * power;
        var below = decimal.Floor(scaled);
        return below == scaled ? compare : Between(compare, below / power, (below + 1) / power);
    }

    private static FilterNode OfTime(Compare compare, DateTime time)
    {
        var fraction = time.Ticks % TimeSpan.TicksPerSecond;
        if (fraction == 0) return compare;
        var below = time.AddTicks(-fraction);
        // Behind the last second that there is, comes none.
        return below > DateTime.MaxValue.AddSeconds(-1) ? Beyond(compare, isAbove: true) : Between(compare, below, below.AddSeconds(1));
    }

    private static FilterNode Between(Compare compare, object below, object above) => compare.Operator switch
    {
        Comparison.Equal => Never,
        Comparison.NotEqual => Always,
        Comparison.Less or Comparison.LessOrEqual => compare with { Operator = Comparison.LessOrEqual, Value = below },
        _ => compare with { Operator = Comparison.GreaterOrEqual, Value = above },
    };

    private static FilterNode Beyond(Compare compare, bool isAbove) => compare.Operator switch
    {
        Comparison.Equal => Never,
        Comparison.NotEqual => Always,
        Comparison.Less or Comparison.LessOrEqual => isAbove ? AnyValue(compare.Attribute) : Never,
        _ => isAbove ? Never : AnyValue(compare.Attribute),
    };

    private static Compare AnyValue(AttributeDefinition attribute) => new(attribute, Comparison.NotEqual, null);

    private static decimal PowerOfTen(int exponent)
    {
        var power = 1m;
        for (var at = 0; at < exponent; at++) power *= 10m;
        return power;
    }
}
