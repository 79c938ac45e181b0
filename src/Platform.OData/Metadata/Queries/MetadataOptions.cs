using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Platform.Engine;

namespace Platform.OData.Metadata.Queries;

/// <summary>The query string of a request for definitions.</summary>
internal sealed class MetadataOptions
{
    private const string Languages = "LabelLanguages";

    private static readonly string[] Offered = ["$select", "$filter", "$expand", "$count"];

    /// <summary>Definitions come all at once and in the order of their names, as in Dataverse; what it keeps as rows can be sorted and cut off.</summary>
    private static readonly string[] ForRows = ["$top", "$orderby"];

    private static readonly string[] ForNone = ["$skip", "$skiptoken", "$search", "$apply", "$compute", "$deltatoken"];

    private readonly bool ofRows;

    private MetadataOptions(bool ofRows) => this.ofRows = ofRows;

    /// <summary>Options by name, those that the URL parser understands.</summary>
    public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Languages that the labels of the answer are cut down to; empty: all.</summary>
    public ImmutableArray<int> LabelLanguages { get; private set; } = [];

    public string? this[string name] => Values.GetValueOrDefault(name);

    /// <exception cref="PlatformException">An option that does not exist, is given twice, or has no use for definitions (400).</exception>
    /// <param name="ofRows">They are about what Dataverse keeps as rows of a table: those can be sorted and cut off.</param>
    public static MetadataOptions Read(IQueryCollection query, bool ofRows)
    {
        var options = new MetadataOptions(ofRows);
        foreach (var (name, values) in query)
        {
            if (values.Count > 1 && (name.StartsWith('$') || name.StartsWith('@'))) throw Errors.BadRequest($"The query option '{name}' is given twice.");
            options.Add(name.Trim(), values.ToString());
        }
        return options;
    }

    private void Add(string name, string value)
    {
        var isForRows = Array.IndexOf(ForRows, name) >= 0;
        if (Array.IndexOf(ForNone, name) >= 0 || (isForRows && !ofRows)) throw Errors.MetadataOption(name);
        if (name == "$format")
        {
            if (value != "json" && !value.StartsWith("application/json", StringComparison.Ordinal)) throw Errors.NotOffered($"$format={value}");
        }
        else if (name.StartsWith('$') && Array.IndexOf(Offered, name) < 0 && !isForRows) throw Errors.BadRequest($"There is no query option '{name}'.", $"Definitions are read with {string.Join(", ", Offered)}.");
        else if (Array.IndexOf(Offered, $"${name}") >= 0) throw Errors.BadRequest($"The query option '{name}' lacks its dollar sign.", $"Write ${name}.");
        else if (name == Languages) LabelLanguages = ReadLanguages(value);
        else if (name.StartsWith('$') || name.StartsWith('@')) Values[name] = value;
    }

    private static ImmutableArray<int> ReadLanguages(string text) =>
    [
        .. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item =>
            int.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : throw Errors.BadRequest($"{Languages} expects numbers of languages such as 1033,1042, found '{item}'.")),
    ];
}
