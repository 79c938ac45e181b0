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
    public static void Apply(LayeredValue below, LayeredValue over)
    {
        foreach (var (name, value) in over.Members)
        {
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
            if (item.Find(Removed)?.Kind == JsonValueKind.True)
            {
                if (at >= 0) below.Remove(below.Items[at]);
                continue;
            }

            var merged = at < 0 ? Clean(item) : below.Items[at];
            if (at >= 0) Apply(merged, item);
            if (item.Find(After) is { } place)
            {
                below.Remove(merged);
                below.Insert(IndexAfter(below, place, key), merged);
            }
            else if (at < 0)
            {
                below.Add(merged);
            }
        }
    }

    private static int IndexAfter(LayeredValue list, LayeredValue place, string key)
    {
        if (place.Kind == JsonValueKind.Null) return 0;
        var before = list.IndexOf(known => ItemIdentity.Of(known, key) == (place.Text ?? place.Place.Value.GetRawText()));
        return before < 0 ? list.Items.Count : before + 1;
    }

    private static void ApplyTexts(LayeredValue below, LayeredValue over)
    {
        foreach (var gone in over.Find(Remove)?.Items ?? [])
        {
            var at = below.IndexOf(known => known.Text == gone.Text);
            if (at >= 0) below.Remove(below.Items[at]);
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
        foreach (var item in value.Items) clean.Add(Clean(item));
        foreach (var (name, member) in value.Members)
        {
            if (!Directions.Contains(name) && member.Kind != JsonValueKind.Null) clean.Set(name, Clean(member));
        }

        return clean;
    }
}
