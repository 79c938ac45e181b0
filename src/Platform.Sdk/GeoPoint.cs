using System.Globalization;

namespace Platform.Sdk;

/// <summary>
/// A point on the earth (WGS 84), the value of a geo point attribute: degrees with up to seven digits after the point
/// (about a centimetre), what is beyond is rounded. Equal when both degrees are. An attribute takes the text of
/// <see cref="ToString"/>, too.
/// </summary>
public sealed record GeoPoint
{
    /// <summary>Digits after the decimal point that a degree keeps.</summary>
    public const int Digits = 7;

    // Dividing by one with seven zeros takes the zeros at the end off a decimal.
    private const decimal One = 1.0000000000000000000000000000m;

    /// <param name="latitude">Degrees north of the equator, -90 to 90.</param>
    /// <param name="longitude">Degrees east of Greenwich, -180 to 180.</param>
    /// <exception cref="ArgumentOutOfRangeException">A degree is outside its range.</exception>
    public GeoPoint(decimal latitude, decimal longitude)
    {
        if (!IsLatitude(latitude)) throw new ArgumentOutOfRangeException(nameof(latitude), latitude, "A latitude is -90 to 90 degrees.");
        if (!IsLongitude(longitude)) throw new ArgumentOutOfRangeException(nameof(longitude), longitude, "A longitude is -180 to 180 degrees.");
        Latitude = decimal.Round(latitude, Digits, MidpointRounding.AwayFromZero) / One;
        Longitude = decimal.Round(longitude, Digits, MidpointRounding.AwayFromZero) / One;
    }

    /// <summary>Degrees north of the equator, -90 to 90.</summary>
    public decimal Latitude { get; }

    /// <summary>Degrees east of Greenwich, -180 to 180.</summary>
    public decimal Longitude { get; }

    public static bool IsLatitude(decimal degrees) => degrees is >= -90 and <= 90;

    public static bool IsLongitude(decimal degrees) => degrees is >= -180 and <= 180;

    /// <summary>Reads latitude and longitude as maps write them (<c>37.5665, 126.978</c>); <c>null</c> for any other text, and for degrees outside their range.</summary>
    public static GeoPoint? Parse(string text)
    {
        const NumberStyles degrees = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        var parts = text.Split(',');
        return parts.Length == 2
            && decimal.TryParse(parts[0], degrees, CultureInfo.InvariantCulture, out var latitude) && IsLatitude(latitude)
            && decimal.TryParse(parts[1], degrees, CultureInfo.InvariantCulture, out var longitude) && IsLongitude(longitude)
            ? new GeoPoint(latitude, longitude)
            : null;
    }

    /// <summary>Latitude and longitude as maps write them: <c>37.5665, 126.978</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Latitude}, {Longitude}");
}
