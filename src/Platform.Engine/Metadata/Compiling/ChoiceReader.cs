namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>choices/&lt;name&gt;.json</c>.</summary>
internal static class ChoiceReader
{
    public static void Read(PackDraft pack, MetadataDraft draft)
    {
        foreach (var file in pack.Layout.Choices)
        {
            var name = PackLayout.NameOf(file);
            if (pack.Open(file) is not { } choice)
            {
                pack.Labels.Excuse("choices", name);
                draft.Choices.TryAdd(name, new(name, name, pack.Id, []));
                continue;
            }

            Names.Check(choice.Node, name, pack);
            var title = pack.Labels.Read(choice.DemandTitle("title", "The English title of the choice.") ?? name, "choices", name, "title");
            if (choice.Demand("values", "[ { \"value\": 1, \"label\": \"…\" } ]") is { IsArray: true } values && values.Value.GetArrayLength() == 0)
                values.Fail("A choice without values.", "Give it at least one value.");
            var options = OptionReader.Read(choice.Objects("values"), [], pack.Labels.Place("choices", name, "choices"));
            choice.Close();
            if (!draft.Choices.TryAdd(name, new(name, title, pack.Id, options)))
                choice.Node.Fail($"The choice '{name}' exists already in the pack '{draft.Choices[name].Pack}'.", "Give it another name, or add to that one with x-extends.");
        }
    }
}
