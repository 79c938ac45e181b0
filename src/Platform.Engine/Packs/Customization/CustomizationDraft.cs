using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Packs.Customization;

/// <summary>
/// The customization while an administrator changes it. Components are read and written as they hold in the end; the
/// draft works out what the layer has to say so that they do.
/// </summary>
public sealed class CustomizationDraft
{
    private const string Manifest = """
        {
          "id": "customization",
          "version": "1.0.0",
          "publisher": { "prefix": "", "name": "Administrators of this installation" },
          "title": "Customization"
        }

        """;

    private readonly PackSet packs;
    private readonly ComponentSet below;
    private readonly LayerDocuments documents;
    private ComponentSet? current;

    internal CustomizationDraft(PackSet deployed)
    {
        packs = deployed.BelowCustomization;
        below = ComponentSet.Of(packs);
        var layer = deployed.Customization ?? new PackFiles(PackDefinition.Customization, ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(PackSet.Manifest, Manifest));
        documents = new LayerDocuments(layer);
    }

    /// <summary>The content of a component as it holds with the changes so far; a copy. <c>null</c> when there is none.</summary>
    /// <param name="component"><c>attribute/contact/emailaddress1</c>; in columns the member <c>required</c> says whether a row must have a value.</param>
    /// <exception cref="PlatformException">The name is none of a component that can be changed.</exception>
    public JsonObject? Find(string component)
    {
        ComponentAddress.Parse(component);
        return (Current.Find(component) as JsonObject)?.DeepClone() as JsonObject;
    }

    /// <summary>Makes a component hold as given; one that nobody has is declared by the customization.</summary>
    /// <exception cref="PlatformException">The name is none of a component that can be changed, or none that an administrator can give.</exception>
    public void Put(string component, JsonObject content)
    {
        var address = ComponentAddress.Parse(component);
        if (below.Find(component) is not JsonObject known) Declare(component, address, content);
        else if (OverlayDiff.Between(known, content) is { } part) documents.Write(component, part, extends: true);
        else documents.Remove(component);
        current = null;
    }

    private void Declare(string component, ComponentAddress address, JsonObject content)
    {
        var known = Current.Find(component);
        if (known is null && IsNamedByAdministrators(address)) DemandOwnPrefix(component, address.Name);
        // The set is a name of its own: 'leads' is what a pack that has the table 'lead' calls it.
        if (address.Kind == "entity" && EntitySetOf(content) is { } set && set != EntitySetOf(known)) DemandOwnPrefix(set, set);
        if (address.Kind == "app")
        {
            if (documents.OwnApp is { } other && other != address.Name) throw Errors.SecondApp(component, other);
            if (content["name"] is { } name && !(name is JsonValue value && value.TryGetValue<string>(out var text) && text == address.Name)) throw Errors.NameOfAnotherApp(component, name.ToString());
            content = (JsonObject)content.DeepClone();
            content["name"] = address.Name;
        }

        documents.Write(component, content, extends: false);
    }

    private static bool IsNamedByAdministrators(ComponentAddress address) => address.Kind is "entity" or "attribute" or "key" or "index" or "choice" or "relationship";

    private static string? EntitySetOf(JsonNode? entity) =>
        entity is JsonObject table && table["x-entity"] is JsonObject head && head["entitySetName"] is JsonValue value && value.TryGetValue<string>(out var name) ? name : null;

    /// <summary>New names keep apart from those that packs bring: as in Dataverse they begin with a prefix, and not with that of an installed pack.</summary>
    private void DemandOwnPrefix(string component, string name)
    {
        if (name.Split('_', 2) is not [var prefix, { Length: > 0 }] || !Metadata.Compiling.Names.IsPrefix(prefix)) throw Errors.NameWithoutPrefix(component, name);
        foreach (var (id, _) in packs.Packs)
        {
            if (below.Find($"pack/{id}")?["publisher"]?["prefix"]?.GetValue<string>() == prefix) throw Errors.PrefixOfPack(component, prefix, id);
        }
    }

    /// <summary>Takes a component away, or what the customization says about one of a pack.</summary>
    /// <exception cref="PlatformException">A pack declares it, and the customization says nothing about it.</exception>
    public void Remove(string component)
    {
        var layer = ComponentSet.OfLayer(PackDefinition.Customization, documents.ToFiles());
        if (layer.Find(component) is null)
            throw Current.PackOf(component) is { } pack ? Errors.ManagedComponent(component, pack) : Errors.UnknownComponent(component);
        var address = ComponentAddress.Parse(component);
        // What it says about the table of a pack leaves the labels of that table's columns alone.
        if (address.Kind != "entity" || documents.Declares(component)) documents.RemoveLabels(documents.LabelPathOf(component));
        documents.Remove(component);
        current = null;
    }

    /// <summary>Takes away a component that the customization declares.</summary>
    /// <exception cref="PlatformException">A pack declares it, or there is none.</exception>
    public void Delete(string component)
    {
        if (below.PackOf(component) is { } pack) throw Errors.ManagedComponent(component, pack);
        Remove(component);
    }

    /// <summary>The content of a component as the packs have it, without the customization; a copy. <c>null</c> when they have none.</summary>
    public JsonObject? FindInPacks(string component) => below.Find(component)?.DeepClone() as JsonObject;

    /// <summary>Takes labels of something inside a component away, in all languages.</summary>
    /// <param name="path">Below the component, as in label files.</param>
    public void RemoveLabels(string component, string path) =>
        documents.RemoveLabels([.. documents.LabelPathOf(component), .. path.Split('/', StringSplitOptions.RemoveEmptyEntries)]);

    /// <summary>Sets a label in a language other than English.</summary>
    /// <param name="path">Below the component, as in label files: <c>title</c>, <c>choices/1</c>; empty for components whose only label is their title.</param>
    /// <param name="text"><c>null</c>: as the packs have it.</param>
    public void SetLabel(string language, string component, string path, string? text) =>
        documents.SetLabel(language, [.. documents.LabelPathOf(component), .. path.Split('/', StringSplitOptions.RemoveEmptyEntries)], text);

    internal PackFiles ToFiles() => documents.ToFiles();

    private ComponentSet Current => current ??= ComponentSet.Of(packs.With(new PackSet([(PackDefinition.Customization, documents.ToFiles())])));
}
