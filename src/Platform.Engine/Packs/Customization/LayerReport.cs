using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Packs.Customization;

/// <summary>Tells which layer says what about a component.</summary>
internal static class LayerReport
{
    /// <param name="packs">In install order.</param>
    /// <exception cref="PlatformException">There is no such component.</exception>
    public static ComponentLayers Of(PackSet packs, string component)
    {
        var effective = ComponentSet.Of(packs);
        if (effective.Find(component) is not { } whole)
            throw Errors.UnknownComponent(component, Metadata.Compiling.Spelling.Hint(component, effective.Addresses, "Components are named as in plans: entity/account, attribute/account/name."));
        var holds = Flattened.Of(whole);
        var layers = new List<(string Pack, SortedDictionary<string, string> Says)>();
        foreach (var (id, pack) in packs.Packs)
        {
            var says = Flattened.Of(ComponentSet.OfLayer(id, pack).Find(component));
            foreach (var (pointer, label) in LabelsOf(LabelFiles(pack), component)) says[pointer] = holds[pointer] = label;
            if (says.Count > 0) layers.Add((id, says));
        }

        var pointers = layers.SelectMany(layer => layer.Says.Keys).Concat(holds.Keys).Where(pointer => !pointer.EndsWith($"/{Overlay.After}", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new ComponentLayers(component, [.. layers.Select(layer => layer.Pack)], [.. pointers.Select(pointer => Property(pointer, holds, layers)).OfType<LayeredProperty>()]);
    }

    private static LayeredProperty? Property(string pointer, SortedDictionary<string, string> holds, List<(string Pack, SortedDictionary<string, string> Says)> layers)
    {
        ImmutableArray<LayerValue> values = [.. from layer in layers where layer.Says.ContainsKey(pointer) select new LayerValue(layer.Pack, Present(layer.Says[pointer]))];
        // A part of a list that a layer replaced or edited as a whole.
        return values.IsEmpty ? null : new LayeredProperty(pointer, Present(holds.GetValueOrDefault(pointer)), values[^1].Layer, values);
    }

    private static string? Present(string? json) => json == "null" ? null : json;

    /// <summary>The label files of a pack, parsed; those of its own app stand where other packs have them.</summary>
    public static ImmutableArray<(string Language, JsonNode? Labels)> LabelFiles(PackFiles pack) =>
        [.. pack.Files.Where(file => file.Key.StartsWith("labels/", StringComparison.Ordinal)).Select(file => (Path.GetFileNameWithoutExtension(file.Key), WithOwnApp(ComponentSet.Parse(file.Value), pack)))];

    private static JsonNode? WithOwnApp(JsonNode? labels, PackFiles pack)
    {
        if (labels is not JsonObject groups || groups["app"] is not JsonObject own || new LayerDocuments(pack).OwnApp is not { } name) return labels;
        groups.Remove("app");
        if (groups["apps"] is not JsonObject apps) groups["apps"] = apps = [];
        apps[name] = own;
        return labels;
    }

    /// <summary>The labels of a component as properties of it.</summary>
    public static IEnumerable<(string Pointer, string Label)> LabelsOf(ImmutableArray<(string Language, JsonNode? Labels)> files, string component)
    {
        if (ComponentAddress.TryParse(component) is not { } address) yield break;
        foreach (var (language, pointer, label) in LabelsAt(files, address)) yield return ($"/labels/{language}{pointer}", label);
    }

    /// <summary>The labels of a component by language and pointer below it, as JSON.</summary>
    public static IEnumerable<(string Language, string Pointer, string Label)> LabelsAt(ImmutableArray<(string Language, JsonNode? Labels)> files, ComponentAddress address)
    {
        foreach (var (language, labels) in files)
        {
            var at = labels;
            foreach (var part in address.LabelPath) at = (at as JsonObject)?[part];
            if (at is null) continue;
            // Those of a table's columns, forms and views belong to these.
            if (address.Kind == "entity" && at is JsonObject table) at = new JsonObject(table.Where(member => member.Value is JsonValue || member.Key is "states" or "statuses").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone())));
            foreach (var (pointer, label) in Flattened.Of(at)) yield return (language, pointer, label);
        }
    }
}
