using Platform.Sdk;

namespace Platform.Engine.Sql;

/// <summary>
/// A <see cref="GeoPoint"/> as both databases store it: one 64-bit number, in its upper half the latitude, in its lower
/// half the longitude, each in ten-millionths of a degree counted from the south pole and the date line. Exact, equal
/// only for equal points, eight bytes.
/// </summary>
internal static class StoredPoint
{
    /// <summary>Mean radius of the earth in metres (IUGG).</summary>
    public const double EarthRadius = 6371008.8;

    /// <summary>Units of a degree.</summary>
    public const long Unit = 10_000_000;

    public const long SouthPole = 90 * Unit;
    public const long DateLine = 180 * Unit;

    public static long Of(GeoPoint point) => (long)((point.Latitude * Unit) + SouthPole) << 32 | (long)((point.Longitude * Unit) + DateLine);

    public static GeoPoint ToPoint(long stored) => new((decimal)Latitude(stored) / Unit, (decimal)Longitude(stored) / Unit);

    /// <summary>Way over the surface of a sphere between two stored points (haversine), in whole millimetres.</summary>
    public static long Distance(long from, long to)
    {
        var (north, east) = (Radians(Latitude(to) - Latitude(from)), Radians(Longitude(to) - Longitude(from)));
        var (rise, turn) = (Math.Sin(north / 2), Math.Sin(east / 2));
        var share = (rise * rise) + (Math.Cos(Radians(Latitude(from))) * Math.Cos(Radians(Latitude(to))) * turn * turn);
        return (long)Math.Round(2 * EarthRadius * Math.Asin(Math.Sqrt(Math.Min(1, share))) * 1000, MidpointRounding.AwayFromZero);
    }

    private static long Latitude(long stored) => (stored >> 32) - SouthPole;

    private static long Longitude(long stored) => (stored & uint.MaxValue) - DateLine;

    private static double Radians(long units) => units / (double)Unit * (Math.PI / 180);
}
