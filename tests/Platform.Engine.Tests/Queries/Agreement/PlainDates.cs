using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>
/// Query functions about dates: a value is turned into the caller's calendar and compared there, so that nothing is
/// said here about where days begin.
/// </summary>
internal sealed class PlainDates(Asker asker)
{
    // Columns hold whole seconds.
    private readonly DateTime now = asker.Now.AddTicks(-(asker.Now.Ticks % TimeSpan.TicksPerSecond));
    private readonly DateOnly today = Day(Local(asker.Now, asker.Zone));

    /// <summary>A point in time on the caller's clocks. Where the years end, clocks stand still.</summary>
    public static DateTime Local(DateTime utc, TimeZoneInfo zone) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), zone);

    /// <param name="value">DateTime or DateOnly.</param>
    public bool Holds(string function, PlainColumn column, object value, ImmutableArray<string> values)
    {
        var day = DayOf(column, value);
        var number = values.Length > 0 && int.TryParse(values[0], CultureInfo.InvariantCulture, out var parsed) ? parsed : 0;
        var (month, year, quarter) = (Months(day) - Months(today), day.Year - today.Year, Quarters(day) - Quarters(today));
        var week = Week(day) - Week(today);
        return function switch
        {
            "On" => day == DayOf(column, PlainTests.Literal(column, values[0])),
            "OnOrBefore" => day <= DayOf(column, PlainTests.Literal(column, values[0])),
            "OnOrAfter" => day >= DayOf(column, PlainTests.Literal(column, values[0])),
            "Yesterday" => day.DayNumber == today.DayNumber - 1,
            "Today" => day == today,
            "Tomorrow" => day.DayNumber == today.DayNumber + 1,
            "Last7Days" => IsPast(column, value) && day >= today.AddDays(-7),
            "Next7Days" => !IsPast(column, value) && day <= today.AddDays(7),
            "LastWeek" => week == -1,
            "ThisWeek" => week == 0,
            "NextWeek" => week == 1,
            "LastMonth" => month == -1,
            "ThisMonth" => month == 0,
            "NextMonth" => month == 1,
            "LastYear" or "LastFiscalYear" => year == -1,
            "ThisYear" or "ThisFiscalYear" => year == 0,
            "NextYear" or "NextFiscalYear" => year == 1,
            "LastXHours" => IsPast(column, value) && (DateTime)value >= Now(column).AddHours(-number),
            "NextXHours" => !IsPast(column, value) && (DateTime)value < Now(column).AddHours(number),
            "LastXDays" => IsPast(column, value) && day >= today.AddDays(-number),
            "NextXDays" => !IsPast(column, value) && day <= today.AddDays(number),
            "LastXWeeks" => IsPast(column, value) && day >= today.AddDays(-7 * number),
            "NextXWeeks" => !IsPast(column, value) && day <= today.AddDays(7 * number),
            "LastXMonths" => IsPast(column, value) && day >= today.AddMonths(-number),
            "NextXMonths" => !IsPast(column, value) && day <= today.AddMonths(number),
            "LastXYears" => IsPast(column, value) && day >= today.AddYears(-number),
            "NextXYears" => !IsPast(column, value) && day <= today.AddYears(number),
            "OlderThanXMinutes" => (DateTime)value < Now(column).AddMinutes(-number),
            "OlderThanXHours" => (DateTime)value < Now(column).AddHours(-number),
            "OlderThanXDays" => day < today.AddDays(-number),
            "OlderThanXWeeks" => day < today.AddDays(-7 * number),
            "OlderThanXMonths" => day < today.AddMonths(-number),
            "OlderThanXYears" => day < today.AddYears(-number),
            "LastFiscalPeriod" => quarter == -1,
            "ThisFiscalPeriod" => quarter == 0,
            "NextFiscalPeriod" => quarter == 1,
            "LastXFiscalYears" => year < 0 && year >= -number,
            "NextXFiscalYears" => year > 0 && year <= number,
            "LastXFiscalPeriods" => quarter < 0 && quarter >= -number,
            "NextXFiscalPeriods" => quarter > 0 && quarter <= number,
            "InFiscalYear" => day.Year == number,
            "InFiscalPeriod" => year == 0 && Quarter(day) == number,
            "InFiscalPeriodAndYear" => Quarters(day) == Quarters(number, values),
            "InOrBeforeFiscalPeriodAndYear" => Quarters(day) <= Quarters(number, values),
            "InOrAfterFiscalPeriodAndYear" => Quarters(day) >= Quarters(number, values),
            _ => throw new InvalidOperationException(function),
        };
    }

    /// <summary>Part of a date, by the name that FetchXML gives it.</summary>
    /// <param name="zone"><c>null</c>: UTC.</param>
    public static int Part(string part, object value, TimeZoneInfo? zone)
    {
        var day = value is DateOnly known ? known : Day(zone is null ? (DateTime)value : Local((DateTime)value, zone));
        return part switch
        {
            "day" => day.Day,
            "month" => day.Month,
            "year" or "fiscal-year" => day.Year,
            "quarter" or "fiscal-period" => Quarter(day),
            // Weeks are rows of a calendar sheet of the year that begin on Sunday.
            _ => ((day.DayOfYear - 1 + (int)new DateOnly(day.Year, 1, 1).DayOfWeek) / 7) + 1,
        };
    }

    private DateOnly DayOf(PlainColumn column, object value) => value switch
    {
        DateOnly day => day,
        DateTime point => Day(column.IsLocal ? Local(point, asker.Zone) : point),
        _ => throw new InvalidOperationException($"{value}"),
    };

    /// <summary>Now in the values of the column; those that have no zone mean the caller's clocks.</summary>
    private DateTime Now(PlainColumn column) => column.IsLocal ? now : Local(now, asker.Zone);

    private bool IsPast(PlainColumn column, object value) => value is DateOnly day ? day <= today : (DateTime)value <= Now(column);

    private static DateOnly Day(DateTime time) => DateOnly.FromDateTime(time);

    private static int Months(DateOnly day) => (day.Year * 12) + day.Month;

    private static int Quarter(DateOnly day) => (day.Month + 2) / 3;

    private static int Quarters(DateOnly day) => (day.Year * 4) + Quarter(day);

    private static int Quarters(int period, ImmutableArray<string> values) => (int.Parse(values[1], CultureInfo.InvariantCulture) * 4) + period;

    // The first day that there is, is a Monday.
    private static int Week(DateOnly day) => (day.DayNumber + 1) / 7;
}
