using System.Globalization;
using System.Text.Json;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Model;
using Platform.Sdk;

namespace Platform.OData.Reading;

/// <summary>Reads one JSON value as the .NET type of an attribute.</summary>
internal static class JsonValue
{
    /// <returns><c>null</c> for JSON null.</returns>
    /// <exception cref="PlatformException">The value has another type or does not fit into the type; the attribute is named.</exception>
    public static object? Read(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute)
    {
        if (reader.TokenType == JsonTokenType.Null) return null;
        return attribute.Kind switch
        {
            AttributeKind.String or AttributeKind.Memo => Text(ref reader, entity, attribute),
            AttributeKind.Integer or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => Integer(ref reader, entity, attribute),
            AttributeKind.MultiChoice => Choices(ref reader, entity, attribute),
            AttributeKind.BigInt => BigInt(ref reader, entity, attribute),
            AttributeKind.Decimal or AttributeKind.Money => Decimal(ref reader, entity, attribute),
            AttributeKind.Double => Double(ref reader, entity, attribute),
            AttributeKind.Boolean when reader.TokenType is JsonTokenType.True or JsonTokenType.False => reader.GetBoolean(),
            AttributeKind.DateTime => PointInTime(ref reader, entity, attribute),
            AttributeKind.DateOnly => Day(ref reader, entity, attribute),
            AttributeKind.GeoPoint => Place(ref reader, entity, attribute),
            AttributeKind.Image when reader.TokenType == JsonTokenType.String => reader.TryGetBytesFromBase64(out var image) ? image : throw Wrong(ref reader, entity, attribute),
            AttributeKind.UniqueIdentifier when reader.TokenType == JsonTokenType.String && Guid.TryParseExact(Text(ref reader, entity, attribute), "D", out var id) => id,
            _ => throw Wrong(ref reader, entity, attribute),
        };
    }

    /// <summary>A JSON string, which must be valid Unicode: the reader lets lone surrogates pass until they are read.</summary>
    public static string Text(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute)
    {
        if (reader.TokenType != JsonTokenType.String) throw Wrong(ref reader, entity, attribute);
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Errors.WrongType(entity.LogicalName, attribute.LogicalName, TypeWords.Expected(attribute), "a text that is not valid Unicode");
        }
    }

    /// <summary>How an error names what was found.</summary>
    public static string Words(JsonTokenType token) => token switch
    {
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        _ => "null",
    };

    private static int Integer(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute)
    {
        if (reader.TokenType != JsonTokenType.Number) throw Wrong(ref reader, entity, attribute);
        if (reader.TryGetInt32(out var number)) return number;
        throw IsWhole(ref reader)
            ? Errors.OutOfRange(entity.LogicalName, attribute.LogicalName, attribute.Minimum ?? int.MinValue, attribute.Maximum ?? int.MaxValue)
            : Errors.WrongType(entity.LogicalName, attribute.LogicalName, TypeWords.Expected(attribute), "a number with a fraction");
    }

    /// <summary>Numbers between commas, as Dataverse has it, or a list of numbers; <c>null</c> for none.</summary>
    private static ChoiceValues? Choices(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            var text = Text(ref reader, entity, attribute);
            return text.Length == 0 ? null : ChoiceValues.Parse(text) ?? throw Wrong(ref reader, entity, attribute);
        }
        var values = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) values.Add(Integer(ref reader, entity, attribute));
        return values.Count == 0 ? null : new ChoiceValues(values);
    }

    private static long BigInt(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute)
    {
        if (reader.TokenType != JsonTokenType.Number) throw Wrong(ref reader, entity, attribute);
        if (reader.TryGetInt64(out var number)) return number;
        throw IsWhole(ref reader)
            ? Errors.OutOfRange(entity.LogicalName, attribute.LogicalName, attribute.Minimum ?? long.MinValue, attribute.Maximum ?? long.MaxValue)
            : Errors.WrongType(entity.LogicalName, attribute.LogicalName, TypeWords.Expected(attribute), "a number with a fraction");
    }

    private static decimal Decimal(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute)
    {
        if (reader.TokenType != JsonTokenType.Number) throw Wrong(ref reader, entity, attribute);
        return reader.TryGetDecimal(out var number)
            ? number
            : throw Errors.OutOfRange(entity.LogicalName, attribute.LogicalName, attribute.Minimum ?? decimal.MinValue, attribute.Maximum ?? decimal.MaxValue);
    }

    private static double Double(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute)
    {
        if (reader.TokenType != JsonTokenType.Number) throw Wrong(ref reader, entity, attribute);
        return reader.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Errors.OutOfRange(entity.LogicalName, attribute.LogicalName, attribute.Minimum, attribute.Maximum);
    }

    private static DateTime PointInTime(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute)
    {
        if (reader.TokenType != JsonTokenType.String || !NamesOffset(ref reader) || !reader.TryGetDateTimeOffset(out var point))
            throw Wrong(ref reader, entity, attribute);
        var ticks = point.UtcTicks;
        return new DateTime(ticks - ticks % TimeSpan.TicksPerSecond, DateTimeKind.Utc);
    }

    private static DateOnly Day(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute) =>
        reader.TokenType == JsonTokenType.String && DateOnly.TryParseExact(
            Text(ref reader, entity, attribute), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw Wrong(ref reader, entity, attribute);

    private static GeoPoint Place(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Wrong(ref reader, entity, attribute);
        return GeoJson.Read(ref reader) ?? throw Errors.WrongType(entity.LogicalName, attribute.LogicalName, TypeWords.Expected(attribute), "an object that is none");
    }

    /// <summary>Without an offset the library would take the server's time zone, which the client does not know.</summary>
    private static bool NamesOffset(ref Utf8JsonReader reader)
    {
        const int shortest = 17; // 2025-01-31T09:30Z
        Span<byte> text = stackalloc byte[64];
        var bytes = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        if (bytes < shortest || bytes > text.Length) return false;
        text = text[..reader.CopyString(text)];
        return text[^1] is (byte)'Z' || text.Length > 6 && text[^6] is (byte)'+' or (byte)'-' && text[^3] == (byte)':';
    }

    private static bool IsWhole(ref Utf8JsonReader reader)
    {
        var text = reader.HasValueSequence ? System.Buffers.BuffersExtensions.ToArray(reader.ValueSequence) : reader.ValueSpan;
        return text.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0;
    }

    private static PlatformException Wrong(ref Utf8JsonReader reader, EntityDefinition entity, AttributeDefinition attribute) =>
        Errors.WrongType(entity.LogicalName, attribute.LogicalName, TypeWords.Expected(attribute), Found(ref reader));

    private static string Found(ref Utf8JsonReader reader)
    {
        const int mostShown = 40;
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number) || reader.HasValueSequence || reader.ValueSpan.Length > mostShown)
            return Words(reader.TokenType);
        var text = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        return reader.TokenType == JsonTokenType.String ? $"the text \"{text}\"" : $"the number {text}";
    }
}
