using System.Text;
using Platform.Engine;

namespace Platform.OData.Queries;

/// <summary>
/// Counts in <c>$expand</c> (<c>contact_customer_accounts/$count($filter=…)</c>). The library cannot parse them, so they are
/// put into words that it knows, with a mark by which they are recognized behind it.
/// </summary>
internal static class ExpandCounts
{
    /// <summary>Name that marks an expansion of which only the number is asked for.</summary>
    public static readonly string Mark = $"platformcount{Marks.Own}";

    /// <summary>What stands for a count.</summary>
    public static readonly string Words = $"($count=true;$top=0;$compute=1 as {Mark}";

    private const string Count = "/$count";
    private const string Links = "/$ref";

    /// <summary>The text without counts.</summary>
    /// <exception cref="PlatformException">Something else than a condition stands in the parentheses behind a count, or a property or an option stands twice: the library would pass over one of them.</exception>
    public static string Rewrite(string expand)
    {
        var text = new StringBuilder(expand.Length + 64);
        CopyItems(expand, text);
        return text.ToString();
    }

    private static void CopyItems(ReadOnlySpan<char> items, StringBuilder text)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var end = EndOf(items, ',');
            var path = PathOf(items[..end]);
            if (path.Length > 0 && !known.Add(path)) throw Errors.BadRequest($"'{path}' stands twice in $expand.", "Say all that is wanted of it once.");
            CopyItem(items[..end], text);
            if (end == items.Length) return;
            text.Append(',');
            items = items[(end + 1)..];
        }
    }

    /// <summary>The property that an item expands.</summary>
    private static string PathOf(ReadOnlySpan<char> item)
    {
        var open = item.IndexOf('(');
        var path = (open < 0 ? item : item[..open]).Trim();
        var end = path.EndsWith(Count, StringComparison.Ordinal) ? Count.Length : path.EndsWith(Links, StringComparison.Ordinal) ? Links.Length : 0;
        path = path[..^end];
        return path.Contains('$') ? throw Errors.BadRequest($"'{item}' in $expand cannot be understood.", "Behind a property, one of $count and $ref is possible.") : path.ToString();
    }

    private static void CopyItem(ReadOnlySpan<char> item, StringBuilder text)
    {
        var open = item.IndexOf('(');
        var path = (open < 0 ? item : item[..open]).TrimEnd();
        var counts = path.EndsWith(Count, StringComparison.Ordinal);
        if (counts && open >= 0 && item[^1] != ')') throw Errors.BadRequest($"The parenthesis behind '{path}' in $expand is not closed.");
        text.Append(counts ? path[..^Count.Length] : path);
        if (counts) text.Append(Words);
        if (open < 0 || item[^1] != ')')
        {
            text.Append(counts ? ")" : open < 0 ? "" : item[open..]);
            return;
        }
        text.Append(counts ? ';' : '(');
        CopyOptions(item[(open + 1)..^1], text, counts);
        text.Append(')');
    }

    private static void CopyOptions(ReadOnlySpan<char> options, StringBuilder text, bool ofCount)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var end = EndOf(options, ';');
            var option = options[..end];
            var name = option[..Math.Max(0, option.IndexOf('='))].Trim();
            if (name.Length > 0 && !known.Add(name.ToString())) throw Errors.BadRequest($"The option '{name}' stands twice in parentheses of $expand.");
            if (ofCount && name is not ("$filter" or "$search")) throw Errors.BadRequest($"'{option}' stands behind $count in $expand.", "There, $filter and $search are possible.");
            if (name is "$expand")
            {
                text.Append("$expand=");
                CopyItems(option[(option.IndexOf('=') + 1)..], text);
            }
            else text.Append(option);
            if (end == options.Length) return;
            text.Append(';');
            options = options[(end + 1)..];
        }
    }

    /// <summary>Where an item ends: at a separator that stands neither in quotes nor in parentheses, or at the end.</summary>
    private static int EndOf(ReadOnlySpan<char> text, char separator)
    {
        var (depth, quoted) = (0, false);
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\'') quoted = !quoted;
            else if (quoted) continue;
            else if (text[at] == '(') depth++;
            else if (text[at] == ')') depth--;
            else if (text[at] == separator && depth == 0) return at;
        }
        return text.Length;
    }
}
