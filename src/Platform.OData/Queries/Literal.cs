using System.Globalization;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Model;
using Platform.Sdk;

namespace Platform.OData.Queries;

/// <summary>Turns a literal of a URL into a value of the .NET type of the attribute it is compared with.</summary>
internal static class Literal
{
    /// <returns><c>null</c> for the literal <c>null</c>.</returns>
    /// <exception cref="PlatformException">The literal does not fit the attribute; attribute and expected type are named.</exception>
    public static object? ValueFor(AttributeDefinition attribute, EntityDefinition entity, ConstantNode constant)
    {
        if (constant.Value is null) return null;
        object? value = attribute.Kind switch
        {
            AttributeKind.String or AttributeKind.Memo => constant.Value as string,
            AttributeKind.Integer or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status =>
                Whole(constant) is >= int.MinValue and <= int.MaxValue and var whole ? (int)whole : null,
            AttributeKind.MultiChoice => constant.Value is string choices ? ChoiceValues.Parse(choices) : null,
            AttributeKind.BigInt => Whole(constant),
            AttributeKind.Decimal or AttributeKind.Money => Exact(constant),
            AttributeKind.Double => Real(constant),
            AttributeKind.Boolean => constant.Value as bool?,
            AttributeKind.DateTime => PointInTime(constant.Value),
            AttributeKind.DateOnly => Day(constant.Value),
            AttributeKind.Lookup or AttributeKind.UniqueIdentifier or AttributeKind.File => constant.Value as Guid?,
            _ => null,
        };
        return value ?? throw Errors.WrongType(entity.LogicalName, attribute.WebApiName, TypeWords.Expected(attribute), constant is { LiteralText: { } text, Value: not byte[] } ? text : Words(constant.Value));
    }

    /// <summary>The values of a list, of which there is at least one.</summary>
    /// <inheritdoc cref="ValueFor"/>
    public static IEnumerable<object?> ValuesFor(AttributeDefinition attribute, EntityDefinition entity, CollectionConstantNode list)
    {
        // The items are what the library has made of the texts; those have the digits that it may have lost.
        var texts = list.LiteralText?.Trim('(', ')', '[', ']').Split(',');
        for (var at = 0; at < list.Collection.Count; at++)
        {
            yield return attribute.Kind == AttributeKind.Double && texts?.Length == list.Collection.Count && Real(texts[at].Trim()) is { } number
                ? number
                : ValueFor(attribute, entity, list.Collection[at]);
        }
    }

    /// <summary>A value of a list, of which the parser does not keep the text.</summary>
    private static string Words(object value) => value switch
    {
        string text => $"'{text}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => "a value of another type",
    };

    private static long? Whole(ConstantNode constant) =>
        Exact(constant) is { } number && decimal.Truncate(number) == number && number is >= long.MinValue and <= long.MaxValue ? (long)number : null;

    /// <summary>Read from the text, because the parser makes a float of <c>100.1</c>.</summary>
    private static decimal? Exact(ConstantNode constant)
    {
        if (constant.Value is not (int or long or short or byte or sbyte or decimal or double or float)) return null;
        var text = constant.LiteralText.AsSpan().TrimEnd("mMdDfFlL");
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    // From the text as well: by way of a decimal, or of the parser's float, the last digit may become another one.
    private static double? Real(ConstantNode constant)
    {
        if (constant.Value is not (int or long or short or byte or sbyte or decimal or double or float)) return null;
        return Real(constant.LiteralText);
    }

    private static double? Real(string text) => double.TryParse(text.AsSpan().TrimEnd("mMdDfFlL"), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static DateTime? PointInTime(object value) => value switch
    {
        DateTimeOffset point => point.UtcDateTime,
        _ => DayOf(value)?.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
    };

    private static DateOnly? Day(object value) => value switch
    {
        DateTimeOffset point when point.TimeOfDay == TimeSpan.Zero => DateOnly.FromDateTime(point.DateTime),
        _ => DayOf(value),
    };

    /// <summary>The day that the parser has read; <c>null</c> for a value of another type.</summary>
    // The library announces DateOnly in its place, and does not make it yet.
#pragma warning disable CS0618
    public static DateOnly? DayOf(object value) => value is Date day ? new DateOnly(day.Year, day.Month, day.Day) : null;
#pragma warning restore CS0618
}
