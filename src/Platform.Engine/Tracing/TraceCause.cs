using System.Text.RegularExpressions;

namespace Platform.Engine.Tracing;

/// <summary>The reason of a failure without what differs from one time to the next, so that equal ones can be counted.</summary>
internal static partial class TraceCause
{
    /// <summary>Length of the column.</summary>
    private const int Longest = 400;

    public static string Of(string step, string error)
    {
        var line = error.ReplaceLineEndings(" ");
        var cause = $"{step}: {Numbers().Replace(Quoted().Replace(Ids().Replace(line, "…"), "'…'"), "#")}";
        return cause.Length <= Longest ? cause : cause[..Longest];
    }

    [GeneratedRegex("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", RegexOptions.CultureInvariant)]
    private static partial Regex Ids();

    [GeneratedRegex("'[^']*'", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    // The line of a script stays: it says where.
    [GeneratedRegex(@"(?<![\w(])[0-9]+(?:[.,][0-9]+)*", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
