using System.Globalization;

namespace Platform.OData.Queries;

/// <summary>Values as FetchXML and OData write them alike: UTC points in time, days, numbers with a point.</summary>
internal static class LiteralText
{
    /// <param name="value">Of the attribute's .NET type; no boolean, which the two languages write differently.</param>
    public static string Of(object value) => value switch
    {
        DateTime point => point.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
