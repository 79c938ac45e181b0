using System.Text.Json;
using System.Text.Json.Serialization;

namespace Platform.OData.Metadata.Types;

/// <summary>Reads any JSON value as text: clients write <c>true</c> and <c>"true"</c>, a list and the text of a list.</summary>
internal sealed class AnyAsText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String) return reader.GetString();
        using var value = JsonDocument.ParseValue(ref reader);
        return value.RootElement.ValueKind == JsonValueKind.Null ? null : value.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
