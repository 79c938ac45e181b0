namespace Platform.Engine.Packs.Customization;

/// <summary>Which components there were and are no more: the packs gave them up, and the customization does not declare them.</summary>
/// <param name="old">Components of the packs before.</param>
/// <param name="now">Components of the packs as they will be.</param>
internal sealed class GoneComponents(ComponentSet old, ComponentSet now, LayerDocuments documents)
{
    // Declared by the customization, and taken out of it.
    private readonly HashSet<string> removed = new(StringComparer.Ordinal);

    public ComponentSet Old => old;

    public bool IsGone(string component) =>
        (removed.Contains(component) || (old.Find(component) is not null && now.Find(component) is null)) && (ComponentAddress.TryParse(component) is null || !documents.Declares(component));

    /// <summary>Takes a component out of the customization that declares it, with its labels.</summary>
    public void Remove(string component)
    {
        documents.RemoveLabels(documents.LabelPathOf(component));
        documents.Remove(component);
        removed.Add(component);
    }
}
