using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Engine.Metadata.Layers;

/// <summary>
/// Which lists have items that layers tell apart, and by which of their keys. All other lists are one value: a layer
/// leaves them as they are or replaces them.
/// </summary>
internal static class ItemIdentity
{
    /// <summary>By the key under which the list stands.</summary>
    private static readonly Dictionary<string, string> Keys = new(StringComparer.Ordinal)
    {
        ["x-choice"] = "value",
        ["values"] = "value",
        ["x-states"] = "value",
        ["statuses"] = "value",
        ["x-keys"] = "name",
        ["x-indexes"] = "name",
        ["tabs"] = "name",
        ["sections"] = "name",
        ["groups"] = "name",
        ["columns"] = "attribute",
        ["items"] = "entity",
    };

    /// <param name="list">Key under which the list stands.</param>
    /// <returns><c>null</c> when the list is one value.</returns>
    public static string? KeyOf(string list) => Keys.GetValueOrDefault(list);

    /// <summary>The identity of an item, as text; <c>null</c> when the item has none.</summary>
    public static string? Of(LayeredValue item, string key) => item.Find(key) is { Kind: JsonValueKind.String or JsonValueKind.Number } value
        ? value.Text ?? value.Place.Value.GetRawText()
        : null;

    /// <inheritdoc cref="Of(LayeredValue, string)"/>
    public static string? Of(JsonNode? item, string key) => item is JsonObject members && members[key] is JsonValue value && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number
        ? value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()
        : null;

    /// <summary>All items have an identity, each another one.</summary>
    public static bool TellsApart(JsonArray list, string key)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return list.All(item => Of(item, key) is { } identity && seen.Add(identity));
    }
}
