using System.Text.Json.Nodes;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Customization;

namespace Platform.OData.Metadata.Changing;

/// <summary>A choice whose values an action changes: a global one, or that of a column.</summary>
/// <param name="content">The component that has the values.</param>
internal sealed class OptionsPlace(CustomizationDraft draft, string component, JsonObject content, JsonArray values, IReadOnlyList<ChoiceOption> known)
{
    /// <exception cref="PlatformException">The parameters name no choice.</exception>
    public static OptionsPlace Of(MetadataSnapshot metadata, CustomizationDraft draft, DefinitionBody body)
    {
        var choice = body.Text("OptionSetName");
        if (choice is null)
        {
            var (entity, attribute) = (body.DemandText("EntityLogicalName"), body.DemandText("AttributeLogicalName"));
            var column = draft.Find($"attribute/{entity}/{attribute}");
            if (column?["x-choice"] is JsonArray own) return new(draft, $"attribute/{entity}/{attribute}", column, own, metadata.Find(entity)?.Find(attribute)?.Options ?? []);
            choice = (string?)column?["x-choice"] ?? throw Errors.BadRequest($"'{entity}' has no column '{attribute}' with values of a choice that can be changed.");
        }

        if (draft.Find($"choice/{choice}") is not { } global || global["values"] is not JsonArray values)
            throw Errors.UnknownDefinition("global choice", choice, metadata.Choices.Select(other => other.Name));
        return new(draft, $"choice/{choice}", global, values, metadata.Choices.FirstOrDefault(other => other.Name == choice)?.Options ?? []);
    }

    /// <returns>The new value.</returns>
    public int Insert(int? value, DefinitionBody body)
    {
        var number = value ?? Math.Max(OptionsBody.FirstValue, values.Max(item => (int)item!["value"]!) + 1);
        if (Find(number) is not null) throw Errors.DefinitionExists("value of the choice", $"{number}");
        var label = body.Label("Label") ?? throw body.Missing("Label");
        values.Add(new JsonObject { ["value"] = number, ["label"] = label.English });
        draft.Put(component, content);
        label.WriteTranslations(draft, component, $"choices/{number}", null, merge: true);
        return number;
    }

    public void Update(int value, DefinitionBody body)
    {
        var item = Demand(value);
        var label = body.Label("Label") ?? throw body.Missing("Label");
        if (label.HasEnglish) item["label"] = label.English;
        draft.Put(component, content);
        label.WriteTranslations(draft, component, $"choices/{value}", known.FirstOrDefault(option => option.Value == value)?.Label, body.Flag("MergeLabels") ?? false);
    }

    public void Delete(int value)
    {
        values.Remove(Demand(value));
        draft.Put(component, content);
        draft.RemoveLabels(component, $"choices/{value}");
    }

    /// <summary><c>Values</c>: all values, in the order that they shall have.</summary>
    public void Order(DefinitionBody body)
    {
        if (body.Json["Values"] is not JsonArray wanted) throw body.Missing("Values");
        var ordered = wanted.Select(item => Demand(item is JsonValue number && number.TryGetValue<int>(out var value) ? value : throw body.Wrong("Values", "a list of whole numbers"))).Distinct().ToList();
        if (ordered.Count != values.Count) throw Errors.BadRequest($"The choice has {values.Count} values, {ordered.Count} are given.", "Values names every one once.");
        values.Clear();
        foreach (var item in ordered) values.Add(item);
        draft.Put(component, content);
    }

    private JsonObject? Find(int value) => values.OfType<JsonObject>().FirstOrDefault(item => (int?)item["value"] == value);

    private JsonObject Demand(int value) => Find(value) ?? throw Errors.BadRequest($"The choice has no value {value}.");
}
