using System.Text;
using System.Text.RegularExpressions;
using Platform.Engine;
using Platform.Engine.Metadata;

namespace Platform.OData.Queries;

/// <summary>
/// Goes over <c>$expand</c> before the library does, which would pass over what stands twice, and takes a parenthesis or
/// a semicolon in a phrase of <c>$search</c> for the end of the options.
/// </summary>
internal sealed partial class ExpandText
{
    private const string Count = "/$count";
    private const string Links = "/$ref";

    private readonly MetadataSnapshot metadata;
    private readonly SearchWords words;
    private readonly StringBuilder text = new();

    private ExpandText(MetadataSnapshot metadata, SearchWords words) => (this.metadata, this.words) = (metadata, words);

    /// <summary>The text with words of <c>$search</c> that the library can read.</summary>
    /// <exception cref="PlatformException">A property or an option stands twice, or something else than a condition behind a count, or what is counted is no navigation property.</exception>
    public static string Rewrite(MetadataSnapshot metadata, EntityDefinition entity, string expand, SearchWords words)
    {
        var rewritten = new ExpandText(metadata, words);
        rewritten.CopyItems(expand, entity);
        return rewritten.text.ToString();
    }

    /// <param name="entity">Whose properties they are; <c>null</c> where that is not known.</param>
    private void CopyItems(ReadOnlySpan<char> items, EntityDefinition? entity)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var end = EndOf(items, ',');
            var path = PathOf(items[..end]);
            if (path.Length > 0 && !known.Add(path)) throw Errors.BadRequest($"'{path}' stands twice in $expand.", "Say all that is wanted of it once.");
            CopyItem(items[..end], path, entity);
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

    private void CopyItem(ReadOnlySpan<char> item, string name, EntityDefinition? entity)
    {
        var open = item.IndexOf('(');
        var navigation = entity is null ? null : Navigation.Find(entity, name);
        var path = (open < 0 ? item : item[..open]).TrimEnd();
        var counts = path.EndsWith(Count, StringComparison.Ordinal);
        if (counts && open >= 0 && item[^1] != ')') throw Errors.BadRequest($"The parenthesis behind '{path}' in $expand is not closed.");
        if (counts && entity is not null && navigation is null) throw Errors.BadRequest($"'{path}' in $expand: '{name}' is no navigation property of '{entity.LogicalName}'.");
        text.Append(path);
        if (open < 0) return;
        if (item[^1] != ')')
        {
            text.Append(item[open..]);
            return;
        }
        text.Append('(');
        CopyOptions(item[(open + 1)..^1], counts, navigation?.Target is { } target ? metadata.Entity(target) : null);
        text.Append(')');
    }

    private void CopyOptions(ReadOnlySpan<char> options, bool ofCount, EntityDefinition? entity)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            var end = EndOf(options, ';');
            var option = options[..end];
            var equals = option.IndexOf('=');
            var name = option[..Math.Max(0, equals)].Trim();
            if (name.Length > 0 && !known.Add(name.ToString())) throw Errors.BadRequest($"The option '{name}' stands twice in parentheses of $expand.");
            if (ofCount && name is not ("$filter" or "$search")) throw Errors.BadRequest($"'{option}' stands behind $count in $expand.", "There, $filter and $search are possible.");
            if (name is not "$search" && HasIt(option)) throw Errors.NotOffered("$it in $expand, which is a row outside of the expansion,");
            if (name is "$expand")
            {
                text.Append("$expand=");
                CopyItems(option[(equals + 1)..], entity);
            }
            else if (name is "$search") text.Append("$search=").Append(words.Rewrite(option[(equals + 1)..].ToString()));
            else text.Append(option);
            if (end == options.Length) return;
            text.Append(';');
            options = options[(end + 1)..];
        }
    }

    // A text is matched as a whole, so that nothing in it is taken for more.
    private static bool HasIt(ReadOnlySpan<char> option)
    {
        foreach (var match in It().EnumerateMatches(option))
            if (option[match.Index] == '$') return true;
        return false;
    }

    [GeneratedRegex(@"'[^']*'|\$it\b")]
    private static partial Regex It();

    /// <summary>Where an item ends: at a separator that stands neither in quotes nor in parentheses, or at the end.</summary>
    private static int EndOf(ReadOnlySpan<char> text, char separator)
    {
        var (depth, quote) = (0, '\0');
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (quote == '"' && character == '\\') at++;
            else if (quote != '\0') quote = character == quote ? '\0' : quote;
            else if (character is '\'' or '"') quote = character;
            else if (character == '(') depth++;
            else if (character == ')') depth--;
            else if (character == separator && depth == 0) return at;
        }
        return text.Length;
    }
}
