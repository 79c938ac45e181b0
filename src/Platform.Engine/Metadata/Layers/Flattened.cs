using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Engine.Metadata.Layers;

/// <summary>The properties of a component one by one, so that layers can be compared.</summary>
internal static class Flattened
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] Unseen = [Overlay.Extends, "$schema", "$comment"];

    /// <summary>
    /// Values by pointer (RFC 6901; items that layers tell apart stand under their identity instead of their index), as
    /// JSON. A property that a layer takes away has the text <c>null</c>.
    /// </summary>
    public static SortedDictionary<string, string> Of(JsonNode? component)
    {
        var properties = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (component is not null) Add(properties, "", "", component);
        return properties;
    }

    public static string Text(JsonNode? value) => value?.ToJsonString(Readable) ?? "null";

    /// <summary>An edit of a list of texts, which goes with whatever the layers below have.</summary>
    public static bool IsEdit(JsonNode? value) => value is JsonObject { Count: > 0 } edit && edit.All(member => member.Key is Overlay.Add or Overlay.Remove);

    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>The names that a pointer is made of.</summary>
    public static string[] PathOf(string pointer) =>
        [.. pointer.Split('/').Skip(1).Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];

    private static void Add(SortedDictionary<string, string> properties, string pointer, string name, JsonNode? value)
    {
        if (value is JsonObject members && members.Count > 0 && !IsEdit(value))
        {
            foreach (var (key, member) in members.Where(member => !Unseen.Contains(member.Key))) Add(properties, $"{pointer}/{Escape(key)}", key, member);
        }
        else if (value is JsonArray { Count: > 0 } list && ItemIdentity.KeyOf(name) is { } identity && ItemIdentity.TellsApart(list, identity))
        {
            foreach (var item in list) Add(properties, $"{pointer}/{Escape(ItemIdentity.Of(item, identity)!)}", "", item);
        }
        else
        {
            properties[pointer] = Text(value);
        }
    }
}
