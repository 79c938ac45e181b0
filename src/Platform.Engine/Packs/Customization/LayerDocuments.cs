using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Packs.Customization;

/// <summary>The files of one layer while they are edited, component by component.</summary>
/// <param name="files">The layer as it is.</param>
internal sealed class LayerDocuments(PackFiles files)
{
    private const string Required = "required", OverlayRequired = "x-required";

    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true, NewLine = "\n" };

    /// <summary>Keys of a table's file in the order in which they are written.</summary>
    private static readonly string[] OrderOfTable =
        ["$schema", "$comment", "title", "description", "type", "x-entity", Overlay.Extends, "x-states", "properties", Required, "x-keys", "x-indexes"];

    private static readonly string[] PartsOfTable = ["$schema", "$comment", "type", Overlay.Extends, "properties", Required, "x-keys", "x-indexes"];

    private readonly Dictionary<string, JsonObject?> open = new(StringComparer.Ordinal);

    /// <summary>The layer as it stands now; files without content are gone.</summary>
    public PackFiles ToFiles()
    {
        var edited = files.Files.ToBuilder();
        foreach (var (path, document) in open)
        {
            if (document is null || IsVoid(path, document)) edited.Remove(path);
            else if (!Same(path, document)) edited[path] = (LayerPath.IsTable(path) ? InOrder(document) : document).ToJsonString(Written) + "\n";
        }

        return files with { Files = edited.ToImmutable() };
    }

    /// <summary>The component is declared here: it is no part in one of a layer below.</summary>
    public bool Declares(string component)
    {
        var address = ComponentAddress.Parse(component);
        return PathOf(address) is { } path && Open(path) is { } document && (address.IsInTable
            ? Holder(document, address) is not null && (document.ContainsKey("x-entity") || address.Kind != "entity")
            : !document.ContainsKey(Overlay.Extends));
    }

    /// <summary>Writes what this layer says about a component.</summary>
    /// <param name="extends">It is a part in a component of a layer below.</param>
    public void Write(string component, JsonObject content, bool extends)
    {
        var address = ComponentAddress.Parse(component);
        // An app of the layer's own stands where those of packs do.
        var path = address.Kind == "app" && !extends ? LayerPath.SiteMap : PathOf(address) ?? address.NewPath;
        if (path == LayerPath.SiteMap) open[address.NewPath] = null;
        if (!address.IsInTable)
        {
            var document = new JsonObject();
            if (extends) document[Overlay.Extends] = address.Name;
            foreach (var (key, value) in content.Where(member => member.Key != Overlay.Extends)) document[key] = value?.DeepClone();
            open[path] = document;
            return;
        }

        var table = Open(path);
        if (table is null) open[path] = table = new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() };
        if (!table.ContainsKey("x-entity") && (extends || address.Kind != "entity")) table[Overlay.Extends] = address.Entity;
        Write(table, address, content, extends);
    }

    /// <summary>Takes away what this layer says about a component.</summary>
    public void Remove(string component)
    {
        var address = ComponentAddress.Parse(component);
        if (PathOf(address) is not { } path || Open(path) is not { } document) return;
        switch (address.Kind)
        {
            case "entity" when document.ContainsKey("x-entity"):
                foreach (var other in open.Keys.Concat(files.Files.Keys).Where(other => other.StartsWith($"entities/{address.Entity}/", StringComparison.Ordinal)).ToList()) open[other] = null;
                break;
            case "entity":
                foreach (var key in document.Select(member => member.Key).Except(PartsOfTable).ToList()) document.Remove(key);
                break;
            case "attribute":
                (document["properties"] as JsonObject)?.Remove(address.Name);
                SetRequired(document, address.Name, demanded: false);
                break;
            case "key" or "index":
                if (Item(document, address) is { } item) ((JsonArray)item.Parent!).Remove(item);
                break;
            default:
                open[path] = null;
                break;
        }
    }

    /// <summary>Takes away one property of what this layer says about a component, by its flattened pointer.</summary>
    public void RemoveProperty(string component, string pointer)
    {
        var address = ComponentAddress.Parse(component);
        if (PathOf(address) is not { } path || Open(path) is not { } document || Holder(document, address) is not { } holder) return;
        if (address.Kind == "attribute" && pointer == $"/{Required}") pointer = $"/{OverlayRequired}";
        RemoveAt(holder, Flattened.PathOf(pointer));
        if (address.Kind == "attribute" && holder.Count == 0) (document["properties"] as JsonObject)?.Remove(address.Name);
    }

    /// <summary>Makes a component that is declared here a part in the one of that name that a layer below has by now.</summary>
    public void MakeExtension(string component)
    {
        var address = ComponentAddress.Parse(component);
        if (PathOf(address) is not { } path || Open(path) is not { } document || address.Kind is "attribute" or "key" or "index") return;
        if (address.Kind == "app") MoveToExtensions(address, document);
        document[Overlay.Extends] = address.Name;
        foreach (var key in LayerStack.FixedOfWhole) document.Remove(key);
        if (document["x-entity"] is not JsonObject head) return;
        foreach (var key in LayerStack.FixedOfTable) head.Remove(key);
        if (head.Count == 0) document.Remove("x-entity");
    }

    private void MoveToExtensions(ComponentAddress app, JsonObject document)
    {
        foreach (var language in files.Files.Keys.Where(file => file.StartsWith("labels/", StringComparison.Ordinal)).Select(Path.GetFileNameWithoutExtension).OfType<string>())
        {
            if (Labels(language) is not { } labels || labels["app"] is not JsonObject own) continue;
            labels.Remove("app");
            if (labels["apps"] is not JsonObject apps) labels["apps"] = apps = [];
            apps[app.Name] = own;
        }

        (open[LayerPath.SiteMap], open[app.NewPath]) = (null, document);
    }

    /// <summary>The labels of a language; made when <paramref name="make"/> says so.</summary>
    public JsonObject? Labels(string language, bool make = false)
    {
        var path = $"labels/{language}.json";
        if (Open(path) is { } labels) return labels;
        return make ? open[path] = [] : null;
    }

    /// <summary>Name of the app that is declared here; <c>null</c> when none is.</summary>
    public string? OwnApp => Open(LayerPath.SiteMap)?["name"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    /// <summary>Where this layer has a component's labels: those of an app stand elsewhere in the pack that declares it.</summary>
    public string[] LabelPathOf(string component)
    {
        var address = ComponentAddress.Parse(component);
        return address.Kind == "app" && OwnApp == address.Name ? ["app"] : address.LabelPath;
    }

    private string? PathOf(ComponentAddress address)
    {
        if (open.GetValueOrDefault(address.NewPath) is not null) return address.NewPath;
        return address.Kind == "app" && OwnApp == address.Name ? LayerPath.SiteMap : address.PathIn(files);
    }

    /// <summary>Sets a label, or takes it away.</summary>
    /// <param name="path">In label files.</param>
    /// <param name="text"><c>null</c>: as the layers below have it.</param>
    public void SetLabel(string language, IReadOnlyList<string> path, string? text)
    {
        var at = Labels(language, make: text is not null);
        foreach (var part in path.SkipLast(1))
        {
            if (at is null) return;
            if (at[part] is not JsonObject next)
            {
                if (text is null) return;
                at[part] = next = [];
            }

            at = next;
        }

        if (text is not null) at![path[^1]] = text;
        else at?.Remove(path[^1]);
    }

    /// <summary>What stands at a JSON pointer in a file; <c>null</c> when nothing does.</summary>
    public JsonNode? Find(string path, string pointer)
    {
        JsonNode? at = Open(path);
        foreach (var part in Flattened.PathOf(pointer))
        {
            at = at switch
            {
                JsonObject members => members[part],
                JsonArray list when int.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }

        return at;
    }

    /// <summary>Takes labels away in all languages.</summary>
    /// <param name="path">In label files; with everything below it.</param>
    public void RemoveLabels(IReadOnlyList<string> path)
    {
        foreach (var file in files.Files.Keys.Concat(open.Keys).Where(file => file.StartsWith("labels/", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ToList())
        {
            if (Open(file) is { } labels) RemoveLabel(labels, path);
        }
    }

    private static void RemoveLabel(JsonObject labels, IEnumerable<string> path)
    {
        var (name, rest) = (path.First(), path.Skip(1).ToList());
        if (rest.Count > 0 && labels[name] is JsonObject group)
        {
            RemoveLabel(group, rest);
            if (group.Count > 0) return;
        }
        else if (rest.Count > 0)
        {
            return;
        }

        labels.Remove(name);
    }

    private JsonObject? Open(string path)
    {
        if (open.TryGetValue(path, out var known)) return known;
        return files.Files.TryGetValue(path, out var text) ? open[path] = JsonNode.Parse(text) as JsonObject : null;
    }

    private static void Write(JsonObject table, ComponentAddress address, JsonObject content, bool extends)
    {
        switch (address.Kind)
        {
            case "entity":
                foreach (var key in table.Select(member => member.Key).Except(PartsOfTable).ToList()) table.Remove(key);
                foreach (var (key, value) in content) table[key] = value?.DeepClone();
                if (!extends) table.Remove(Overlay.Extends);
                break;
            case "attribute":
                var column = (JsonObject)content.DeepClone();
                var required = column[Required]?.GetValue<bool>();
                column.Remove(Required);
                if (extends && required is not null) column[OverlayRequired] = required;
                if (!extends) SetRequired(table, address.Name, required ?? false);
                if (table["properties"] is not JsonObject columns) table["properties"] = columns = [];
                columns[address.Name] = column;
                break;
            default:
                var list = address.Kind == "key" ? "x-keys" : "x-indexes";
                var written = (JsonObject)content.DeepClone();
                written["name"] = address.Name;
                if (Item(table, address) is { } item) ((JsonArray)item.Parent!)[item.GetElementIndex()] = written;
                else (table[list] as JsonArray ?? (JsonArray)(table[list] = new JsonArray())).Add(written);
                break;
        }
    }

    private static void SetRequired(JsonObject table, string column, bool demanded)
    {
        var list = table[Required] as JsonArray;
        var known = list?.FirstOrDefault(item => item?.GetValue<string>() == column);
        if (demanded && known is null) (list ?? (JsonArray)(table[Required] = new JsonArray())).Add(column);
        else if (!demanded && known is not null) list!.Remove(known);
        if (list is { Count: 0 }) table.Remove(Required);
    }

    private static JsonObject? Holder(JsonObject document, ComponentAddress address) => address.Kind switch
    {
        "attribute" => (document["properties"] as JsonObject)?[address.Name] as JsonObject,
        "key" or "index" => Item(document, address),
        _ => document,
    };

    private static JsonObject? Item(JsonObject table, ComponentAddress address) =>
        (table[address.Kind == "key" ? "x-keys" : "x-indexes"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault(item => ItemIdentity.Of(item, "name") == address.Name);

    private static void RemoveAt(JsonNode? value, ReadOnlySpan<string> path, string name = "")
    {
        if (path.Length == 0) return;
        if (value is JsonArray list && ItemIdentity.KeyOf(name) is { } key)
        {
            var identity = path[0];
            var item = list.OfType<JsonObject>().FirstOrDefault(known => ItemIdentity.Of(known, key) == identity);
            RemoveAt(item, path[1..]);
            if (item is { Count: 1 } || (item is not null && path.Length == 1)) list.Remove(item);
        }
        else if (value is JsonObject members)
        {
            if (path.Length == 1)
            {
                members.Remove(path[0]);
                return;
            }

            RemoveAt(members[path[0]], path[1..], path[0]);
            if (members[path[0]] is JsonObject { Count: 0 } or JsonArray { Count: 0 }) members.Remove(path[0]);
        }
    }

    private static bool IsVoid(string path, JsonObject document) => LayerPath.IsTable(path)
        ? !document.ContainsKey("x-entity") && document.All(member => member.Key is "type" or Overlay.Extends or "$schema" or "$comment" || member.Value is JsonObject { Count: 0 } or JsonArray { Count: 0 })
        : document.All(member => member.Key is Overlay.Extends or "$schema" or "$comment");

    private bool Same(string path, JsonObject document) =>
        files.Files.TryGetValue(path, out var text) && JsonNode.DeepEquals(JsonNode.Parse(text), document);

    private static JsonObject InOrder(JsonObject table)
    {
        var ordered = new JsonObject();
        foreach (var key in OrderOfTable.Concat(table.Select(member => member.Key).Except(OrderOfTable)))
        {
            if (!table.TryGetPropertyValue(key, out var value) || (key is "x-keys" or "x-indexes" && value is JsonArray { Count: 0 })) continue;
            ordered[key] = value?.DeepClone();
        }

        return ordered;
    }
}
