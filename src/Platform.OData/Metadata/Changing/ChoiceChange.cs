using System.Text.Json.Nodes;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Customization;

namespace Platform.OData.Metadata.Changing;

/// <summary>Turns global choices as Dataverse's clients write them into files under <c>choices/</c>.</summary>
internal sealed class ChoiceChange(MetadataSnapshot metadata, CustomizationDraft draft, bool merge)
{
    /// <returns>Its name.</returns>
    /// <exception cref="PlatformException">The body is no such choice, or there is one of the name.</exception>
    public string Create(DefinitionBody body)
    {
        var name = DefinitionNames.Logical(body.DemandText("Name"), "Name");
        var component = $"choice/{name}";
        if (draft.Find(component) is not null) throw Errors.DefinitionExists("global choice", name);
        if (body.Type is not ("OptionSetMetadata" or "")) throw Errors.NotOffered($"Global choices of the type {body.Type}");
        var label = body.Label("DisplayName") ?? throw body.Missing("DisplayName");
        if (body.Objects("Options").Count == 0) throw body.Missing("Options");
        var values = OptionsBody.Read(body.Objects("Options"), draft, component, [], merge);
        draft.Put(component, new JsonObject { ["title"] = label.English, ["values"] = values });
        label.WriteTranslations(draft, component, "title", null, merge);
        return name;
    }

    public void Update(string name, DefinitionBody body)
    {
        var component = $"choice/{name}";
        var choice = draft.Find(component) ?? throw Errors.UnknownDefinition("global choice", name, metadata.Choices.Select(known => known.Name));
        var current = metadata.Choices.FirstOrDefault(known => known.Name == name);
        var label = body.Label("DisplayName");
        if (label is { HasEnglish: true }) choice["title"] = label.English;
        if (body.Has("Options")) choice["values"] = OptionsBody.Read(body.Objects("Options"), draft, component, current?.Options ?? [], merge);
        draft.Put(component, choice);
        label?.WriteTranslations(draft, component, "title", current?.Title, merge);
    }
}
