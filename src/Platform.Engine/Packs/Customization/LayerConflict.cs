namespace Platform.Engine.Packs;

/// <summary>Who prevails where a pack and the customization changed the same.</summary>
public enum LayerChoice
{
    /// <summary>What the administrators of the installation made of it.</summary>
    Customization,

    /// <summary>What the new version of the pack makes of it; the customization gives way.</summary>
    Pack,
}

/// <summary>What the packs did to something that the customization changes.</summary>
public enum LayerConflictKind
{
    /// <summary>The property has another value.</summary>
    Changed,

    /// <summary>The component is gone.</summary>
    Removed,

    /// <summary>The customization declares a component that a pack now brings as well.</summary>
    Added,
}

/// <summary>Packs and customization changed the same since they last agreed.</summary>
/// <param name="Component">Address, as in <see cref="ComponentChange"/>.</param>
/// <param name="Pointer">Property in the component; items of lists stand under their identity. Empty for the whole component.</param>
/// <param name="Before">JSON that the packs had; <c>null</c> when nothing.</param>
/// <param name="Now">JSON that the packs bring; <c>null</c> when it is gone.</param>
/// <param name="Customization">JSON of the customization; <c>null</c> when it takes the property away.</param>
/// <param name="Choice">Who prevails; <c>null</c> as long as nobody has said.</param>
public sealed record LayerConflict(string Component, string Pointer, LayerConflictKind Kind, string? Before, string? Now, string? Customization, LayerChoice? Choice = null)
{
    /// <summary>Names the conflict in <see cref="MetadataChange.Resolutions"/>: <c>attribute/contact/emailaddress1#/title</c>.</summary>
    public string Id => $"{Component}#{Pointer}";
}
