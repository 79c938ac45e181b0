using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Packs.Customization;

/// <summary>
/// Keeps the customization in step with packs that change below it: the packs of before, the packs of now and the
/// customization are compared property by property, and what both sides changed is a conflict that somebody has to decide.
/// </summary>
internal sealed class ThreeWayMerge
{
    private const string LabelFolder = "labels/";

    private readonly PackSet next;
    private readonly MetadataChange change;
    private readonly PackFiles customization;
    private readonly PackSet before;
    private readonly LayerDocuments documents;
    private readonly ImmutableArray<LayerConflict>.Builder conflicts = ImmutableArray.CreateBuilder<LayerConflict>();

    private ThreeWayMerge(PackSet deployed, PackSet next, PackFiles customization, MetadataChange change)
    {
        (before, this.next, this.customization, this.change) = (deployed.BelowCustomization, next.BelowCustomization, customization, change);
        documents = new LayerDocuments(customization);
    }

    /// <summary>The packs with a customization that fits them, and what had to be decided for it.</summary>
    /// <param name="deployed">What is in force.</param>
    /// <param name="next">What shall be, with the customization as it is.</param>
    public static (PackSet Packs, ImmutableArray<LayerConflict> Conflicts) Run(PackSet deployed, PackSet next, MetadataChange change)
    {
        if (next.Customization is not { } customization || deployed.Customization != customization) return (next, []);
        var merge = new ThreeWayMerge(deployed, next, customization, change);
        if (merge.before.Packs.SequenceEqual(merge.next.Packs)) return (next, []);
        merge.CompareComponents();
        merge.CompareLabels();
        return (next.With(new PackSet([(PackDefinition.Customization, merge.documents.ToFiles())])), merge.conflicts.ToImmutable());
    }

    private void CompareComponents()
    {
        var (old, now, layer) = (ComponentSet.Of(before), ComponentSet.Of(next), ComponentSet.OfLayer(PackDefinition.Customization, customization));
        foreach (var component in layer.Addresses.Where(IsMergeable))
        {
            var (was, becomes, own) = (old.Find(component), now.Find(component), layer.Find(component)!);
            if (was is null && becomes is null) continue;
            if (becomes is null) Removed(component, was!, own, old);
            else if (was is null) Added(component, becomes, own);
            else Changed(component, Flattened.Of(was), Flattened.Of(becomes), own);
        }
    }

    private void Removed(string component, JsonNode was, JsonNode own, ComponentSet old)
    {
        switch (Decide(new(component, "", LayerConflictKind.Removed, Flattened.Text(was), null, Flattened.Text(own))))
        {
            case LayerChoice.Pack:
                documents.Remove(component);
                break;
            case LayerChoice.Customization:
                // What the layer said about it becomes a component of its own.
                var whole = ComponentSet.Of(before.With(new PackSet([(PackDefinition.Customization, customization)])));
                foreach (var adopted in Adopted(component, old))
                {
                    if (whole.Find(adopted) is JsonObject content) documents.Write(adopted, content, extends: false);
                }
                break;
        }
    }

    /// <summary>A table is adopted with everything that it had.</summary>
    private static IEnumerable<string> Adopted(string component, ComponentSet old) => component.StartsWith("entity/", StringComparison.Ordinal)
        ? old.Addresses.Where(other => other == component || (IsMergeable(other) && other.Split('/') is [not ("choice" or "role" or "relationship" or "app"), var entity, _] && entity == component["entity/".Length..]))
        : [component];

    private void Added(string component, JsonNode becomes, JsonNode own)
    {
        var differs = Flattened.Of(own).Any(property => Flattened.Of(becomes).GetValueOrDefault(property.Key) != property.Value);
        var choice = differs ? Decide(new(component, "", LayerConflictKind.Added, null, Flattened.Text(becomes), Flattened.Text(own))) : LayerChoice.Pack;
        if (choice == LayerChoice.Pack) documents.Remove(component);
        else documents.MakeExtension(component);
    }

    private void Changed(string component, SortedDictionary<string, string> was, SortedDictionary<string, string> becomes, JsonNode own)
    {
        foreach (var (pointer, value) in Flattened.Of(own))
        {
            if (IsKey(pointer, component) || value.StartsWith("{\"x-", StringComparison.Ordinal)) continue;
            var (old, now) = (was.GetValueOrDefault(pointer), becomes.GetValueOrDefault(pointer));
            if (old == now || (now ?? "null") == value) continue;
            if (Decide(new(component, pointer, LayerConflictKind.Changed, old, now, value == "null" ? null : value)) == LayerChoice.Pack) documents.RemoveProperty(component, pointer);
        }
    }

    /// <summary>Members by which items of lists are told apart are no values of their own.</summary>
    private static bool IsKey(string pointer, string component) =>
        pointer.EndsWith($"/{Overlay.After}", StringComparison.Ordinal)
        || (pointer.Split('/') is [.., var identity, "value" or "name" or "attribute" or "entity"] && identity.Length > 0)
        || (pointer == "/name" && component.Split('/')[0] is "key" or "index" or "app");

    private void CompareLabels()
    {
        var (oldComponents, newComponents) = (ComponentSet.Of(before), ComponentSet.Of(next));
        foreach (var path in customization.Files.Keys.Where(path => path.StartsWith(LabelFolder, StringComparison.Ordinal)))
        {
            var language = Path.GetFileNameWithoutExtension(path);
            if (documents.Labels(language) is not { } labels) continue;
            DropLabelsOf(labels, oldComponents, newComponents);
            var (old, now) = (LabelsOf(before, path), LabelsOf(next, path));
            foreach (var (pointer, value) in Flattened.Of(labels))
            {
                var (was, becomes) = (old.GetValueOrDefault(pointer), now.GetValueOrDefault(pointer));
                if (was is null || becomes is null || was == becomes || becomes == value) continue;
                if (Decide(new($"labels/{language}", pointer, LayerConflictKind.Changed, was, becomes, value)) == LayerChoice.Pack) documents.RemoveLabels(pointer.Split('/')[1..]);
            }
        }
    }

    private static Dictionary<string, string> LabelsOf(PackSet packs, string path)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        // Packs that a change brings stand last until they are compiled; of several labels that of the uppermost layer counts.
        foreach (var (_, pack) in EffectiveFiles.Of(packs.Files))
        {
            if (!pack.Files.TryGetValue(path, out var text) || ComponentSet.Parse(text) is not JsonObject own) continue;
            foreach (var (pointer, value) in Flattened.Of(own)) labels[pointer] = value;
        }

        return labels;
    }

    /// <summary>Labels of what is gone go with it.</summary>
    private void DropLabelsOf(JsonObject labels, ComponentSet old, ComponentSet now)
    {
        foreach (var pointer in Flattened.Of(labels).Keys)
        {
            var path = pointer.Split('/')[1..];
            var component = path switch
            {
                ["entities", var entity, "attributes" or "keys" or "forms" or "views", var name, ..] => $"{path[2][..^1]}/{entity}/{name}",
                ["entities", var entity, ..] => $"entity/{entity}",
                ["choices" or "roles" or "relationships" or "apps", var name, ..] => $"{path[0][..^1]}/{name}",
                _ => null,
            };
            if (component is not null && old.Find(component) is not null && now.Find(component) is null && !documents.Declares(component)) documents.RemoveLabels(path);
        }
    }

    private LayerChoice? Decide(LayerConflict conflict)
    {
        LayerChoice? choice = change.Resolutions.TryGetValue(conflict.Id, out var given) ? given : change.ResolveAll;
        conflicts.Add(conflict with { Choice = choice });
        return choice;
    }

    private static bool IsMergeable(string component) =>
        component.Split('/')[0] is "entity" or "attribute" or "key" or "index" or "form" or "view" or "choice" or "role" or "relationship" or "app";
}
