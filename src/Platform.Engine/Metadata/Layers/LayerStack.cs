using System.Collections.Immutable;
using System.Text.Json;
using Platform.Engine.Metadata.Compiling;

namespace Platform.Engine.Metadata.Layers;

/// <summary>
/// Merges the layers of an installation: what a pack says about components of packs below it becomes part of the files
/// that declare them, so that whoever reads those sees what holds, and errors still name the file that is to blame.
/// </summary>
internal static class LayerStack
{
    /// <summary>What only the pack of a table can say about it, under <c>x-entity</c>: the rest of the system is built on it.</summary>
    public static readonly ImmutableArray<string> FixedOfTable = ["logicalName", "schemaName", "entitySetName", "ownership", "primaryIdAttribute", "isActivity", "engineOwned"];

    /// <summary>What only the layer that declares a form, view, choice, role, relationship or app can say about it.</summary>
    public static readonly ImmutableArray<string> FixedOfWhole = ["id", "name", "entities", "intersect", "navigation"];

    /// <summary>What a column is cannot change above the layer that declares it.</summary>
    private static readonly ImmutableArray<string> FixedOfColumn = ["type", "x-kind", "items", "x-schemaName"];

    private static readonly string[] PartsOfTable = ["properties", "required", "x-keys", "x-indexes", Overlay.Extends, "$schema", "$comment", "$id", "type"];

    /// <param name="packs">In install order.</param>
    /// <param name="settled">Tables whose files nobody will read.</param>
    public static void Merge(IReadOnlyList<PackDraft> packs, SettledTables settled)
    {
        for (var at = 1; at < packs.Count; at++)
        {
            var below = packs.Take(at).Where(packs[at].Sees).ToList();
            foreach (var (path, text) in packs[at].Files.Files)
            {
                if (text.Contains($"\"{Overlay.Extends}\"", StringComparison.Ordinal) && LayerPath.MayExtend(path) && !settled.Covers(path)) Merge(packs[at], path, below);
            }
        }
    }

    private static void Merge(PackDraft pack, string path, List<PackDraft> below)
    {
        // What is wrong with the file is said by the reader that it is meant for.
        if (Read(pack, path) is not { Kind: JsonValueKind.Object } over || over.Find(Overlay.Extends) is null) return;
        if (LayerPath.IsTable(path)) MergeTable(pack, path, over, below);
        else MergeWhole(pack, path, over, below);
    }

    /// <summary>Files that are one component: a form, a view, a choice, a role, an N:N relationship, an app.</summary>
    private static void MergeWhole(PackDraft pack, string path, LayeredValue over, List<PackDraft> below)
    {
        pack.Layout.TakeOut(path);
        var name = over.Find(Overlay.Extends)!;
        var expected = LayerPath.NameOf(path);
        if (name.Text != expected)
        {
            name.Place.Fail($"The file is called '{expected}'.", $"Write \"{Overlay.Extends}\": \"{expected}\": a file extends the component of its own name.");
            return;
        }

        foreach (var lower in Enumerable.Reverse(below))
        {
            if (LayerPath.BaseIn(lower, path) is not { } file || DocumentOf(lower, file) is not { } document) continue;
            RefuseNew(over, document, FixedOfWhole);
            Overlay.Apply(document, over);
            return;
        }

        name.Place.Fail($"No pack below this one has {LayerPath.Word(path)} '{expected}'.", "Name one that exists, or declare it here without x-extends.");
    }

    private static void MergeTable(PackDraft pack, string path, LayeredValue over, List<PackDraft> below)
    {
        var documents = Enumerable.Reverse(below)
            .Where(lower => lower.Files.Files.ContainsKey(path))
            .Select(lower => DocumentOf(lower, path))
            .OfType<LayeredValue>()
            .Where(document => document.Kind == JsonValueKind.Object)
            .ToList();
        // A table that is missing is reported by the reader of extensions.
        if (documents.Find(document => document.Find(Overlay.Extends) is null) is not { } table) return;
        var rest = LayeredValue.Empty(over.Place, JsonValueKind.Object);
        var head = LayeredValue.Empty(over.Place, JsonValueKind.Object);
        foreach (var (name, value) in over.Members)
        {
            if (!PartsOfTable.Contains(name)) head.Set(name, value);
            else if (name is not ("properties" or "x-keys" or "x-indexes")) rest.Set(name, value);
        }

        if (head.Find("x-entity") is { } ofTable) RefuseNew(ofTable, table.Find("x-entity"), FixedOfTable);
        Overlay.Apply(table, head);
        if (over.Find("properties") is { } columns) rest.Set("properties", MergeColumns(columns, documents));
        foreach (var list in new[] { "x-keys", "x-indexes" })
        {
            if (over.Find(list) is { } keys) rest.Set(list, MergeKeys(list, keys, documents));
        }

        pack.Replace(path, rest);
    }

    /// <returns>The columns that none of the documents has.</returns>
    private static LayeredValue MergeColumns(LayeredValue columns, List<LayeredValue> documents)
    {
        var own = LayeredValue.Empty(columns.Place, columns.Kind);
        foreach (var (name, column) in columns.Members)
        {
            var holder = documents.Find(document => document.Find("properties")?.Find(name) is not null);
            if (holder is null)
            {
                own.Set(name, column);
            }
            else if (column.Kind != JsonValueKind.Object)
            {
                column.Place.Fail($"The column '{name}' belongs to a layer below.", "Write what is different about it, as an object; to hide it, take it out of forms and views.");
            }
            else
            {
                var known = holder.Find("properties")!.Find(name)!;
                RefuseNew(column, known, FixedOfColumn);
                if (column.Find(RequiredKey) is { } required) SetRequired(holder, known.Place, name, required);
                column.Remove(RequiredKey);
                Overlay.Apply(known, column);
            }
        }

        return own;
    }

    /// <summary>In a column of a layer below: rows must have a value from now on, or need none any more.</summary>
    private const string RequiredKey = "x-required";

    private static void SetRequired(LayeredValue document, JsonNode place, string column, LayeredValue required)
    {
        if (required.Place.AsFlag() is not { } demanded) return;
        if (document.Find("required") is not { Kind: JsonValueKind.Array } list) document.Set("required", list = LayeredValue.Empty(document.Place, JsonValueKind.Array));
        var at = list.IndexOf(item => item.Text == column);
        if (!demanded && at >= 0) list.Remove(list.Items[at]);
        else if (demanded && at < 0) list.Add(LayeredValue.Of(new JsonNode(place.File, required.Place, "", JsonSerializer.SerializeToElement(column))));
    }

    private static LayeredValue MergeKeys(string list, LayeredValue keys, List<LayeredValue> documents)
    {
        var own = LayeredValue.Empty(keys.Place, keys.Kind);
        foreach (var key in keys.Items)
        {
            var name = key.Find("name")?.Text;
            var holder = documents.Find(document => document.Find(list)?.IndexOf(known => known.Find("name")?.Text == name) >= 0);
            if (holder is null)
            {
                own.Add(key);
                continue;
            }

            var (one, all) = (LayeredValue.Empty(keys.Place, JsonValueKind.Object), LayeredValue.Empty(keys.Place, JsonValueKind.Array));
            all.Add(key);
            one.Set(list, all);
            Overlay.Apply(holder, one);
        }

        return own;
    }

    private static void RefuseNew(LayeredValue over, LayeredValue? below, ImmutableArray<string> keys)
    {
        foreach (var key in keys)
        {
            if (over.Find(key) is not { } value || below?.Find(key) is { } known && JsonElement.DeepEquals(known.Place.Value, value.Place.Value)) continue;
            value.Place.Fail($"'{key}' is settled by the layer that declares the component.", "Take it out.");
            over.Remove(key);
        }
    }

    /// <summary>A file of a lower pack with everything that layers have said about it so far; <c>null</c> when it is broken.</summary>
    private static LayeredValue? DocumentOf(PackDraft pack, string path)
    {
        if (pack.Layered.TryGetValue(path, out var known)) return known;
        if (Read(pack, path) is not { } document) return null;
        pack.Replace(path, document);
        // A layer above may take out what the pack has labels for.
        pack.Labels.Excuse(LayerPath.LabelPath(path));
        return document;
    }

    /// <returns><c>null</c> when the file is broken, which the reader that it is meant for reports.</returns>
    private static LayeredValue? Read(PackDraft pack, string path)
    {
        var found = new ErrorList();
        return JsonFile.Parse(pack.Files, path, found, pack) is null ? null : LayeredValue.Of(JsonFile.Parse(pack.Files, path, pack.Errors, pack)!);
    }
}
