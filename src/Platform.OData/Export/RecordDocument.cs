using System.Globalization;
using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.OData.Export;

/// <summary>
/// A row as the table's JSON Schema describes it: a property for each column that has a value, under the column's name.
/// Lookups are <c>{ "entity", "id" }</c>, several values of a choice an array of numbers.
/// </summary>
internal static class RecordDocument
{
    public static void Write(Utf8JsonWriter json, EntityDefinition entity, EntityRecord record)
    {
        json.WriteStartObject();
        json.WriteString(entity.PrimaryId.LogicalName, record.Id);
        foreach (var attribute in entity.Attributes)
        {
            // The schema of a column says what a value is; a column without one is not there.
            if (attribute == entity.PrimaryId || record[attribute.LogicalName] is not { } value) continue;
            json.WritePropertyName(attribute.LogicalName);
            WriteValue(json, value);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int number:
                json.WriteNumberValue(number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case double number:
                json.WriteNumberValue(number);
                break;
            case DateTime time:
                json.WriteStringValue(time);
                break;
            case DateOnly date:
                json.WriteStringValue(date.ToString("O", CultureInfo.InvariantCulture));
                break;
            case Guid id:
                json.WriteStringValue(id);
                break;
            case EntityReference row:
                json.WriteStartObject();
                json.WriteString("entity", row.LogicalName);
                json.WriteString("id", row.Id);
                json.WriteEndObject();
                break;
            case ChoiceValues choices:
                json.WriteStartArray();
                foreach (var choice in choices) json.WriteNumberValue(choice);
                json.WriteEndArray();
                break;
            case GeoPoint point:
                json.WriteStartObject();
                json.WriteString("type", "Point");
                json.WriteStartArray("coordinates");
                json.WriteNumberValue(point.Longitude);
                json.WriteNumberValue(point.Latitude);
                json.WriteEndArray();
                json.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"A value of type {value.GetType().Name} has no form in an exported row.");
        }
    }
}
