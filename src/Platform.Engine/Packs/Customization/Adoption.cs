using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Layers;
using Platform.Engine.Metadata.Usage;

namespace Platform.Engine.Packs.Customization;

/// <summary>
/// Makes components that the packs give up the customization's own, as they hold, with their labels in all languages and
/// with whatever of the packs they cannot be without: the table of a form, the columns of a key, the choice of a column.
/// </summary>
/// <param name="before">Packs below the customization, as they were.</param>
/// <param name="gone">Knows what the packs no longer have.</param>
internal sealed class Adoption(PackSet before, PackFiles customization, GoneComponents gone, LayerDocuments documents)
{
    private readonly Lazy<ComponentSet> whole = new(() => ComponentSet.Of(before.With(new PackSet([(PackDefinition.Customization, customization)]))));
    private readonly Lazy<ImmutableArray<(string Id, PackFiles Pack)>> inOrder = new(() => EffectiveFiles.Of(before.Files));
    private readonly SortedSet<string> kept = new(StringComparer.Ordinal);
    private readonly List<MetadataError> refusals = [];

    /// <summary>Why something cannot be kept.</summary>
    public IReadOnlyList<MetadataError> Refusals => refusals;

    /// <summary>Sentences for the person who publishes.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (kept.Count == 0) yield break;
            yield return $"The customization takes over {string.Join(", ", kept)}.";
            var steps = gone.Old.Addresses.Where(step => step.Split('/') is ["step", var entity, _] && kept.Contains($"entity/{entity}") && gone.IsGone(step)).ToList();
            if (steps.Count > 0) yield return $"A customization has no steps: {string.Join(", ", steps)} will not run any more.";
        }
    }

    public bool Has(string component) => kept.Contains(component);

    /// <summary>Takes a component over. A table is taken over with everything that it had.</summary>
    public void Keep(string component)
    {
        if (kept.Contains(component) || whole.Value.Find(component) is not JsonObject content) return;
        var address = ComponentAddress.Parse(component);
        if (address.Kind == "app" && documents.OwnApp is { } other && other != address.Name)
        {
            refusals.Add(new MetadataError(
                $"{PackDefinition.Customization}/{address.NewPath}", "", $"The customization cannot keep the app '{address.Name}' of the pack '{gone.Old.PackOf(component)}': it has its own app '{other}', and no more than one.",
                $"Let the pack prevail: --resolve '{component}#=pack'. Or first move what is worth keeping into '{other}', or take '{other}' out."));
            documents.Remove(component);
            return;
        }

        kept.Add(component);
        documents.Write(component, content, extends: false);
        CarryLabels(component, address, content);
        if (address.Kind != "entity") return;
        foreach (var part in gone.Old.Addresses.Where(part => ComponentAddress.TryParse(part) is { } known && known.Entity == address.Entity && known.Kind != "entity" && gone.IsGone(part)).ToList()) Keep(part);
    }

    /// <summary>Takes over what the components that are kept cannot be without, and takes out of them what they can.</summary>
    /// <param name="uses">What the customization uses, as it is by now.</param>
    public void Complete(Func<IEnumerable<ComponentUse>> uses)
    {
        int known;
        do
        {
            known = kept.Count;
            foreach (var part in kept.ToList())
            {
                if (ComponentAddress.Parse(part) is { Entity.Length: > 0 } address && gone.IsGone($"entity/{address.Entity}")) Keep($"entity/{address.Entity}");
            }

            foreach (var use in uses().Where(use => kept.Contains(use.By) && !UsedEntry.Is(use))) Keep(use.Component);
        }
        while (kept.Count > known);
        UsedEntry.Remove([.. uses().Where(use => kept.Contains(use.By) && UsedEntry.Is(use))], documents);
        foreach (var view in kept.Where(part => part.StartsWith("view/", StringComparison.Ordinal)).ToList()) DemandColumns(view);
    }

    private void DemandColumns(string view)
    {
        var file = ComponentAddress.Parse(view).NewPath;
        if (documents.Find(file, "/columns") is not JsonArray { Count: 0 }) return;
        refusals.Add(new MetadataError(
            $"{PackDefinition.Customization}/{file}", "/columns", $"The customization cannot keep '{view}': the packs take out all columns that it shows.",
            $"Let the pack prevail: --resolve '{view}#=pack'. Or first let the view show a column that stays."));
        documents.RemoveLabels(documents.LabelPathOf(view));
        documents.Remove(view);
    }

    private void CarryLabels(string component, ComponentAddress address, JsonObject content)
    {
        var labels = new SortedDictionary<(string Language, string Pointer), string>();
        foreach (var (_, pack) in inOrder.Value.Append((PackDefinition.Customization, customization)))
        {
            foreach (var (language, pointer, text) in LabelsAt(pack, address)) labels[(language, pointer)] = text;
        }

        var path = documents.LabelPathOf(component);
        if (address.Kind == "app") documents.RemoveLabels(address.LabelPath);
        foreach (var ((language, pointer), text) in labels)
        {
            var below = Flattened.PathOf(pointer);
            if (IsThere(content, below)) documents.SetLabel(language, [.. path, .. below], text);
        }
    }

    private static IEnumerable<(string Language, string Pointer, string Text)> LabelsAt(PackFiles pack, ComponentAddress address)
    {
        foreach (var (language, pointer, label) in LayerReport.LabelsAt(LayerReport.LabelFiles(pack), address))
        {
            if (JsonNode.Parse(label) is JsonValue value && value.TryGetValue<string>(out var text)) yield return (language, pointer, text);
        }
    }

    /// <summary>What the label names is in the component: the customization may have taken parts of it away.</summary>
    private static bool IsThere(JsonObject content, string[] label) => label switch
    {
        ["choices", "true" or "false"] => true,
        ["choices", var value] => Has(content["x-choice"] ?? content["values"], value) || Has((content["items"] as JsonObject)?["x-choice"], value),
        ["states", var value] => content["x-states"] is not JsonArray || Has(content["x-states"], value),
        ["statuses", var value] => content["x-states"] is not JsonArray states || states.Any(state => Has((state as JsonObject)?["statuses"], value)),
        ["tabs" or "groups", var name] => Has(content[label[0]], name, "name"),
        ["sections", var name] => (content["tabs"] as JsonArray ?? []).Any(tab => Has((tab as JsonObject)?["sections"], name, "name")),
        ["description"] => content.ContainsKey("description"),
        _ => true,
    };

    private static bool Has(JsonNode? list, string identity, string key = "value") => list is JsonArray items && items.Any(item => ItemIdentity.Of(item, key) == identity);
}
