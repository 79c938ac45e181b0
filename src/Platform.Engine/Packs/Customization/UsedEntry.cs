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
        foreach (var entry in uses.Select(use => EntryOf(use, documents)).OfType<JsonNode>().Distinct().ToList()) Detach(entry);
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
