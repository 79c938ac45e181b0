using System.Globalization;
using System.Numerics;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>A scaled whole number of any size; the scale is the business of whoever writes the SQL.</summary>
internal readonly struct ExactNumber(BigInteger value)
{
    /// <summary>Significant digits with which a floating-point number becomes exact, as in PostgreSQL's cast to numeric.</summary>
    private const int RealDigits = 15;

    private static readonly BigInteger LargestReal = BigInteger.Parse("1797693134862315", CultureInfo.InvariantCulture) * BigInteger.Pow(10, 293);

    private static readonly BigInteger[] Powers = [.. Enumerable.Range(0, 64).Select(exponent => BigInteger.Pow(10, exponent))];

    public ExactNumber(decimal number, int scale)
        : this(Scaled(number, scale))
    {
    }

    public BigInteger Value { get; } = value;

    public static BigInteger PowerOfTen(int exponent) => exponent < Powers.Length ? Powers[exponent] : BigInteger.Pow(10, exponent);

    /// <summary>The first 15 significant digits of a floating-point number, at a scale, half away from zero.</summary>
    public static ExactNumber OfReal(double number, int scale)
    {
        if (number == 0 || !double.IsFinite(number)) return new(BigInteger.Zero);
        // d.dddddddddddddde±xxx: correctly rounded from the exact binary value.
        var text = number.ToString($"E{RealDigits - 1}", CultureInfo.InvariantCulture);
        var split = text.IndexOf('E', StringComparison.Ordinal);
        var digits = BigInteger.Parse(text[..split].Replace(".", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var shift = int.Parse(text[(split + 1)..], CultureInfo.InvariantCulture) - (RealDigits - 1) + scale;
        return shift >= 0 ? new(digits * PowerOfTen(shift)) : new ExactNumber(digits).Round(-shift);
    }

    /// <summary>The nearest floating-point number; <c>null</c> beyond the largest.</summary>
    public double? ToReal(int scale) => BigInteger.Abs(Value) >= LargestReal * PowerOfTen(scale)
        ? null
        : double.Parse(string.Create(CultureInfo.InvariantCulture, $"{Value}E-{scale}"), CultureInfo.InvariantCulture);

    /// <summary>16 bytes that sort as the numbers do.</summary>
    public byte[] ToKey()
    {
        var key = new byte[16];
        var shifted = BigInteger.Clamp(Value, (BigInteger)Int128.MinValue, (BigInteger)Int128.MaxValue) - (BigInteger)Int128.MinValue;
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(key, (UInt128)shifted);
        return key;
    }

    /// <summary>The number as a decimal; where it has more digits than that holds, those after the point give way.</summary>
    /// <param name="scale">Digits after the point.</param>
    /// <exception cref="PlatformException">It has more than 28 digits before the point.</exception>
    public decimal ToDecimal(int scale)
    {
        var whole = (BigInteger.Abs(Value) / PowerOfTen(scale)).ToString(CultureInfo.InvariantCulture).Length;
        if (whole > SqlDialect.MostDigits) throw Errors.NumberTooLong();
        var places = Math.Clamp(SqlDialect.MostDigits - whole, 0, scale);
        return (decimal)Round(scale - places).Value * new decimal(1, 0, 0, false, (byte)places);
    }

    /// <summary>Drops digits, half away from zero.</summary>
    public ExactNumber Round(int digits)
    {
        var unit = PowerOfTen(digits);
        var quotient = BigInteger.DivRem(Value, unit, out var rest);
        return new(BigInteger.Abs(rest) * 2 >= unit ? quotient + Value.Sign : quotient);
    }

    public ExactNumber Floor(int digits)
    {
        var quotient = BigInteger.DivRem(Value, PowerOfTen(digits), out var rest);
        return new(rest.Sign < 0 ? quotient - 1 : quotient);
    }

    public ExactNumber Ceiling(int digits)
    {
        var quotient = BigInteger.DivRem(Value, PowerOfTen(digits), out var rest);
        return new(rest.Sign > 0 ? quotient + 1 : quotient);
    }

    public bool TryGetInt64(out long small)
    {
        var fits = Value >= long.MinValue && Value <= long.MaxValue;
        small = fits ? (long)Value : 0;
        return fits;
    }

    /// <summary>The one form of a number beyond 64 bits inside of a statement.</summary>
    public byte[] ToBytes() => Value.ToByteArray();

    private static BigInteger Scaled(decimal number, int scale)
    {
        // Mantissa and its own scale: multiplying decimals would run out of digits.
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        var mantissa = ((BigInteger)(uint)bits[2] << 64) | ((BigInteger)(uint)bits[1] << 32) | (uint)bits[0];
        var own = (bits[3] >> 16) & 0xff;
        var scaled = own <= scale ? mantissa * PowerOfTen(scale - own) : mantissa / PowerOfTen(own - scale);
        return bits[3] < 0 ? -scaled : scaled;
    }
}
