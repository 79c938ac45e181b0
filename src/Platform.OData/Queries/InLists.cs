using System.Text.RegularExpressions;

namespace Platform.OData.Queries;

/// <summary>
/// The list of an <c>in</c>. The library reads it as JSON, where days and points in time stand in quotes, and a
/// backslash is no character like others: both are made so before it sees the text.
/// </summary>
internal static partial class InLists
{
    /// <param name="text">An option of a URL, decoded.</param>
    public static string AsJson(string text) =>
        text.Contains(" in", StringComparison.Ordinal) ? Lists().Replace(text, list => list.Value[0] == '\'' ? list.Value : Items().Replace(list.Value, AsJson)) : text;

    private static string AsJson(Match item) => item.Value[0] == '\'' ? item.Value.Replace("\\", "\\\\", StringComparison.Ordinal) : $"'{item.Value}'";

    // A text is matched as a whole, so that nothing in it is taken for a list.
    [GeneratedRegex(@"'(?:[^']|'')*'|(?<=\s)in\s*\((?:[^()']|'(?:[^']|'')*')*\)")]
    private static partial Regex Lists();

    [GeneratedRegex(@"'(?:[^']|'')*'|(?<=[(,]\s*)-?\d{4,}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?(?=\s*[,)])")]
    private static partial Regex Items();
}
