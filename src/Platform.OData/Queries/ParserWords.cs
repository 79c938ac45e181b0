using System.Text.RegularExpressions;
using Microsoft.OData;

namespace Platform.OData.Queries;

/// <summary>What the URL parser says of a text, for the client that wrote it.</summary>
internal static partial class ParserWords
{
    /// <summary>The sentence without the names of the parser's own classes, which some of them hold, and without the words that we gave it instead of the client's.</summary>
    public static string Of(ODataException failure) =>
        OwnTypes().Replace(SearchWords.Restore(failure.Message), "").Replace(NamedFunctions.Column, "", StringComparison.Ordinal);

    [GeneratedRegex(@" ?'?Microsoft\.OData\.[\w.]+'?", RegexOptions.CultureInvariant)]
    private static partial Regex OwnTypes();
}
