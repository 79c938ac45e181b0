using System.Collections.Concurrent;
using System.Globalization;
using Platform.Engine.Queries;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>Dates and points in time as SQLite stores them: texts.</summary>
internal static class StoredDate
{
    private static readonly ConcurrentDictionary<string, TimeZoneInfo> Zones = new(StringComparer.Ordinal);

    /// <param name="text">A day, or a point in time in UTC.</param>
    /// <param name="part">Name of a <see cref="DatePart"/>.</param>
    /// <param name="zone">IANA name of the time zone whose days count; empty: those of the text.</param>
    public static int Part(string text, string part, string zone)
    {
        var day = text.Length == SqliteDialect.DateFormat.Length || zone.Length == 0
            ? DateOnly.ParseExact(text.AsSpan(0, SqliteDialect.DateFormat.Length), SqliteDialect.DateFormat, CultureInfo.InvariantCulture)
            : Local(text, Zones.GetOrAdd(zone, TimeZoneInfo.FindSystemTimeZoneById));
        return part switch
        {
            nameof(DatePart.Year) or nameof(DatePart.FiscalYear) => day.Year,
            nameof(DatePart.Quarter) or nameof(DatePart.FiscalPeriod) => ((day.Month - 1) / 3) + 1,
            nameof(DatePart.Month) => day.Month,
            nameof(DatePart.Week) => ((day.DayOfYear - (int)day.DayOfWeek + 5) / 7) + 1,
            _ => day.Day,
        };
    }

    /// <summary>What clocks show in a time zone, written as a point in time.</summary>
    public static string InZone(string text, string zone) =>
        Clock(text, Zones.GetOrAdd(zone, TimeZoneInfo.FindSystemTimeZoneById)).ToString(SqliteDialect.DateTimeFormat, CultureInfo.InvariantCulture);

    private static DateOnly Local(string text, TimeZoneInfo zone) => DateOnly.FromDateTime(Clock(text, zone));

    private static DateTime Clock(string text, TimeZoneInfo zone) => TimeZoneInfo.ConvertTimeFromUtc(
        DateTime.ParseExact(text, SqliteDialect.DateTimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), zone);
}
