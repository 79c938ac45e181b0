namespace Platform.Engine.Metadata.Compiling;

/// <summary>How long texts may be that people read: every one of them is in force in every page and every answer about its component.</summary>
internal static class LabelText
{
    /// <summary>Characters of titles and labels.</summary>
    public const int LongestTitle = 400;

    /// <summary>Characters of descriptions and of what scripts say.</summary>
    public const int LongestDescription = 2000;

    /// <summary>A title or label that must be there.</summary>
    /// <param name="why">What it is, for the one who left it out.</param>
    public static string? DemandTitle(this JsonObject file, string key, string why) => Read(file.Demand(key, why), LongestTitle);

    public static string? Title(this JsonObject file, string key) => Read(file.Find(key), LongestTitle);

    public static string? Description(this JsonObject file, string key) => Read(file.Find(key), LongestDescription);

    /// <summary>Reports a text that is too long.</summary>
    public static void Check(JsonNode place, string text, int longest)
    {
        // A character beyond the first 65,536 is two in memory and one to people, and to JSON Schema.
        if (text.Length <= longest || text.EnumerateRunes().Count() is var count && count <= longest) return;
        place.File.FailUnlessStored(place.Pointer, $"The text has {count} characters.", $"Titles and labels have at most {LongestTitle} characters, descriptions and messages at most {LongestDescription}.");
    }

    private static string? Read(JsonNode? node, int longest)
    {
        if (node?.AsText() is not { } text) return null;
        Check(node, text, longest);
        return text;
    }
}
