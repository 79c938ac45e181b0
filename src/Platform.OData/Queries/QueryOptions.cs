using Platform.Engine;

namespace Platform.OData.Queries;

/// <summary>The options of a query string, decoded and checked for their names; their values are the parser's matter.</summary>
internal sealed class QueryOptions
{
    private static readonly string[] Offered = ["$select", "$expand", "$filter", "$orderby", "$top", "$skip", "$count", "$apply", "$search", "$compute"];
    private static readonly string[] System = ["select", "filter", "orderby", "top", "count", "expand", "apply", "search", "skip", "skiptoken", "compute"];
    private static readonly string[] OtherLanguages = ["fetchXml", PersonalView];

    /// <summary>Names a view of metadata.</summary>
    public const string View = "savedQuery";

    /// <summary>Names a view that is a user's row.</summary>
    public const string PersonalView = "userQuery";

    private readonly Dictionary<string, string> values = new(StringComparer.Ordinal);

    private QueryOptions()
    {
    }

    /// <summary>Options by name, those that the URL parser understands.</summary>
    public Dictionary<string, string> Values => values;

    /// <summary>Id of the view whose options hold beside these, as written; <c>null</c> for none.</summary>
    public string? SavedQuery { get; private set; }

    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>Reads a query string as it came over HTTP: percent-encoded, a plus sign is a space.</summary>
    public static QueryOptions FromUrl(ReadOnlySpan<char> query) => Read(query, plusIsSpace: true, quotes: false);

    /// <summary>Reads a query string as scripts and views write it: percent-encoded or not, quoted texts may hold an ampersand.</summary>
    public static QueryOptions FromText(ReadOnlySpan<char> query) => Read(query, plusIsSpace: false, quotes: true);

    /// <summary>One filter expression, not encoded.</summary>
    public static QueryOptions OfFilter(string filter)
    {
        var options = new QueryOptions();
        options.Add("$filter", filter);
        return options;
    }

    /// <summary>Takes <c>$skiptoken</c> out of a query string, because it differs from page to page and the rest does not.</summary>
    /// <returns>The rest, beginning with <c>?</c> unless it is empty, and the token if there is one.</returns>
    public static (string Query, string? SkipToken) SplitSkipToken(string query)
    {
        if (!query.Contains("skiptoken=", StringComparison.Ordinal)) return (query, null);
        string? token = null;
        var rest = new List<string>();
        foreach (var part in query.TrimStart('?').Split('&'))
        {
            var isToken = part.StartsWith("$skiptoken=", StringComparison.Ordinal) || part.StartsWith("%24skiptoken=", StringComparison.Ordinal);
            if (isToken && token is not null) throw Twice("$skiptoken");
            if (isToken) token = Uri.UnescapeDataString(part[(part.IndexOf('=') + 1)..]);
            else if (part.Length > 0) rest.Add(part);
        }
        return (rest.Count == 0 ? "" : "?" + string.Join('&', rest), token);
    }

    private static QueryOptions Read(ReadOnlySpan<char> query, bool plusIsSpace, bool quotes)
    {
        var options = new QueryOptions();
        query = query.TrimStart('?');
        while (!query.IsEmpty)
        {
            var end = EndOfOption(query, quotes);
            var part = query[..end];
            query = end < query.Length ? query[(end + 1)..] : [];
            if (part.IsEmpty) continue;
            var equals = part.IndexOf('=');
            var name = Decode(equals < 0 ? part : part[..equals], plusIsSpace);
            options.Add(name.Trim(), equals < 0 ? "" : Decode(part[(equals + 1)..], plusIsSpace));
        }
        return options;
    }

    private void Add(string name, string value)
    {
        if (name.StartsWith('$'))
        {
            if (name == "$format") RefuseFormat(value);
            else if (Array.IndexOf(Offered, name) < 0) throw NotOffered(name);
        }
        else if (name == View)
        {
            if (SavedQuery is not null) throw Twice(name);
            SavedQuery = value;
            return;
        }
        else if (Array.IndexOf(OtherLanguages, name) >= 0) throw NotOffered(name);
        else if (Array.IndexOf(System, name) >= 0) throw Errors.BadRequest($"The query option '{name}' lacks its dollar sign.", $"Write ${name}.");
        else if (name.StartsWith(NamedFunctions.Alias, StringComparison.Ordinal)) throw Errors.BadRequest($"The parameter '{name}' is the platform's own.");
        else if (!name.StartsWith('@')) return; // a custom option such as `tag`, which the protocol lets pass
        if (name != "$format" && !values.TryAdd(name, value)) throw Twice(name);
    }

    private static void RefuseFormat(string value)
    {
        if (value != "json" && !value.StartsWith("application/json", StringComparison.Ordinal)) throw Errors.NotOffered($"$format={value}");
    }

    private static PlatformException NotOffered(string name) =>
        Array.IndexOf(System, name.TrimStart('$')) >= 0 || Array.IndexOf(OtherLanguages, name) >= 0
            ? Errors.NotOffered($"The query option '{name}'")
            : Errors.BadRequest($"There is no query option '{name}'.");

    private static PlatformException Twice(string name) => Errors.BadRequest($"The query option '{name}' is given twice.");

    private static int EndOfOption(ReadOnlySpan<char> query, bool quotes)
    {
        if (!quotes)
        {
            var next = query.IndexOf('&');
            return next < 0 ? query.Length : next;
        }
        var quoted = false;
        for (var at = 0; at < query.Length; at++)
        {
            if (query[at] == '\'') quoted = !quoted;
            else if (query[at] == '&' && !quoted) return at;
        }
        return query.Length;
    }

    private static string Decode(ReadOnlySpan<char> text, bool plusIsSpace)
    {
        var decoded = text.ToString();
        if (plusIsSpace && decoded.Contains('+')) decoded = decoded.Replace('+', ' ');
        return decoded.Contains('%') ? Uri.UnescapeDataString(decoded) : decoded;
    }
}
