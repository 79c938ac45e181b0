using System.Text.Json;
using Platform.Engine.Metadata.Compiling;

namespace Platform.Engine.Metadata.Layers;

/// <summary>
/// Lays what an upper layer says over a value of the layers below it, property by property (the rules of RFC 7396, with
/// lists whose items have an identity merged item by item).
/// </summary>
internal static class Overlay
{
    public const string Extends = "x-extends";

    /// <summary>On an item of a list: the item after which it comes; <c>null</c> for the first place.</summary>
    public const string After = "x-after";

    /// <summary>On an item of a list: the layers below have it, this one does not.</summary>
    public const string Removed = "x-removed";

    /// <summary>Instead of a list of texts: texts that come to those of the layers below, and texts that go.</summary>
    public const string Add = "x-add", Remove = "x-remove";

    private static readonly string[] Directions = [Extends, After, Removed, "$schema", "$comment"];

    /// <summary>Lays an object over an object.</summary>
    public static void Apply(LayeredValue below, LayeredValue over) => Apply(below, over, isItem: false);

    private static void Apply(LayeredValue below, LayeredValue over, bool isItem)
    {
        foreach (var (name, value) in over.Members)
        {
            if (name is After or Removed && !isItem) value.Place.Fail($"'{name}' is said of items of lists.", name is After ? "Take it out." : "Take it out; a property is taken away with null, where that is possible.");
            if (Directions.Contains(name)) continue;
            if (value.Kind == JsonValueKind.Null) below.Remove(name);
            else if (below.Find(name) is { } known && Merge(name, known, value) is { } merged) below.Set(name, merged);
            else below.Set(name, Clean(value));
        }
    }

    private static LayeredValue? Merge(string name, LayeredValue below, LayeredValue over)
    {
        switch (below.Kind, over.Kind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                Apply(below, over);
                return below;
            case (JsonValueKind.Array, JsonValueKind.Array) when ItemIdentity.KeyOf(name) is { } key && over.Items.All(item => ItemIdentity.Of(item, key) is not null):
                ApplyItems(below, over, key);
                return below;
            case (JsonValueKind.Array, JsonValueKind.Object) when over.Members.All(member => member.Key is Add or Remove):
                ApplyTexts(below, over);
                return below;
            default:
                return null;
        }
    }

    private static void ApplyItems(LayeredValue below, LayeredValue over, string key)
    {
        foreach (var item in over.Items)
        {
            var identity = ItemIdentity.Of(item, key);
            var at = below.IndexOf(known => ItemIdentity.Of(known, key) == identity);
            if (item.Find(Removed) is { Kind: JsonValueKind.True } removed)
            {
                if (at >= 0) below.Remove(below.Items[at]);
                else Miss(removed.Place, $"There is no '{identity}' that could be taken away.", below.Items.Select(known => ItemIdentity.Of(known, key)));
                continue;
            }

            var merged = at < 0 ? Clean(item) : below.Items[at];
            if (at >= 0) Apply(merged, item, isItem: true);
            if (item.Find(After) is { } place)
            {
                below.Remove(merged);
                below.Insert(IndexAfter(below, place, key, identity), merged);
            }
            else if (at < 0)
            {
                below.Add(merged);
            }
        }
    }

    private static int IndexAfter(LayeredValue list, LayeredValue place, string key, string? own)
    {
        if (place.Kind == JsonValueKind.Null) return 0;
        if (NameIn(place) == own)
        {
            place.Place.Fail($"'{own}' cannot come after itself.", "Name another item of the list, or write null for the first place.");
            return list.Items.Count;
        }

        var before = list.IndexOf(known => ItemIdentity.Of(known, key) == NameIn(place));
        if (before >= 0) return before + 1;
        Miss(place.Place, $"There is no '{NameIn(place)}' after which it could come.", list.Items.Select(known => ItemIdentity.Of(known, key)));
        return list.Items.Count;
    }

    private static string NameIn(LayeredValue place) => place.Text ?? place.Place.Value.GetRawText();

    /// <summary>
    /// Reports that a direction points to nothing. The customization may do so: a new version of a pack may have taken away
    /// what an administrator took away, too.
    /// </summary>
    private static void Miss(JsonNode place, string reason, IEnumerable<string?> known)
    {
        if (place.File.Pack is { IsCustomization: true }) return;
        string[] names = [.. known.OfType<string>()];
        place.Fail(reason, names.Length == 0 ? "The list is empty; take this out." : $"The list has {string.Join(", ", names.Take(8))}{(names.Length > 8 ? ", …" : "")}.");
    }

    private static void ApplyTexts(LayeredValue below, LayeredValue over)
    {
        foreach (var gone in over.Find(Remove)?.Items ?? [])
        {
            var at = below.IndexOf(known => known.Text == gone.Text);
            if (at >= 0) below.Remove(below.Items[at]);
            else Miss(gone.Place, $"There is no '{NameIn(gone)}' that could be taken away.", below.Items.Select(known => known.Text));
        }

        foreach (var added in over.Find(Add)?.Items ?? [])
        {
            if (below.IndexOf(known => known.Text == added.Text) < 0) below.Add(added);
        }
    }

    /// <summary>A value that nothing below has, without the words that only direct the merge.</summary>
    private static LayeredValue Clean(LayeredValue value)
    {
        if (value.Kind is not (JsonValueKind.Object or JsonValueKind.Array)) return value;
        var clean = LayeredValue.Empty(value.Place, value.Kind);
        foreach (var item in value.Items)
        {
            // One that says nothing else is no item of any list; whoever reads it says so.
            if (item.Find(Removed) is { Kind: JsonValueKind.True } removed && item.Members.Count > 1) Miss(removed.Place, "There is nothing here that could be taken away.", []);
            else clean.Add(Clean(item));
        }

        foreach (var (name, member) in value.Members)
        {
            if (!Directions.Contains(name) && member.Kind != JsonValueKind.Null) clean.Set(name, Clean(member));
        }

        return clean;
    }
}
