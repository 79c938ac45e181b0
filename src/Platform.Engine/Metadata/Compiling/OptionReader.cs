using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads the values of choices: <c>[ { "value", "label", "color" } ]</c>.</summary>
internal static class OptionReader
{
    /// <param name="items">The array's items.</param>
    /// <param name="values">Values seen so far; a status value is unique over all states.</param>
    /// <param name="transitions">For statuses: takes the places that name a following status, to be checked when all are known.</param>
    /// <param name="place">Where the label files have the labels, by value.</param>
    public static ImmutableArray<ChoiceOption> Read(IEnumerable<JsonObject> items, HashSet<int> values, LabelPlace place, int? state = null, List<JsonNode>? transitions = null)
    {
        var options = ImmutableArray.CreateBuilder<ChoiceOption>();
        foreach (var item in items)
        {
            var value = item.Demand("value", "A whole number that is stored.")?.AsInteger();
            var english = item.DemandTitle("label", "The English text of the value.") ?? "";
            var color = item.Find("color") is { } node && node.AsText() is { } name && CheckColor(node, name) ? name : null;
            var next = transitions is null ? null : ReadTransitions(item, transitions);
            var isOfMerged = transitions is not null && item.Flag("merged", false);
            item.Close();
            if (value is not { } number) continue;
            if (!values.Add(number)) item.Find("value")!.Fail($"The value {number} stands twice.", "Give every value its own number.");
            options.Add(new(number, place.Child(number.ToString(CultureInfo.InvariantCulture)).Read(english), state, color) { Transitions = next, IsOfMerged = isOfMerged });
        }

        return options.ToImmutable();
    }

    private static ImmutableArray<int>? ReadTransitions(JsonObject item, List<JsonNode> places)
    {
        if (!item.Has("transitions")) return null;
        var next = ImmutableArray.CreateBuilder<int>();
        foreach (var node in item.Items("transitions"))
        {
            if (node.AsInteger() is not { } value) continue;
            places.Add(node);
            next.Add(value);
        }

        return next.ToImmutable();
    }

    private static bool CheckColor(JsonNode node, string color)
    {
        if (Names.IsColor(color)) return true;
        node.Fail($"'{color}' is not a colour of the palette.", "Name a colour in lower case, for example \"blue\" or \"red\".");
        return false;
    }
}
