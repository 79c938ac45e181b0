using System.Text.Json.Nodes;
using Platform.Engine.Metadata;

namespace Platform.OData.Export;

/// <summary>
/// The JSON Schema (draft 2020-12) of a table's rows as all layers together make them, in the words of JSON Schema
/// alone: the system's columns among them, the values of choices listed, nothing else allowed.
/// </summary>
internal static class SchemaDocument
{
    public static JsonObject Of(EntityDefinition entity)
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = entity.Title.English,
            ["type"] = "object",
            ["properties"] = new JsonObject(entity.Attributes.Select(attribute => KeyValuePair.Create(attribute.LogicalName, (JsonNode?)Property(attribute)))),
            ["required"] = new JsonArray([entity.PrimaryId.LogicalName, .. entity.Attributes.Where(attribute => attribute.Required).Select(attribute => (JsonNode)attribute.LogicalName)]),
            ["additionalProperties"] = false,
        };
        if (entity.Description is { } description) schema["description"] = description.English;
        return schema;
    }

    private static JsonObject Property(AttributeDefinition attribute)
    {
        var property = new JsonObject { ["title"] = attribute.Title.English };
        if (attribute.Description is { } description) property["description"] = description.English;
        Describe(property, attribute);
        return property;
    }

    private static void Describe(JsonObject property, AttributeDefinition attribute)
    {
        switch (attribute.Kind)
        {
            case AttributeKind.String:
                Text(property, attribute.MaxLength);
                if (attribute.PatternText is { } pattern) property["pattern"] = pattern;
                // E-mail and address formats say how a text is shown, not what may be stored.
                break;
            case AttributeKind.Memo:
                Text(property, attribute.MaxLength);
                break;
            case AttributeKind.Integer:
                property["type"] = "integer";
                Range(property, attribute, int.MinValue, int.MaxValue);
                break;
            case AttributeKind.BigInt:
                property["type"] = "integer";
                break;
            case AttributeKind.Decimal or AttributeKind.Money or AttributeKind.Double:
                property["type"] = "number";
                Range(property, attribute, null, null);
                break;
            case AttributeKind.Boolean:
                property["type"] = "boolean";
                break;
            case AttributeKind.DateTime:
                (property["type"], property["format"]) = ("string", "date-time");
                break;
            case AttributeKind.DateOnly:
                (property["type"], property["format"]) = ("string", "date");
                break;
            case AttributeKind.UniqueIdentifier or AttributeKind.File or AttributeKind.Image:
                (property["type"], property["format"]) = ("string", "uuid");
                break;
            case AttributeKind.Choice or AttributeKind.State or AttributeKind.Status:
                property["type"] = "integer";
                property["oneOf"] = Options(attribute);
                break;
            case AttributeKind.MultiChoice:
                property["type"] = "array";
                property["items"] = new JsonObject { ["type"] = "integer", ["oneOf"] = Options(attribute) };
                (property["minItems"], property["uniqueItems"]) = (1, true);
                break;
            case AttributeKind.Lookup:
                Reference(property, attribute);
                break;
            case AttributeKind.GeoPoint:
                Point(property);
                break;
            default:
                throw new InvalidOperationException($"Attribute kind {attribute.Kind} has no JSON Schema.");
        }
    }

    private static void Text(JsonObject property, int maxLength) => (property["type"], property["maxLength"]) = ("string", maxLength);

    private static void Range(JsonObject property, AttributeDefinition attribute, decimal? least, decimal? most)
    {
        if ((attribute.Minimum ?? least) is { } minimum) property["minimum"] = minimum;
        if ((attribute.Maximum ?? most) is { } maximum) property["maximum"] = maximum;
    }

    private static JsonArray Options(AttributeDefinition attribute) =>
        new([.. attribute.Options.Select(option => (JsonNode)new JsonObject { ["const"] = option.Value, ["title"] = option.Label.English })]);

    /// <summary>GeoJSON: the longitude first.</summary>
    private static void Point(JsonObject property)
    {
        property["type"] = "object";
        property["properties"] = new JsonObject
        {
            ["type"] = new JsonObject { ["const"] = "Point" },
            ["coordinates"] = new JsonObject
            {
                ["type"] = "array",
                ["prefixItems"] = new JsonArray(Degrees(180), Degrees(90)),
                ["minItems"] = 2,
                ["maxItems"] = 2,
            },
        };
        property["required"] = new JsonArray("type", "coordinates");
        property["additionalProperties"] = false;

        static JsonObject Degrees(int most) => new() { ["type"] = "number", ["minimum"] = -most, ["maximum"] = most };
    }

    private static void Reference(JsonObject property, AttributeDefinition attribute)
    {
        property["type"] = "object";
        property["properties"] = new JsonObject
        {
            ["entity"] = new JsonObject { ["enum"] = new JsonArray([.. attribute.Lookup!.Targets.Select(target => (JsonNode)target)]) },
            ["id"] = new JsonObject { ["type"] = "string", ["format"] = "uuid" },
        };
        property["required"] = new JsonArray("entity", "id");
        property["additionalProperties"] = false;
    }
}
