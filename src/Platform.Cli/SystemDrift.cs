using System.Text.Json.Nodes;

namespace Platform.Cli;

/// <summary>Differences of two systems.</summary>
/// <param name="Packs"><c>{ "pack", "a", "b" }</c>: versions, <c>null</c> where a system has none.</param>
/// <param name="Components">
/// <c>{ "component", "pack", "drift", "properties" }</c>; drift is <c>onlyA</c>, <c>onlyB</c> or <c>different</c>, and then each
/// property is <c>{ "pointer", "a", "b" }</c> with <c>{ "value", "layer" }</c> on both sides, or <c>null</c>.
/// </param>
internal sealed record SystemDrift(JsonArray Packs, JsonArray Components)
{
    public bool IsNone => Packs.Count == 0 && Components.Count == 0;

    /// <param name="a">Answer of <c>GET /api/platform/components</c>.</param>
    /// <param name="b">That of the other system.</param>
    public static SystemDrift Between(JsonNode a, JsonNode b) => new(ComparePacks(a, b), CompareComponents(a, b));

    /// <summary>For programs that read it.</summary>
    public JsonObject ToJson(Uri a, Uri b) => new() { ["a"] = a.ToString(), ["b"] = b.ToString(), ["packs"] = Packs, ["components"] = Components };

    private static JsonArray ComparePacks(JsonNode a, JsonNode b)
    {
        var (left, right) = (By(a, "packs", "id"), By(b, "packs", "id"));
        var packs = new JsonArray();
        foreach (var id in Names(left, right))
        {
            var (mine, theirs) = ((string?)left.GetValueOrDefault(id)?["version"], (string?)right.GetValueOrDefault(id)?["version"]);
            if (mine != theirs) packs.Add(new JsonObject { ["pack"] = id, ["a"] = mine, ["b"] = theirs });
        }

        return packs;
    }

    private static JsonArray CompareComponents(JsonNode a, JsonNode b)
    {
        var (left, right) = (By(a, "components", "component"), By(b, "components", "component"));
        var components = new JsonArray();
        foreach (var name in Names(left, right))
        {
            var (mine, theirs) = (left.GetValueOrDefault(name), right.GetValueOrDefault(name));
            var properties = mine is null || theirs is null ? [] : Compare(name, mine, theirs);
            if (mine is not null && theirs is not null && properties.Count == 0) continue;
            components.Add(new JsonObject
            {
                ["component"] = name,
                ["pack"] = (string?)(mine ?? theirs)!["pack"],
                ["drift"] = mine is null ? "onlyB" : theirs is null ? "onlyA" : "different",
                ["properties"] = properties,
            });
        }

        return components;
    }

    private static JsonArray Compare(string component, JsonNode a, JsonNode b)
    {
        var (left, right) = (By(a, "properties", "pointer"), By(b, "properties", "pointer"));
        var properties = new JsonArray();
        foreach (var pointer in Names(left, right))
        {
            var (mine, theirs) = (left.GetValueOrDefault(pointer), right.GetValueOrDefault(pointer));
            // Versions of packs are compared as such.
            if ((string?)mine?["value"] == (string?)theirs?["value"] || (pointer == "/version" && component.StartsWith("pack/", StringComparison.Ordinal))) continue;
            properties.Add(new JsonObject { ["pointer"] = pointer, ["a"] = Side(mine), ["b"] = Side(theirs) });
        }

        return properties;
    }

    private static JsonObject? Side(JsonNode? property) =>
        property is null ? null : new JsonObject { ["value"] = (string?)property["value"], ["layer"] = (string?)property["layer"] };

    private static Dictionary<string, JsonNode> By(JsonNode node, string list, string key) =>
        PlanText.List(node, list).ToDictionary(item => (string)item[key]!, StringComparer.Ordinal);

    private static IEnumerable<string> Names(Dictionary<string, JsonNode> a, Dictionary<string, JsonNode> b) =>
        a.Keys.Union(b.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
}
