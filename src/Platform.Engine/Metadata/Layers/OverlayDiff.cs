using System.Text.Json.Nodes;

namespace Platform.Engine.Metadata.Layers;

/// <summary>Finds what a layer has to say so that a value of the layers below becomes another one: the reverse of <see cref="Overlay"/>.</summary>
internal static class OverlayDiff
{
    /// <returns>The least that has to be said; <c>null</c> when both are equal.</returns>
    public static JsonObject? Between(JsonObject below, JsonObject wanted)
    {
        var over = new JsonObject();
        foreach (var (name, value) in wanted)
        {
            if (below.TryGetPropertyValue(name, out var known))
            {
                if (!JsonNode.DeepEquals(known, value)) over[name] = Change(name, known, value);
            }
            else
            {
                over[name] = value?.DeepClone();
            }
        }

        foreach (var (name, _) in below.Where(member => !wanted.ContainsKey(member.Key))) over[name] = null;
        return over.Count == 0 ? null : over;
    }

    private static JsonNode? Change(string name, JsonNode? below, JsonNode? wanted)
    {
        if (below is JsonObject old && wanted is JsonObject next) return Between(old, next);
        if (below is not JsonArray { Count: > 0 } before || wanted is not JsonArray after) return wanted?.DeepClone();
        if (ItemIdentity.KeyOf(name) is { } key && ItemIdentity.TellsApart(before, key) && ItemIdentity.TellsApart(after, key)) return Items(before, after, key);
        return Texts(before, after) ?? wanted.DeepClone();
    }

    private static JsonArray Items(JsonArray below, JsonArray wanted, string key)
    {
        var over = new JsonArray();
        // The list as the layer makes it while it is applied item by item.
        var order = below.Select(item => ItemIdentity.Of(item, key)!).ToList();
        foreach (var gone in order.Except(wanted.Select(item => ItemIdentity.Of(item, key)!), StringComparer.Ordinal).ToList())
        {
            over.Add(new JsonObject { [key] = IdentityNode(below, key, gone), [Overlay.Removed] = true });
            order.Remove(gone);
        }

        for (var at = 0; at < wanted.Count; at++)
        {
            var item = (JsonObject)wanted[at]!;
            var identity = ItemIdentity.Of(item, key)!;
            var known = below.FirstOrDefault(other => ItemIdentity.Of(other, key) == identity) as JsonObject;
            var change = known is null ? (JsonObject)item.DeepClone() : Between(known, item);
            if (known is null) order.Add(identity);
            if (order[at] != identity)
            {
                change ??= [];
                change[Overlay.After] = at == 0 ? null : IdentityNode(wanted, key, order[at - 1]);
                order.Remove(identity);
                order.Insert(at, identity);
            }

            if (change is null) continue;
            change[key] = item[key]!.DeepClone();
            over.Add(change);
        }

        return over;
    }

    private static JsonNode IdentityNode(JsonArray list, string key, string identity) => list.First(item => ItemIdentity.Of(item, key) == identity)![key]!.DeepClone();

    /// <summary>Texts that come last and texts that go; <c>null</c> when that does not say it all.</summary>
    private static JsonObject? Texts(JsonArray below, JsonArray wanted)
    {
        if (!below.Concat(wanted).All(item => item is JsonValue value && value.TryGetValue<string>(out _))) return null;
        var (old, next) = (below.Select(item => item!.GetValue<string>()).ToList(), wanted.Select(item => item!.GetValue<string>()).ToList());
        var gone = old.Except(next, StringComparer.Ordinal).ToList();
        var come = next.Except(old, StringComparer.Ordinal).ToList();
        if (!old.Except(gone, StringComparer.Ordinal).Concat(come).SequenceEqual(next, StringComparer.Ordinal)) return null;
        var edit = new JsonObject();
        if (come.Count > 0) edit[Overlay.Add] = new JsonArray([.. come.Select(text => (JsonNode)text)]);
        if (gone.Count > 0) edit[Overlay.Remove] = new JsonArray([.. gone.Select(text => (JsonNode)text)]);
        return edit;
    }
}
