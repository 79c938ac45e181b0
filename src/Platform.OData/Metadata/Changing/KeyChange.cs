using System.Text.Json.Nodes;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Customization;

namespace Platform.OData.Metadata.Changing;

/// <summary>Turns an alternate key as Dataverse's clients write it into the form of <c>entity.json</c>.</summary>
internal sealed class KeyChange(CustomizationDraft draft)
{
    /// <returns>The key's logical name.</returns>
    /// <exception cref="PlatformException">The body is no such key, or there is one of the name.</exception>
    public string Create(EntityDefinition entity, DefinitionBody body)
    {
        if (body.Type is not ("EntityKeyMetadata" or "")) throw Errors.BadRequest($"'{body.Type}' is no key.", "EntityKeyMetadata.");
        var name = DefinitionNames.Logical(body.DemandText("SchemaName"));
        var component = $"key/{entity.LogicalName}/{name}";
        if (entity.Keys.Any(known => known.Name == name) || draft.Find(component) is not null) throw Errors.DefinitionExists($"key of '{entity.LogicalName}'", name);
        var attributes = body.Texts("KeyAttributes");
        if (attributes.Count == 0) throw body.Missing("KeyAttributes");
        foreach (var attribute in attributes.Where(attribute => entity.Find(attribute) is null)) throw Errors.UnknownAttribute(entity.LogicalName, attribute);
        var label = body.Label("DisplayName") ?? throw body.Missing("DisplayName");
        draft.Put(component, new JsonObject { ["name"] = name, ["title"] = label.English, ["attributes"] = new JsonArray([.. attributes.Select(attribute => (JsonNode)attribute)]) });
        label.WriteTranslations(draft, component, "", null, merge: true);
        return name;
    }
}
