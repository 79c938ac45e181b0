using System.Globalization;
using System.Text.Json;
using Platform.OData.Reading;
using Platform.Sdk;

namespace Platform.OData.Writing;

/// <summary>Writes values as records hold them; references and rows are the matter of whoever writes them.</summary>
internal static class ValueJson
{
    /// <returns>False when it is no such value.</returns>
    public static bool TryWrite(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case double number: json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture)); break;
            case DateTime time: json.WriteStringValue(time); break;
            case DateOnly day: json.WriteStringValue(day.ToString("O", CultureInfo.InvariantCulture)); break;
            case Guid id: json.WriteStringValue(id); break;
            case ChoiceValues choices: json.WriteStringValue(choices.ToString()); break;
            case GeoPoint point: GeoJson.WriteValue(json, point); break;
            default: return false;
        }
        return true;
    }
}
