using System.Collections.Immutable;

namespace Platform.Engine.Packs;

/// <summary>What each layer says about a component.</summary>
/// <param name="Component">Address, as in plans.</param>
/// <param name="Layers">Ids of the packs that say something about it, the lowest first; <c>customization</c> for the administrators' layer.</param>
/// <param name="Properties">In the order of their pointers; labels in other languages stand under <c>/labels/&lt;language&gt;</c>.</param>
public sealed record ComponentLayers(string Component, ImmutableArray<string> Layers, ImmutableArray<LayeredProperty> Properties);

/// <summary>A property and who decides about it.</summary>
/// <param name="Pointer">JSON pointer in the component; items of lists stand under their identity instead of their index.</param>
/// <param name="Value">JSON that holds; <c>null</c> when a layer took the property away.</param>
/// <param name="Winner">Id of the pack whose word it is.</param>
/// <param name="Values">What the layers say, the lowest first; those that leave the property alone are not listed.</param>
public sealed record LayeredProperty(string Pointer, string? Value, string Winner, ImmutableArray<LayerValue> Values);

/// <param name="Layer">Id of the pack.</param>
/// <param name="Value">JSON; <c>null</c> when the layer takes the property away.</param>
public sealed record LayerValue(string Layer, string? Value);
