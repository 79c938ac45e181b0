using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Packs;

/// <summary>The components that packs are made of, by address, so that two versions can be compared.</summary>
internal sealed class ComponentSet
{
    private static readonly string[] PartsOfEntity = ["properties", "required", "x-keys", "x-indexes", "x-extends", "$schema", "type"];

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static volatile Merged? lastMerged;

    private readonly SortedDictionary<string, Component> byAddress = new(StringComparer.Ordinal);

    /// <param name="others">Files that stand here as they are are passed over: their components are the same.</param>
    private ComponentSet(IEnumerable<(string Id, PackFiles Pack)> packs, IEnumerable<(string Id, PackFiles Pack)>? others = null)
    {
        foreach (var (id, pack) in packs)
        {
            var same = others?.FirstOrDefault(entry => entry.Id == id).Pack?.Files;
            if (ReferenceEquals(same, pack.Files)) continue;
            foreach (var (path, text) in pack.Files)
            {
                if (same is null || !same.TryGetValue(path, out var other) || other != text) Add(id, path.Split('/'), path, text);
            }
        }
    }

    /// <summary>Components as all layers together make them.</summary>
    public static ComponentSet Of(PackSet packs) => new(EffectiveOf(packs));

    // What one publish leads to, the next one starts from: merging layers reads every file.
    private static ImmutableArray<(string Id, PackFiles Pack)> EffectiveOf(PackSet packs)
    {
        if (lastMerged is { } last && last.Fingerprint == packs.Fingerprint) return last.Packs;
        var merged = new Merged(packs.Fingerprint, EffectiveFiles.Of(packs.Files));
        lastMerged = merged;
        return merged.Packs;
    }

    /// <summary>What one layer says: its own components, and its part in those of others.</summary>
    public static ComponentSet OfLayer(string id, PackFiles pack) => new([(id, pack)]);

    public IEnumerable<string> Addresses => byAddress.Keys;

    /// <summary>The content of a component; not to be changed.</summary>
    public JsonNode? Find(string address) => byAddress.GetValueOrDefault(address)?.Content;

    /// <summary>The pack that declares a component.</summary>
    public string? PackOf(string address) => byAddress.GetValueOrDefault(address)?.Pack;

    /// <summary>What became of the components of one set in the other, by address.</summary>
    public static ImmutableArray<ComponentChange> Changes(PackSet old, PackSet next)
    {
        var (one, other) = (EffectiveOf(old), EffectiveOf(next));
        var (before, after) = (new ComponentSet(one, other).byAddress, new ComponentSet(other, one).byAddress);
        var changes = ImmutableArray.CreateBuilder<ComponentChange>();
        foreach (var address in before.Keys.Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (was, is_) = (before.GetValueOrDefault(address), after.GetValueOrDefault(address));
            if (was is null) changes.Add(new(address, ComponentChangeKind.Added, is_!.Pack, []));
            else if (is_ is null) changes.Add(new(address, ComponentChangeKind.Removed, was.Pack, []));
            else if (!JsonNode.DeepEquals(was.Content, is_.Content)) changes.Add(new(address, ComponentChangeKind.Changed, is_.Pack, Differences(was.Content, is_.Content)));
        }
        return changes.ToImmutable();
    }

    private void Add(string pack, string[] parts, string path, string text)
    {
        switch (parts)
        {
            case [PackSet.Manifest]:
                Put($"pack/{pack}", pack, Parse(text));
                break;
            case ["entities", var entity, "entity.json"]:
                AddEntity(pack, entity, Parse(text) as JsonObject ?? []);
                break;
            case ["apis", var api, "api.json"]:
                Put($"api/{api}", pack, Parse(text));
                break;
            case ["entities" or "apis", var owner, "steps.json"]:
                foreach (var (name, step) in Named((Parse(text) as JsonObject)?["steps"])) Put($"step/{owner}/{name}", pack, step);
                break;
            case ["entities", var entity, "forms" or "views", var file]:
                Put($"{parts[2][..^1]}/{entity}/{Path.GetFileNameWithoutExtension(file)}", pack, Parse(text));
                break;
            case ["entities" or "apis", var owner, var script]:
                Put($"script/{owner}/{script}", pack, JsonValue.Create(text));
                break;
            case ["choices" or "relationships" or "roles", var file]:
                Put($"{parts[0][..^1]}/{Path.GetFileNameWithoutExtension(file)}", pack, Parse(text));
                break;
            case ["app", _]:
                var app = Parse(text) as JsonObject;
                Put($"app/{Text(app?[Overlay.Extends]) ?? Text(app?["name"]) ?? pack}", pack, app ?? Parse(text));
                break;
            default:
                Put($"file/{pack}/{path}", pack, Parse(text));
                break;
        }
    }

    private void AddEntity(string pack, string entity, JsonObject file)
    {
        var required = (file["required"] as JsonArray ?? []).Select(Text).ToHashSet(StringComparer.Ordinal);
        foreach (var (name, column) in file["properties"] as JsonObject ?? [])
        {
            var copy = column?.DeepClone();
            if (copy is JsonObject properties)
            {
                if (required.Contains(name)) properties["required"] = true;
                // In a part of a column of another layer.
                if (properties["x-required"] is { } demanded) properties["required"] = demanded.DeepClone();
                properties.Remove("x-required");
            }
            Put($"attribute/{entity}/{name}", pack, copy);
        }
        foreach (var (name, key) in Named(file["x-keys"])) Put($"key/{entity}/{name}", pack, key);
        foreach (var (name, index) in Named(file["x-indexes"])) Put($"index/{entity}/{name}", pack, index);

        var head = new JsonObject(file.Where(member => !PartsOfEntity.Contains(member.Key)).Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
        if (head.Count > 0) Put($"entity/{entity}", pack, head);
    }

    private void Put(string address, string pack, JsonNode? content) => byAddress[address] = new Component(pack, content);

    private static IEnumerable<(string Name, JsonNode? Content)> Named(JsonNode? list) =>
        (list as JsonArray ?? []).OfType<JsonObject>().Select((item, at) => (Text(item["name"]) ?? at.ToString(System.Globalization.CultureInfo.InvariantCulture), (JsonNode?)item));

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A file as a value. One that cannot be read is its text; the compiler says what is wrong with it.</summary>
    public static JsonNode? Parse(string text)
    {
        try
        {
            var node = JsonNode.Parse(text);
            // A key that stands twice is found only when an object is looked into.
            _ = node?.DeepClone();
            return node;
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            return JsonValue.Create(text);
        }
    }

    private static ImmutableArray<PropertyChange> Differences(JsonNode? old, JsonNode? next)
    {
        if (old is not JsonObject && next is not JsonObject) return [];
        var changes = ImmutableArray.CreateBuilder<PropertyChange>();
        Compare("", old, next, changes);
        return changes.ToImmutable();
    }

    private static void Compare(string pointer, JsonNode? old, JsonNode? next, ImmutableArray<PropertyChange>.Builder changes)
    {
        if (old is JsonObject before && next is JsonObject after)
        {
            foreach (var name in before.Select(member => member.Key).Union(after.Select(member => member.Key), StringComparer.Ordinal))
                Compare($"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}", before[name], after[name], changes);
        }
        else if (!JsonNode.DeepEquals(old, next))
        {
            changes.Add(new PropertyChange(pointer, old?.ToJsonString(Readable), next?.ToJsonString(Readable)));
        }
    }

    private sealed record Component(string Pack, JsonNode? Content);

    private sealed record Merged(string Fingerprint, ImmutableArray<(string Id, PackFiles Pack)> Packs);
}
