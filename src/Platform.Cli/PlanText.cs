using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.Cli;

/// <summary>A plan as people read it.</summary>
internal static class PlanText
{
    private const int LongestValue = 100;

    public static string Of(JsonNode plan)
    {
        if ((bool)plan["isEmpty"]!) return $"Nothing to do: version {plan["baseVersion"]} is what is asked for.{Environment.NewLine}";
        var text = new StringBuilder();
        Line(text, $"On top of version {plan["baseVersion"]}:");
        foreach (var component in List(plan, "components"))
        {
            Line(text, $"  {Sign((string)component["change"]!)} {component["component"]} ({component["pack"]})");
            foreach (var property in List(component, "properties"))
                Line(text, $"      {property["pointer"]}: {Short(property["old"])} -> {Short(property["new"])}");
        }
        Section(text, "Database:", List(plan, "changes").Select(change => (string)change!));
        Section(text, "Parked, with their data, until they come back or are purged:", List(plan, "parks").Select(park => $"{park["component"]}: {park["rows"]} rows"));
        Section(text, "Notes:", List(plan, "notes").Select(note => (string)note!));
        Section(text, "In the way:", List(plan, "blockers").Select(Error));
        return text.ToString();
    }

    /// <summary>An error of a metadata file.</summary>
    public static string Error(JsonNode error) =>
        $"{error["file"]}#{error["pointer"]}{Environment.NewLine}    {error["reason"]}{Environment.NewLine}    {error["hint"]}";

    public static IEnumerable<JsonNode> List(JsonNode node, string name) => (node[name] as JsonArray ?? []).OfType<JsonNode>();

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0) return;
        Line(text, title);
        foreach (var line in all) Line(text, "  " + line);
    }

    // The whole value stands in the answer: --json.
    private static string Short(JsonNode? value) => (string?)value switch
    {
        null => "none",
        { Length: > LongestValue } text => text[..LongestValue] + "…",
        var text => text,
    };

    private static string Sign(string change) => change switch
    {
        "added" => "+",
        "removed" => "-",
        _ => "~",
    };

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private static void Line(StringBuilder text, string line) => text.AppendLine(line);
}
