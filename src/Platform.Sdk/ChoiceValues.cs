using System.Collections;
using System.Globalization;

namespace Platform.Sdk;

/// <summary>
/// The values of a multi-choice attribute: each once, ascending, at least one (an attribute without any is
/// <c>null</c>). Equal when they hold the same values. An attribute takes any list of numbers, too.
/// </summary>
public sealed class ChoiceValues : IReadOnlyList<int>, IEquatable<ChoiceValues>
{
    private readonly int[] values;

    /// <param name="values">In any order; repetitions count once.</param>
    public ChoiceValues(params IEnumerable<int> values) => this.values = [.. values.Distinct().Order()];

    public int Count => values.Length;

    public int this[int index] => values[index];

    /// <summary>Reads numbers between commas (<c>1,2</c>), as the Web API writes them; <c>null</c> for any other text.</summary>
    public static ChoiceValues? Parse(string text)
    {
        var values = new List<int>();
        foreach (var part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)) return null;
            values.Add(value);
        }
        return new ChoiceValues(values);
    }

    public bool Equals(ChoiceValues? other) => other is not null && values.AsSpan().SequenceEqual(other.values);

    public override bool Equals(object? obj) => Equals(obj as ChoiceValues);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var value in values) hash.Add(value);
        return hash.ToHashCode();
    }

    /// <summary>The numbers between commas: <c>1,2</c>.</summary>
    public override string ToString() => string.Join(',', values.Select(value => value.ToString(CultureInfo.InvariantCulture)));

    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
