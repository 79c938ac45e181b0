using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Layers;
using Platform.Engine.Metadata.Usage;

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
    private readonly ComponentSet old, now;
    private readonly GoneComponents gone;
    private readonly Adoption adoption;
    private readonly List<string> notes = [];
    private readonly ImmutableArray<LayerConflict>.Builder conflicts = ImmutableArray.CreateBuilder<LayerConflict>();

    private ThreeWayMerge(PackSet deployed, PackSet next, PackFiles customization, MetadataChange change)
    {
        (before, this.next, this.customization, this.change) = (deployed.BelowCustomization, next.BelowCustomization, customization, change);
        (old, now) = (ComponentSet.Of(before), ComponentSet.Of(this.next));
        documents = new LayerDocuments(customization);
        gone = new GoneComponents(old, now, documents);
        adoption = new Adoption(before, customization, gone, documents);
    }

    /// <summary>The packs with a customization that fits them, and what had to be decided for it.</summary>
    /// <param name="deployed">What is in force.</param>
    /// <param name="next">What shall be, with the customization as it is.</param>
    public static MergedPacks Run(PackSet deployed, PackSet next, MetadataChange change)
    {
        if (next.Customization is not { } customization || deployed.Customization != customization) return MergedPacks.Unmerged(next);
        var merge = new ThreeWayMerge(deployed, next, customization, change);
        return merge.before.Packs.SequenceEqual(merge.next.Packs) ? MergedPacks.Unmerged(next) : merge.Run();
    }

    private MergedPacks Run()
    {
        CompareComponents();
        ImmutableArray<DependentPart> dependents = [];
        if (old.Addresses.Any(gone.IsGone))
        {
            var facts = UsageIndex.FactsOf(before.Packs.Concat(next.Packs).Append((PackDefinition.Customization, customization)));
            adoption.Complete(() => UsesOfGone(facts));
            dependents = Dependents.TakeOut(() => UsesOfGone(facts), gone, documents);
        }

        CompareLabels();
        var layer = documents.ToFiles();
        if (!change.Uninstall.IsDefaultOrEmpty) notes.Add(Staying(layer));
        var packs = next.With(new PackSet([(PackDefinition.Customization, layer)]));
        return new(packs, conflicts.ToImmutable(), dependents, [.. adoption.Refusals], [.. notes, .. adoption.Notes]);
    }

    private static string Staying(PackFiles layer)
    {
        const int most = 20;
        var components = ComponentSet.OfLayer(PackDefinition.Customization, layer).Addresses.Where(IsMergeable).ToList();
        if (components.Count == 0) return "The customization says nothing about what stays.";
        return $"Of the customization stays {string.Join(", ", components.Take(most))}{(components.Count > most ? $" and {components.Count - most} more" : "")}.";
    }

    /// <summary>What the customization uses of what is gone. Labels go with what they name, and what it says about components of packs was decided.</summary>
    private IEnumerable<ComponentUse> UsesOfGone(TableFacts facts) => new UsageReader(PackDefinition.Customization, documents.ToFiles(), facts).Read()
        .Where(use => use.IsCertain && use.Kind is not (UseKind.Label or UseKind.Layer) && ComponentAddress.TryParse(use.By) is not null && gone.IsGone(use.Component));

    private void CompareComponents()
    {
        var layer = ComponentSet.OfLayer(PackDefinition.Customization, customization);
        foreach (var component in layer.Addresses.Where(IsMergeable))
        {
            var (was, becomes, own) = (old.Find(component), now.Find(component), layer.Find(component)!);
            if (was is null && becomes is null) continue;
            if (becomes is null) Removed(component, was!, own);
            else if (was is null) Added(component, becomes, own);
            else Changed(component, Flattened.Of(was), Flattened.Of(becomes), own);
        }
    }

    private void Removed(string component, JsonNode was, JsonNode own)
    {
        // As long as nobody has decided, the plan shows what becomes of it without the customization.
        if (Decide(new(component, "", LayerConflictKind.Removed, Flattened.Text(was), null, Flattened.Text(own))) == LayerChoice.Customization) adoption.Keep(component);
        else if (!adoption.Has(component)) documents.Remove(component);
    }

    private void Added(string component, JsonNode becomes, JsonNode own)
    {
        var differs = Flattened.Of(own).Any(property => Flattened.Of(becomes).GetValueOrDefault(property.Key) != property.Value);
        var choice = differs ? Decide(new(component, "", LayerConflictKind.Added, null, Flattened.Text(becomes), Flattened.Text(own))) : LayerChoice.Pack;
        if (component.StartsWith("role/", StringComparison.Ordinal) && Text(becomes["id"]) is var id && Text(own["id"]) is { } given && given != id)
            notes.Add($"'{component}' is the pack's from now on, with the id {id}: who had the customization's ({given}) has to be given it again.");
        if (choice == LayerChoice.Pack) documents.Remove(component);
        else documents.MakeExtension(component);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private void Changed(string component, SortedDictionary<string, string> was, SortedDictionary<string, string> becomes, JsonNode own)
    {
        foreach (var (pointer, value) in Flattened.Of(own))
        {
            if (IsKey(pointer, component) || value.StartsWith("{\"x-", StringComparison.Ordinal)) continue;
            var (had, has) = (was.GetValueOrDefault(pointer), becomes.GetValueOrDefault(pointer));
            if (had == has || (has ?? "null") == value) continue;
            if (Decide(new(component, pointer, LayerConflictKind.Changed, had, has, value == "null" ? null : value)) == LayerChoice.Pack) documents.RemoveProperty(component, pointer);
        }
    }

    /// <summary>Members by which items of lists are told apart are no values of their own.</summary>
    private static bool IsKey(string pointer, string component) =>
        pointer.EndsWith($"/{Overlay.After}", StringComparison.Ordinal)
        || (pointer.Split('/') is [.., var identity, "value" or "name" or "attribute" or "entity"] && identity.Length > 0)
        || (pointer == "/name" && component.Split('/')[0] is "key" or "index" or "app");

    private void CompareLabels()
    {
        foreach (var path in customization.Files.Keys.Where(path => path.StartsWith(LabelFolder, StringComparison.Ordinal)))
        {
            var language = Path.GetFileNameWithoutExtension(path);
            if (documents.Labels(language) is not { } labels) continue;
            DropLabelsOf(labels);
            var (packsHad, packsHave) = (LabelsOf(before, path), LabelsOf(next, path));
            foreach (var (pointer, value) in Flattened.Of(labels))
            {
                var (was, becomes) = (packsHad.GetValueOrDefault(pointer), packsHave.GetValueOrDefault(pointer));
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
    private void DropLabelsOf(JsonObject labels)
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
            if (component is not null && gone.IsGone(component)) documents.RemoveLabels(path);
        }
    }

    private LayerChoice? Decide(LayerConflict conflict)
    {
        LayerChoice? choice = change.Resolutions.TryGetValue(conflict.Id, out var given) ? given : change.ResolveAll ?? (change.WithDependents && conflict.Kind == LayerConflictKind.Removed ? LayerChoice.Pack : null);
        conflicts.Add(conflict with { Choice = choice });
        return choice;
    }

    private static bool IsMergeable(string component) =>
        component.Split('/')[0] is "entity" or "attribute" or "key" or "index" or "form" or "view" or "choice" or "role" or "relationship" or "app";
}
