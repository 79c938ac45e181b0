using Platform.Engine.Metadata;
using Platform.Engine.Security;

namespace Platform.Engine.Queries.Conditions;

/// <summary>Days as the caller sees them, and where they begin in the values of an attribute.</summary>
/// <param name="now">UTC.</param>
internal sealed class LocalTime(AttributeDefinition attribute, Caller caller, DateTime now)
{
    private readonly TimeZoneInfo zone = caller.TimeZone;

    /// <summary>The caller's day.</summary>
    public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(now, zone));

    /// <summary>Now, as a value of the attribute; for a day the day after, before which today is.</summary>
    public object Now => attribute.Kind == AttributeKind.DateOnly ? Today.AddDays(1) : IsLocal ? now.AddSeconds(1) : TimeZoneInfo.ConvertTimeFromUtc(now, zone).AddSeconds(1);

    /// <summary>A point in time some time from now; for attributes that are points in time.</summary>
    public object Later(TimeSpan time) => IsLocal ? now + time : TimeZoneInfo.ConvertTimeFromUtc(now, zone) + time;

    /// <summary>The begin of a day, as a value of the attribute.</summary>
    public object Begin(DateOnly day)
    {
        if (attribute.Kind == AttributeKind.DateOnly) return day;
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // West of Greenwich the first points in time belong to a day before the first, which there is not.
        if (day == DateOnly.MinValue) return DateTime.SpecifyKind(midnight, DateTimeKind.Utc);
        if (!IsLocal) return DateTime.SpecifyKind(midnight, DateTimeKind.Utc);
        // Where clocks go forward at midnight, the day begins later.
        while (zone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(15);
        // Where they go back to midnight, it begins with the first of the two.
        return zone.IsAmbiguousTime(midnight)
            ? DateTime.SpecifyKind(midnight - zone.GetAmbiguousTimeOffsets(midnight).Max(), DateTimeKind.Utc)
            : TimeZoneInfo.ConvertTimeToUtc(midnight, zone);
    }

    /// <summary>The caller's day of a value of the attribute.</summary>
    public DateOnly DayOf(object value) => value switch
    {
        DateOnly day => day,
        DateTime point when IsLocal => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(point, zone)),
        DateTime point => DateOnly.FromDateTime(point),
        _ => throw new InvalidOperationException($"{value.GetType().Name} has no day."),
    };

    private bool IsLocal => attribute.DateBehavior != DateBehavior.TimeZoneIndependent;
}
