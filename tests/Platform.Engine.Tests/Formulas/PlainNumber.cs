using System.Globalization;
using System.Numerics;

namespace Platform.Engine.Tests.Formulas;

/// <summary>A decimal number of any size, calculated the way one does it on paper.</summary>
internal readonly record struct PlainNumber(BigInteger Units, int Scale)
{
    public static PlainNumber Parse(string text)
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return new(BigInteger.Parse(text.Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture), point < 0 ? 0 : text.Length - point - 1);
    }

    public static PlainNumber Of(decimal number) => Parse(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>The first 15 digits of a floating-point number.</summary>
    public static PlainNumber OfReal(double number)
    {
        var parts = number.ToString("E14", CultureInfo.InvariantCulture).Split('E');
        var (digits, exponent) = (Parse(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture));
        var exact = exponent >= 0 ? digits with { Units = digits.Units * BigInteger.Pow(10, exponent) } : digits with { Scale = digits.Scale - exponent };
        return exact.At(15);
    }

    /// <summary>With so many digits after the point, half away from zero where that are fewer.</summary>
    public PlainNumber At(int scale)
    {
        if (scale >= Scale) return new(Units * BigInteger.Pow(10, scale - Scale), scale);
        var unit = BigInteger.Pow(10, Scale - scale);
        var magnitude = (BigInteger.Abs(Units) + (unit / 2)) / unit;
        return new(Units.Sign * magnitude, scale);
    }

    public PlainNumber Plus(PlainNumber other) => new(At(Most(other)).Units + other.At(Most(other)).Units, Most(other));

    public PlainNumber Times(PlainNumber other) => new(Units * other.Units, Scale + other.Scale);

    public PlainNumber Minus => this with { Units = -Units };

    /// <summary>Cut off after so many digits; <c>null</c> by zero.</summary>
    public PlainNumber? Over(PlainNumber other, int scale) => other.Units.IsZero
        ? null
        : new(BigInteger.Divide(Units * BigInteger.Pow(10, scale + other.Scale), other.Units * BigInteger.Pow(10, Scale)), scale);

    public PlainNumber? Rest(PlainNumber other) => other.Units.IsZero
        ? null
        : new(BigInteger.Remainder(At(Most(other)).Units, other.At(Most(other)).Units), Most(other));

    public PlainNumber Floor => new(Whole(Units.Sign < 0), 0);

    public PlainNumber Ceiling => Minus.Floor.Minus;

    public int CompareTo(PlainNumber other) => At(Most(other)).Units.CompareTo(other.At(Most(other)).Units);

    public double ToDouble() => double.Parse(string.Create(CultureInfo.InvariantCulture, $"{Units}E-{Scale}"), CultureInfo.InvariantCulture);

    private BigInteger Whole(bool down)
    {
        var whole = BigInteger.DivRem(Units, BigInteger.Pow(10, Scale), out var rest);
        return down && !rest.IsZero ? whole - 1 : whole;
    }

    private int Most(PlainNumber other) => Math.Max(Scale, other.Scale);
}
