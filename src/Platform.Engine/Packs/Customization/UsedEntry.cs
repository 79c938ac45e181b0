using System.Text.Json.Nodes;
using Platform.Engine.Metadata.Layers;
using Platform.Engine.Metadata.Usage;

namespace Platform.Engine.Packs.Customization;

/// <summary>A use that is one entry of a list, such as a field of a form: the component that has it can be without.</summary>
internal static class UsedEntry
{
    /// <summary>The use can be taken out by itself.</summary>
    public static bool Is(ComponentUse use) =>
        use.Kind is UseKind.Shown or UseKind.Navigation or UseKind.Privilege
        || (use.Kind == UseKind.Column && use.Place.StartsWith("/required/", StringComparison.Ordinal));

    /// <summary>Takes entries out of their files.</summary>
    public static void Remove(IReadOnlyCollection<ComponentUse> uses, LayerDocuments documents)
    {
        // All are looked up before the first goes and the others move up.
        var groups = uses.Where(use => use.Kind == UseKind.Navigation).Select(use => (App: use.By, Group: EntryOf(use, documents)?.Parent?.Parent as JsonObject)).Distinct().ToList();
        foreach (var entry in uses.Select(use => EntryOf(use, documents)).OfType<JsonNode>().Distinct().ToList()) Detach(entry);
        foreach (var (app, group) in groups)
        {
            if (group is not null && IsLeftEmpty(group)) RemoveGroup(app, group, documents);
        }
    }

    /// <summary>A group of an app in which nothing is left, and about which a layer that only adds to it says nothing else.</summary>
    private static bool IsLeftEmpty(JsonObject group) =>
        group["items"] is JsonArray { Count: 0 }
        && group.Parent is JsonArray { Parent: JsonObject app }
        && (!app.ContainsKey(Overlay.Extends) || group.All(member => member.Key is "name" or "items" or Overlay.After));

    private static void RemoveGroup(string app, JsonObject group, LayerDocuments documents)
    {
        if (group["name"] is JsonValue name && name.TryGetValue<string>(out var text)) documents.RemoveLabels([.. documents.LabelPathOf(app), "groups", text]);
        ((JsonArray)group.Parent!).Remove(group);
    }

    private static JsonNode? EntryOf(ComponentUse use, LayerDocuments documents) => use.Kind is UseKind.Shown or UseKind.Navigation && use.Place.Split('/')[^1] is "attribute" or "entity"
        ? documents.Find(use.File, use.Place)?.Parent
        : documents.Find(use.File, use.Place);

    private static void Detach(JsonNode entry)
    {
        switch (entry.Parent)
        {
            case JsonArray list:
                list.Remove(entry);
                if (list.Count == 0 && list.Parent is JsonObject { Count: 1 } edit && edit.ContainsKey(Overlay.Add)) Detach(edit);
                break;
            case JsonObject members:
                members.Remove(entry.GetPropertyName());
                break;
        }
    }
}
