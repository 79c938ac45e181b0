using System.Text.RegularExpressions;
using Microsoft.OData;

namespace Platform.OData.Queries;

/// <summary>What the URL parser says of a text, for the client that wrote it.</summary>
internal static partial class ParserWords
{
    /// <summary>The sentence without the names of the parser's own classes, which some of them hold.</summary>
    public static string Of(ODataException failure) => OwnTypes().Replace(failure.Message, "");

    [GeneratedRegex(@" ?'?Microsoft\.OData\.[\w.]+'?", RegexOptions.CultureInvariant)]
    private static partial Regex OwnTypes();
}
