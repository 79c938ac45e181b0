using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Packs.Customization;

/// <summary>Lists everything that holds in an installation, with the layer that decides about it, so that two installations can be compared.</summary>
internal sealed class ComponentInventory
{
    /// <summary>Labels that belong to no component by themselves.</summary>
    private static readonly string[] LabelsOfPack = ["/pack/", "/messages/", $"/entities/{RoleDefinition.AnyEntity}/"];

    private readonly ComponentSet effective;
    private readonly List<Layer> layers;

    private ComponentInventory(PackSet packs)
    {
        effective = ComponentSet.Of(packs);
        layers = [.. packs.Packs.OrderBy(entry => entry.Id == PackDefinition.Customization).Select(entry => new Layer(entry.Id, ComponentSet.OfLayer(entry.Id, entry.Pack), LayerReport.LabelFiles(entry.Pack)))];
    }

    public static ImmutableArray<ComponentState> Of(PackSet packs)
    {
        var inventory = new ComponentInventory(packs);
        // That there is a layer of the administrators is no component; what it says is part of those that it changes.
        return [.. inventory.effective.Addresses.Where(address => address != $"pack/{PackDefinition.Customization}").Select(inventory.State).Where(state => !state.Properties.IsEmpty)];
    }

    private ComponentState State(string component)
    {
        var holds = Flattened.Of(effective.Find(component));
        if (IsLabels(component)) foreach (var pointer in holds.Keys.Where(pointer => !LabelsOfPack.Any(group => pointer.StartsWith(group, StringComparison.Ordinal))).ToList()) holds.Remove(pointer);
        var decides = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            foreach (var pointer in Flattened.Of(layer.Says.Find(component)).Keys) decides[pointer] = layer.Id;
            foreach (var (pointer, label) in LayerReport.LabelsOf(layer.Labels, component)) (holds[pointer], decides[pointer]) = (label, layer.Id);
        }

        var declaredBy = effective.PackOf(component)!;
        return new ComponentState(component, declaredBy, [.. holds.Select(property => new PropertyState(property.Key, property.Value, LayerOf(property.Key, decides) ?? declaredBy))]);
    }

    /// <summary>Who says it, or something of which it is a part.</summary>
    private static string? LayerOf(string pointer, Dictionary<string, string> decides)
    {
        for (var at = pointer; ; at = at[..at.LastIndexOf('/')])
        {
            if (decides.TryGetValue(at, out var layer)) return layer;
            if (at.Length == 0) return null;
        }
    }

    private static bool IsLabels(string component) => component.Split('/') is ["file", _, "labels", _];

    private sealed record Layer(string Id, ComponentSet Says, ImmutableArray<(string Language, JsonNode? Labels)> Labels);
}
