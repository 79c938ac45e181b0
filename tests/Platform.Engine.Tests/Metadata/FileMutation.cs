using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Metadata;

/// <summary>Random changes to the files of packs: some sensible, some that must be refused.</summary>
internal sealed class FileMutation(Random random)
{
    private int made;

    /// <returns>The packs after one to three changes, and what was done.</returns>
    public (IReadOnlyList<PackFiles> Packs, string What) Apply(IReadOnlyList<PackFiles> packs)
    {
        var changed = packs.ToArray();
        var what = new List<string>();
        for (var count = random.Next(1, 4); count > 0; count--)
        {
            // The upper packs are small, and tied to each other and to core in every way.
            var at = Math.Max(random.Next(changed.Length), random.Next(changed.Length));
            var files = changed[at].Files;
            // Most of what people change are tables.
            var tables = files.Keys.Where(path => path.EndsWith("/entity.json", StringComparison.Ordinal)).ToList();
            var paths = random.Next(4) > 0 ? tables : [.. files.Keys.Where(path => path.EndsWith(".json", StringComparison.Ordinal))];
            if (paths.Count == 0) continue;
            var path = paths[random.Next(paths.Count)];
            files = random.Next(13) switch
            {
                0 => files.Remove(path),
                1 or 2 or 3 or 4 when tables.Contains(path) => files.SetItem(path, WithColumn(files[path])),
                5 or 6 when tables.Contains(path) => files.SetItem(path, WithoutColumn(files[path])),
                _ => files.SetItem(path, WithChange(files[path])),
            };
            what.Add($"{changed[at].Origin}/{path}: {files.GetValueOrDefault(path) ?? "removed"}");
            changed[at] = changed[at] with { Files = files };
        }

        return (changed, string.Join(Environment.NewLine, what));
    }

    private string WithColumn(string text)
    {
        var table = JsonNode.Parse(text)!;
        var name = $"trp_new{made++}";
        JsonNode column = random.Next(5) switch
        {
            0 => JsonNode.Parse("""{ "type": "string", "title": "New" }""")!,
            1 => JsonNode.Parse("""{ "type": "number", "x-kind": "money", "title": "New" }""")!,
            2 => JsonNode.Parse($$"""{ "x-lookup": { "targets": ["{{Pick(["account", "contact", "trp_trip", "loy_card"])}}"] }, "title": "New" }""")!,
            3 => JsonNode.Parse("""{ "type": "integer", "x-choice": "trp_class", "title": "New" }""")!,
            _ => JsonNode.Parse($$"""{ "type": "number", "x-precision": 3, "x-formula": "{{Pick(["trp_distance add 1", "trp_tripid/trp_distance", "trp_budget mul 2"])}}", "title": "New" }""")!,
        };
        if (table["properties"] is JsonObject columns) columns[name] = column;
        return table.ToJsonString();
    }

    private string WithoutColumn(string text)
    {
        var table = JsonNode.Parse(text)!;
        if (table["properties"] is JsonObject { Count: > 0 } columns) columns.RemoveAt(random.Next(columns.Count));
        return table.ToJsonString();
    }

    private string WithChange(string text)
    {
        var root = JsonNode.Parse(text)!;
        var parts = Below(root).ToList();
        if (parts.Count == 0) return text;
        var part = parts[random.Next(parts.Count)];
        switch (random.Next(4))
        {
            case 0 when part.Parent is JsonObject parent:
                parent.Remove(part.GetPropertyName());
                break;
            case 1 when part.Parent is JsonArray list:
                list.Remove(part);
                break;
            case 2 when part.Parent is JsonObject parent:
                parent.TryAdd($"trp_copy{made++}", part.DeepClone());
                break;
            default:
                Replace(part, parts);
                break;
        }

        return root.ToJsonString();
    }

    private void Replace(JsonNode part, List<JsonNode> others)
    {
        if (part is not JsonValue value) return;
        JsonNode next = value.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String when random.Next(2) == 0 => $"{value.GetValue<string>()}x",
            System.Text.Json.JsonValueKind.String => others.OfType<JsonValue>().First(other => other.GetValueKind() == System.Text.Json.JsonValueKind.String).DeepClone(),
            System.Text.Json.JsonValueKind.Number => JsonNode.Parse((random.Next(100)).ToString(CultureInfo.InvariantCulture))!,
            System.Text.Json.JsonValueKind.True => false,
            _ => true,
        };
        value.ReplaceWith(next);
    }

    private static IEnumerable<JsonNode> Below(JsonNode node)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(child => Below(child).Prepend(child));
    }

    private string Pick(string[] choices) => choices[random.Next(choices.Length)];
}
