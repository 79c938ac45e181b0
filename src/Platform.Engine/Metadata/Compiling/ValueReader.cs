using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Platform.Sdk;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads a JSON value as the value of a column: defaults and seed rows.</summary>
internal sealed partial class ValueReader(MetadataDraft draft, PackDraft pack)
{
    /// <summary>The value in the column's .NET type; reports one that does not fit and returns <c>null</c>.</summary>
    public object? Read(AttributeDraft attribute, JsonNode node)
    {
        switch (attribute.Kind)
        {
            case null:
                return null;
            case AttributeKind.String or AttributeKind.Memo:
                return ReadText(attribute, node);
            case AttributeKind.Integer:
                return node.Value.ValueKind == JsonValueKind.Number && node.Value.TryGetInt32(out var integer)
                    ? InRange(attribute, node, integer, integer)
                    : Wrong(node, "a whole number of 32 bits");
            case AttributeKind.BigInt:
                return node.Value.ValueKind == JsonValueKind.Number && node.Value.TryGetInt64(out var big) ? big : Wrong(node, "a whole number of 64 bits");
            case AttributeKind.Decimal or AttributeKind.Money:
                return ReadDecimal(attribute, node);
            case AttributeKind.Double:
                return ReadDouble(attribute, node);
            case AttributeKind.Boolean:
                return node.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? node.Value.GetBoolean() : Wrong(node, "true or false");
            case AttributeKind.DateTime:
                return ReadDateTime(node);
            case AttributeKind.DateOnly:
                return node.IsText && DateOnly.TryParseExact(node.Value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
                    ? date
                    : Wrong(node, "a date as \"2026-01-31\"");
            case AttributeKind.UniqueIdentifier:
                return node.IsText && node.Value.TryGetGuid(out var id) ? id : Wrong(node, "a UUID as \"6a9ce0a4-2f5b-4c8e-9d1a-7b3e5f8c2a10\"");
            case AttributeKind.Lookup:
                return ReadReference(attribute, node);
            case AttributeKind.File or AttributeKind.Image:
                node.Fail("Files and images are not part of a file of rows.", "Take it out; users upload them.");
                return null;
            case AttributeKind.GeoPoint:
                return ReadPoint(node);
            case AttributeKind.MultiChoice:
                return ReadOptions(attribute, node);
            default:
                return ReadOption(attribute, node);
        }
    }

    private static object? Wrong(JsonNode node, string expected)
    {
        node.Fail($"The column expects {expected}, found {node.Found}.", $"Write {expected}.");
        return null;
    }

    private static string? ReadText(AttributeDraft attribute, JsonNode node)
    {
        if (!node.IsText) return (string?)Wrong(node, "a text in double quotes");
        var text = node.Value.GetString()!;
        if (text.Length > attribute.MaxLength)
        {
            node.Fail($"The text has {text.Length} characters, the column holds {attribute.MaxLength}.", "Shorten the text, or raise maxLength.");
            return null;
        }

        if (attribute.Pattern is null || Matches(attribute.Pattern, text)) return text;
        node.Fail($"The text does not match the column's pattern {attribute.PatternText}.", "Write a text of that form.");
        return null;
    }

    private static bool Matches(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static object? ReadDecimal(AttributeDraft attribute, JsonNode node)
    {
        if (node.Value.ValueKind != JsonValueKind.Number || !node.Value.TryGetDecimal(out var number)) return Wrong(node, "a number");
        if (decimal.Round(number, attribute.Precision) == number) return InRange(attribute, node, number, number);
        node.Fail($"{number} has more than {attribute.Precision} digits after the decimal point.", "Round it, or raise x-precision.");
        return null;
    }

    private static object? ReadDouble(AttributeDraft attribute, JsonNode node)
    {
        if (node.Value.ValueKind != JsonValueKind.Number || !node.Value.TryGetDouble(out var number) || !double.IsFinite(number)) return Wrong(node, "a number");
        return (double?)attribute.Minimum > number || (double?)attribute.Maximum < number ? OutOfRange(attribute, node) : number;
    }

    private static object? InRange(AttributeDraft attribute, JsonNode node, decimal number, object value) =>
        number < attribute.Minimum || number > attribute.Maximum ? OutOfRange(attribute, node) : value;

    private static object? OutOfRange(AttributeDraft attribute, JsonNode node)
    {
        node.Fail($"{node.Found} is outside the column's range.", $"It holds {Bound(attribute.Minimum)} to {Bound(attribute.Maximum)}.");
        return null;
    }

    private static string Bound(decimal? bound) => bound?.ToString(CultureInfo.InvariantCulture) ?? "any number";

    /// <summary>Whole seconds in UTC; a text without offset is refused, because it would mean another time on every server.</summary>
    private static object? ReadDateTime(JsonNode node)
    {
        const string expected = "a point in time as \"2026-01-31T09:30:00Z\"";
        if (!node.IsText || !PointInTime().IsMatch(node.Value.GetString()!) || !node.Value.TryGetDateTimeOffset(out var time)) return Wrong(node, expected);
        var utc = time.UtcDateTime;
        return utc.AddTicks(-(utc.Ticks % TimeSpan.TicksPerSecond));
    }

    private static object? ReadOption(AttributeDraft attribute, JsonNode node)
    {
        if (node.Value.ValueKind != JsonValueKind.Number || !node.Value.TryGetInt32(out var value)) return Wrong(node, "the number of a value of its choice");
        // A global choice that could not be read has no values to compare with.
        if (attribute.Options.IsEmpty || attribute.Options.Any(option => option.Value == value)) return value;
        node.Fail($"The choice has no value {value}.", $"Its values are {string.Join(", ", attribute.Options.Select(option => $"{option.Value} ({option.Label.English})"))}.");
        return null;
    }

    private static object? ReadOptions(AttributeDraft attribute, JsonNode node)
    {
        if (!node.IsArray) return Wrong(node, "an array of values of its choice");
        var values = node.Items().Select(item => ReadOption(attribute, item)).OfType<int>().ToArray();
        return values.Length == 0 ? null : new ChoiceValues(values);
    }

    private static object? ReadPoint(JsonNode node)
    {
        const string form = "a point as { \"type\": \"Point\", \"coordinates\": [126.978, 37.5665] }, the longitude first";
        if (node.Value.ValueKind != JsonValueKind.Object) return Wrong(node, form);
        if (JsonObject.Open(node) is not { } point) return null;
        var type = point.Demand("type", form);
        var coordinates = point.Demand("coordinates", form);
        point.Close();
        if (type is null || coordinates is null) return null;
        if (!type.IsText || type.Value.GetString() != "Point") return Wrong(type, "\"Point\"");
        var degrees = coordinates.IsArray ? coordinates.Items().Select(item => item.Value.ValueKind == JsonValueKind.Number && item.Value.TryGetDecimal(out var number) ? number : (decimal?)null).ToArray() : [];
        return degrees is [{ } longitude, { } latitude] && GeoPoint.IsLongitude(longitude) && GeoPoint.IsLatitude(latitude)
            ? new GeoPoint(latitude, longitude)
            : Wrong(coordinates, "two numbers: the longitude, -180 to 180, and the latitude, -90 to 90");
    }

    private SeedReference? ReadReference(AttributeDraft attribute, JsonNode node)
    {
        if (JsonObject.Open(node) is not { } reference) return null;
        const string form = "{ \"entity\": \"contact\", \"key\": { \"emailaddress1\": \"…\" } }";
        var entityNode = reference.Demand("entity", form);
        var key = JsonObject.Open(reference.Demand("key", form));
        reference.Close();
        if (entityNode?.AsText() is not { } name || key is null || attribute.Lookup is null) return null;
        if (!attribute.Lookup.Targets.Contains(name))
        {
            entityNode.Fail($"'{attribute.Name}' does not point to '{name}'.", Spelling.Hint(name, attribute.Lookup.Targets, ""));
            return null;
        }

        if (draft.Resolve(entityNode, name, pack) is not { } entity) return null;
        var values = ReadValues(entity, key);
        if (values.IsEmpty && !entity.Broken && !key.All().Any()) key.Node.Fail("A row is named by at least one value.", form);
        return new(name, values);
    }

    /// <summary>Values by column.</summary>
    public ImmutableDictionary<string, object?> ReadValues(EntityDraft entity, JsonObject row)
    {
        var values = ImmutableDictionary.CreateBuilder<string, object?>(StringComparer.Ordinal);
        foreach (var node in row.All())
        {
            if (entity.Find(node.Name) is not { } attribute)
            {
                if (!entity.Broken) node.Fail($"'{entity.Name}' has no column '{node.Name}'.", Spelling.Hint(node.Name, entity.Attributes.Select(known => known.Name), "Names are logical names, lower case."));
            }
            else if (attribute.Origin == AttributeOrigin.Engine)
            {
                node.Fail($"'{node.Name}' is set by the engine.", "Take it out.");
            }
            else
            {
                values[node.Name] = node.Value.ValueKind == JsonValueKind.Null ? null : Read(attribute, node);
            }
        }

        return values.ToImmutable();
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex PointInTime();
}
