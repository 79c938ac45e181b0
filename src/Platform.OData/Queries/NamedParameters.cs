using System.Text.RegularExpressions;

namespace Platform.OData.Queries;

/// <summary>The parameters of a query function: <c>PropertyName='x',PropertyValues=['1','2']</c>, each written there or as the alias of a value elsewhere in the URL (<c>@p1</c>).</summary>
internal sealed partial class NamedParameters
{
    private readonly string written;
    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private NamedParameters(string written) => this.written = written;

    /// <param name="aliases">Values of the URL's parameter aliases.</param>
    public static NamedParameters Read(string text, IDictionary<string, string> aliases)
    {
        var parameters = new NamedParameters(text);
        foreach (Match match in Parameter().Matches(text))
        {
            var value = match.Groups["value"].Value;
            parameters.values[match.Groups["name"].Value] = aliases.TryGetValue(value, out var elsewhere) ? elsewhere.Trim() : value;
        }
        return parameters;
    }

    /// <summary>A text in single or double quotes; <c>null</c> for anything else.</summary>
    public string? Text(string name) =>
        values.GetValueOrDefault(name) is [var first and ('\'' or '"'), .. var text, var last] && first == last ? text : null;

    /// <summary>Items between brackets, with or without quotes; <c>null</c> for anything else.</summary>
    public IReadOnlyList<string>? List(string name) =>
        values.GetValueOrDefault(name) is ['[', .. var items, ']'] ? [.. items.Split(',').Select(item => item.Trim().Trim('\'', '"'))] : null;

    public override string ToString() => written;

    [GeneratedRegex("""(?<name>\w+)\s*=\s*(?<value>'[^']*'|"[^"]*"|\[[^\]]*\]|@\w+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();
}
