using System.Text.Json;
using Platform.Sdk;

namespace Platform.OData.Reading;

/// <summary>Points as GeoJSON: <c>{"type":"Point","coordinates":[126.978,37.5665]}</c>, the longitude first.</summary>
internal static class GeoJson
{
    public static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    public static readonly JsonEncodedText Point = JsonEncodedText.Encode("Point");
    public static readonly JsonEncodedText Coordinates = JsonEncodedText.Encode("coordinates");

    /// <summary>Reads the object on whose brace the reader stands, to its end; <c>null</c> where it is anything but a point on the earth.</summary>
    public static GeoPoint? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) return null;
        GeoPoint? point = null;
        var isPoint = false;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                if (json.TokenType != JsonTokenType.String || !json.ValueTextEquals("Point"u8)) return null;
                isPoint = true;
            }
            else if (json.ValueTextEquals("coordinates"u8))
            {
                if (ReadCoordinates(ref json) is not { } read) return null;
                point = read;
            }
            else if (!json.ValueTextEquals("crs"u8) || !SkipKnownSystem(ref json))
            {
                return null;
            }
        }
        return isPoint ? point : null;
    }

    public static void Write(Utf8JsonWriter json, JsonEncodedText name, GeoPoint point)
    {
        json.WritePropertyName(name);
        WriteValue(json, point);
    }

    public static void WriteValue(Utf8JsonWriter json, GeoPoint point)
    {
        json.WriteStartObject();
        json.WriteString(Type, Point);
        json.WriteStartArray(Coordinates);
        json.WriteNumberValue(point.Longitude);
        json.WriteNumberValue(point.Latitude);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static GeoPoint? ReadCoordinates(ref Utf8JsonReader json)
    {
        if (!json.Read() || json.TokenType != JsonTokenType.StartArray) return null;
        if (Degrees(ref json) is not { } longitude || Degrees(ref json) is not { } latitude) return null;
        if (!json.Read() || json.TokenType != JsonTokenType.EndArray) return null; // an altitude would be lost
        return GeoPoint.IsLatitude(latitude) && GeoPoint.IsLongitude(longitude) ? new GeoPoint(latitude, longitude) : null;
    }

    private static decimal? Degrees(ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetDecimal(out var degrees) ? degrees : null;

    // OData's own spelling of the one coordinate system there is.
    private static bool SkipKnownSystem(ref Utf8JsonReader json)
    {
        json.Read();
        using var system = JsonDocument.ParseValue(ref json);
        return system.RootElement.ValueKind == JsonValueKind.Object
            && system.RootElement.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            && properties.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            && name.ValueEquals("EPSG:4326"u8);
    }
}
