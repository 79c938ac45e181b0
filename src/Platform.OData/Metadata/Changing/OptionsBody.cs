using System.Text.Json.Nodes;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Customization;

namespace Platform.OData.Metadata.Changing;

/// <summary>Values of a choice as a client writes them.</summary>
internal static class OptionsBody
{
    /// <summary>What Dataverse numbers values from that bring no number.</summary>
    public const int FirstValue = 100_000_000;

    /// <summary>The values in the form of the files; their translations go to the draft.</summary>
    /// <param name="component">Component that has the choice.</param>
    /// <param name="known">Values as they hold.</param>
    /// <exception cref="PlatformException">A value has no label, or is there twice.</exception>
    public static JsonArray Read(IReadOnlyList<DefinitionBody> options, CustomizationDraft draft, string component, IReadOnlyList<ChoiceOption> known, bool merge)
    {
        var values = new JsonArray();
        var used = options.Select(option => option.Integer("Value")).OfType<int>().ToHashSet();
        var next = Math.Max(FirstValue, used.DefaultIfEmpty(0).Max() + 1);
        foreach (var option in options)
        {
            var value = option.Integer("Value") ?? next++;
            var current = known.FirstOrDefault(other => other.Value == value);
            var label = option.Label("Label");
            if (label is null && current is null) throw option.Missing("Label");
            var written = new JsonObject { ["value"] = value, ["label"] = label is { HasEnglish: true } || current is null ? label!.English : current.Label.English };
            if (option.Text("Color") is { Length: > 0 } color && !color.StartsWith('#')) written["color"] = color;
            values.Add(written);
            label?.WriteTranslations(draft, component, $"choices/{value}", current?.Label, merge);
        }

        // Values go by DeleteOptionValue alone, as in Dataverse: rows may have them.
        foreach (var left in known.Where(option => values.All(item => (int)item!["value"]! != option.Value)))
        {
            var kept = new JsonObject { ["value"] = left.Value, ["label"] = left.Label.English };
            if (left.Color is { } color) kept["color"] = color;
            values.Add(kept);
        }

        return values;
    }
}
