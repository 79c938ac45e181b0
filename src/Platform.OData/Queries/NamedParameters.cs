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

    /// <summary>What <c>PropertyValue</c>, <c>PropertyValues</c>, or <c>PropertyValue1</c> and <c>PropertyValue2</c> say, without quotes; <c>null</c> for that word.</summary>
    public IReadOnlyList<string?> Values()
    {
        if (values.TryGetValue("PropertyValues", out var list))
            return list is ['[', .. var items, ']'] ? [.. Item().Matches(items).Select(match => Bare(match.Value))] : [Bare(list)];
        return [.. new[] { "PropertyValue", "PropertyValue1", "PropertyValue2" }.Where(values.ContainsKey).Select(name => Bare(values[name]))];
    }

    private static string? Bare(string value) => value.Trim() switch
    {
        ['\'', .. var text, '\''] => text.Replace("''", "'", StringComparison.Ordinal),
        ['"', .. var text, '"'] => text,
        "null" => null,
        var other => other,
    };

    public override string ToString() => written;

    [GeneratedRegex("""(?<name>\w+)\s*=\s*(?<value>'(?:[^']|'')*'|"[^"]*"|\[(?:'(?:[^']|'')*'|"[^"]*"|[^\]'"])*\]|@\w+|[^,\s]+)""", RegexOptions.CultureInvariant)]
    private static partial Regex Parameter();

    [GeneratedRegex("""'(?:[^']|'')*'|"[^"]*"|[^,\s]+""", RegexOptions.CultureInvariant)]
    private static partial Regex Item();
}
