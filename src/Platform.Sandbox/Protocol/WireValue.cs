using System.Collections;
using System.Globalization;
using System.Text.Json;
using Platform.Sdk;

namespace Platform.Sandbox.Protocol;

/// <summary>Values as they cross the process border: each arrives as the type it had (table "Values" of <c>PROTOCOL.md</c>).</summary>
internal static class WireValue
{
    private const string DateFormat = "yyyy-MM-dd";

    /// <exception cref="FrameException">The value has a type that does not cross the border.</exception>
    public static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); return;
            case string text: json.WriteStringValue(text); return;
            case bool flag: json.WriteBooleanValue(flag); return;
            case int number: json.WriteNumberValue(number); return;
            case Enum choice: json.WriteNumberValue(Convert.ToInt32(choice, CultureInfo.InvariantCulture)); return;
        }
        if (json.CurrentDepth > FrameFormat.MaximumDepth) throw FrameException.Unexpected("values nested that deep");
        json.WriteStartObject();
        WriteTagged(json, value);
        json.WriteEndObject();
    }

    private static void WriteTagged(Utf8JsonWriter json, object value)
    {
        switch (value)
        {
            case long number: json.WriteNumber("long"u8, number); break;
            case decimal number: json.WriteString("decimal"u8, number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: json.WriteString("double"u8, number.ToString("R", CultureInfo.InvariantCulture)); break;
            case DateTime time: json.WriteString("dateTime"u8, Portable(time).ToString("O", CultureInfo.InvariantCulture)); break;
            case DateOnly date: json.WriteString("date"u8, date.ToString(DateFormat, CultureInfo.InvariantCulture)); break;
            case Guid id: json.WriteString("guid"u8, id); break;
            case EntityReference reference:
                json.WritePropertyName("reference"u8);
                WriteReference(json, reference);
                break;
            case EntityRecord record:
                json.WritePropertyName("record"u8);
                WriteRecord(json, record);
                break;
            case PluginParameters parameters:
                json.WritePropertyName("parameters"u8);
                WriteValues(json, parameters.Values);
                break;
            case IEnumerable<KeyValuePair<string, object?>> values:
                json.WritePropertyName("parameters"u8);
                WriteValues(json, values);
                break;
            case ChoiceValues choices:
                json.WriteStartArray("choices"u8);
                foreach (var choice in choices) json.WriteNumberValue(choice);
                json.WriteEndArray();
                break;
            case GeoPoint point:
                json.WriteStartObject("point"u8);
                json.WriteNumber("latitude"u8, point.Latitude);
                json.WriteNumber("longitude"u8, point.Longitude);
                json.WriteEndObject();
                break;
            case IEnumerable list when value is not byte[]:
                json.WriteStartArray("list"u8);
                foreach (var item in list) Write(json, item);
                json.WriteEndArray();
                break;
            default:
                throw new FrameException($"A value of type {value.GetType().Name} cannot be handed between server and script.");
        }
    }

    /// <summary>Local time means nothing on the other side.</summary>
    private static DateTime Portable(DateTime time) => time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time;

    public static void WriteReference(Utf8JsonWriter json, EntityReference reference)
    {
        json.WriteStartArray();
        json.WriteStringValue(reference.LogicalName);
        json.WriteStringValue(reference.Id);
        json.WriteStringValue(reference.Name);
        json.WriteEndArray();
    }

    public static void WriteRecord(Utf8JsonWriter json, EntityRecord record)
    {
        json.WriteStartObject();
        json.WriteString("entity"u8, record.LogicalName);
        json.WriteString("id"u8, record.Id);
        if (record.Version is { } version) json.WriteNumber("version"u8, version);
        json.WritePropertyName("attributes"u8);
        WriteValues(json, record.Attributes);
        json.WriteEndObject();
    }

    public static void WriteValues(Utf8JsonWriter json, IEnumerable<KeyValuePair<string, object?>> values)
    {
        json.WriteStartObject();
        foreach (var (name, value) in values)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }
        json.WriteEndObject();
    }

    /// <summary>Reads the value on which the reader stands.</summary>
    public static object? Read(ref Utf8JsonReader json) => json.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.String => json.GetString(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Number => json.GetInt32(),
        JsonTokenType.StartObject => ReadTagged(ref json),
        var token => throw FrameException.Unexpected($"a {token} as a value"),
    };

    private static object ReadTagged(ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.PropertyName);
        object value;
        if (json.ValueTextEquals("decimal"u8)) value = decimal.Parse(json.NextString(), NumberStyles.Float, CultureInfo.InvariantCulture);
        else if (json.ValueTextEquals("guid"u8)) value = json.NextGuid();
        else if (json.ValueTextEquals("reference"u8)) value = ReadReference(ref json, advance: true);
        else if (json.ValueTextEquals("dateTime"u8)) value = DateTime.Parse(json.NextString(), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        else if (json.ValueTextEquals("date"u8)) value = DateOnly.ParseExact(json.NextString(), DateFormat, CultureInfo.InvariantCulture);
        else if (json.ValueTextEquals("double"u8)) value = double.Parse(json.NextString(), NumberStyles.Float, CultureInfo.InvariantCulture);
        else if (json.ValueTextEquals("long"u8)) value = json.NextInt64();
        else if (json.ValueTextEquals("record"u8)) value = ReadNextRecord(ref json);
        else if (json.ValueTextEquals("choices"u8)) value = ReadNextChoices(ref json);
        else if (json.ValueTextEquals("point"u8)) value = ReadNextPoint(ref json);
        else if (json.ValueTextEquals("list"u8)) value = ReadNextList(ref json);
        else if (json.ValueTextEquals("parameters"u8)) value = ReadNextParameters(ref json);
        else throw FrameException.Unexpected($"the value type '{json.GetString()}'");
        json.Next(JsonTokenType.EndObject);
        return value;
    }

    public static EntityReference ReadReference(ref Utf8JsonReader json, bool advance)
    {
        if (advance) json.Next(JsonTokenType.StartArray);
        var entity = json.NextString();
        var id = json.NextGuid();
        json.Read();
        var name = json.GetString();
        json.Next(JsonTokenType.EndArray);
        return name is null ? new(entity, id) : new EntityReference(entity, id) { Name = name };
    }

    private static EntityRecord ReadNextRecord(ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.StartObject);
        return ReadRecord(ref json);
    }

    /// <summary>Reads the record on whose opening brace the reader stands.</summary>
    public static EntityRecord ReadRecord(ref Utf8JsonReader json)
    {
        json.Property("entity"u8);
        var entity = json.NextString();
        json.Property("id"u8);
        var record = new EntityRecord(entity, json.NextGuid());
        json.Next(JsonTokenType.PropertyName);
        if (json.ValueTextEquals("version"u8))
        {
            record.Version = json.NextInt64();
            json.Next(JsonTokenType.PropertyName);
        }
        json.Next(JsonTokenType.StartObject);
        while (json.NextName() is { } name)
        {
            json.Read();
            record.Set(name, Read(ref json));
        }
        json.Next(JsonTokenType.EndObject);
        return record;
    }

    private static ChoiceValues ReadNextChoices(ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.StartArray);
        var values = new List<int>();
        while (json.Read() && json.TokenType == JsonTokenType.Number) values.Add(json.GetInt32());
        return new ChoiceValues(values);
    }

    private static GeoPoint ReadNextPoint(ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.StartObject);
        json.Property("latitude"u8);
        json.Next(JsonTokenType.Number);
        var latitude = json.GetDecimal();
        json.Property("longitude"u8);
        json.Next(JsonTokenType.Number);
        var longitude = json.GetDecimal();
        json.Next(JsonTokenType.EndObject);
        return GeoPoint.IsLatitude(latitude) && GeoPoint.IsLongitude(longitude) ? new GeoPoint(latitude, longitude) : throw FrameException.Unexpected("a point that is not on the earth");
    }

    private static List<object?> ReadNextList(ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.StartArray);
        var list = new List<object?>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) list.Add(Read(ref json));
        return list;
    }

    public static PluginParameters ReadNextParameters(ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.StartObject);
        return ReadParameters(ref json);
    }

    /// <summary>Reads the parameters on whose opening brace the reader stands.</summary>
    public static PluginParameters ReadParameters(ref Utf8JsonReader json)
    {
        var parameters = new PluginParameters();
        while (json.NextName() is { } name)
        {
            json.Read();
            parameters.Set(name, Read(ref json));
        }
        return parameters;
    }
}
