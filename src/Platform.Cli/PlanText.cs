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
        Section(text, "Parked, with their data, until they come back or are purged:", List(plan, "parks").Select(park => $"{park["component"]}: {park["rows"]} {((long?)park["rows"] == 1 ? "row" : "rows")}"));
        Section(text, "Changed by the packs and by the customization:", List(plan, "conflicts").Select(Conflict));
        Section(text, "Of the customization, standing on what is taken out:", List(plan, "dependents").Select(Dependent));
        Section(text, "Notes:", List(plan, "notes").Select(note => (string)note!));
        Section(text, "In the way:", List(plan, "blockers").Select(Error));
        return text.ToString();
    }

    /// <summary>What layers say about a component.</summary>
    public static string Layers(JsonNode layers)
    {
        var text = new StringBuilder();
        Line(text, $"{layers["component"]}, said by {string.Join(", ", List(layers, "layers").Select(layer => (string)layer!))}:");
        foreach (var property in List(layers, "properties"))
        {
            Line(text, $"  {property["pointer"]}: {Short(property["value"])} ({property["winner"]})");
            var values = List(property, "values").ToList();
            foreach (var value in values.Take(values.Count - 1)) Line(text, $"      {value["layer"]}: {Short(value["value"])}");
        }

        return text.ToString();
    }

    /// <summary>An index that is not there yet.</summary>
    public static string Build(JsonNode build) => $"{build["name"]}  {build["state"]} since {build["since"]}{(build["failure"] is { } failure ? $"  {failure}" : "")}";

    /// <summary>Differences of two systems.</summary>
    public static string Drift(SystemDrift drift)
    {
        var text = new StringBuilder();
        Section(text, "Packs, A | B:", drift.Packs.Select(pack => $"{pack!["pack"]}: {Short(pack["a"])} | {Short(pack["b"])}"));
        if (drift.Components.Count > 0) Line(text, "Components, A | B:");
        foreach (var component in drift.Components.OfType<JsonNode>())
        {
            var (sign, where) = (string)component["drift"]! switch { "onlyA" => ("-", ", only in A"), "onlyB" => ("+", ", only in B"), _ => ("~", "") };
            Line(text, $"  {sign} {component["component"]} ({component["pack"]}){where}");
            foreach (var property in List(component, "properties")) Line(text, $"      {property["pointer"]}: {Side(property["a"])} | {Side(property["b"])}");
        }

        Line(text, drift.IsNone ? "No drift: the same packs and components are in force." : $"{drift.Packs.Count} packs and {drift.Components.Count} components differ.");
        return text.ToString();
    }

    private static string Side(JsonNode? side) => side is null ? "none" : $"{Short(side["value"])} ({side["layer"]})";

    private static string Conflict(JsonNode conflict)
    {
        var decision = (string?)conflict["choice"] switch { "customization" => "the customization prevails", "pack" => "the pack prevails", _ => "to be decided" };
        return $"{conflict["id"]}: before {Short(conflict["before"])}, pack {Short(conflict["now"])}, customization {Short(conflict["customization"])}: {decision}";
    }

    private static string Dependent(JsonNode part) => (bool)part["goesWhole"]!
        ? $"{part["component"]}: uses {part["uses"]}"
        : $"{part["component"]}, at {part["file"]}#{part["place"]}: uses {part["uses"]}";

    /// <summary>That a component is used.</summary>
    public static string Use(JsonNode use) => (bool)use["isCertain"]!
        ? $"{use["by"]}  {use["kind"]}  {use["pack"]}/{use["file"]}#{use["place"]}"
        : $"{use["by"]}  mentioned in {use["pack"]}/{use["file"]}({use["place"]})";

    /// <summary>An error of a metadata file.</summary>
    public static string Error(JsonNode error)
    {
        // What is wrong with no file has no place.
        var place = ((string?)error["file"], (string?)error["pointer"]) is ("" or null, "" or null) ? "" : $"{error["file"]}#{error["pointer"]}{Environment.NewLine}    ";
        return $"{place}{error["reason"]}{Environment.NewLine}    {error["hint"]}";
    }

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
