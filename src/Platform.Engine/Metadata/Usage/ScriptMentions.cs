using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata.Usage;

/// <summary>
/// Names of tables, columns and relationships in the texts of a script. A text may mean something else of that name, so
/// these are hints: a column counts where the script stands in the table's folder, names the table, or no other table
/// has such a column.
/// </summary>
internal sealed partial class ScriptMentions(string pack, string path, string text, TableFacts facts)
{
    public IEnumerable<ComponentUse> Find()
    {
        if (path.Split('/') is not ["entities" or "apis", var folder, var file]) return [];
        var words = text.Split('\n').Index()
            .SelectMany(line => Literal().Matches(line.Item).SelectMany(literal => Word().Matches(literal.Value)).Select(word => (Line: line.Index + 1, word.Value)))
            .ToList();
        var tables = facts.Entities.ToHashSet(StringComparer.Ordinal);
        var named = words.Select(word => TableOf(word.Value, tables)).OfType<string>().Append(folder).ToHashSet(StringComparer.Ordinal);
        return words
            .SelectMany(word => ComponentsOf(word.Value, tables, named).Select(component => new ComponentUse(component, $"script/{folder}/{file}", UseKind.Mention, pack, path, word.Line.ToString(CultureInfo.InvariantCulture))))
            .Distinct();
    }

    private string? TableOf(string word, HashSet<string> tables) => tables.Contains(word) ? word : facts.EntitySets.GetValueOrDefault(word);

    private IEnumerable<string> ComponentsOf(string word, HashSet<string> tables, HashSet<string> named)
    {
        if (TableOf(word, tables) is { } table) yield return $"entity/{table}";
        if (facts.IsRelationship(word)) yield return $"relationship/{word}";
        if (facts.LookupOf(word) is var (entity, lookup)) yield return $"attribute/{entity}/{lookup}";
        var column = word.StartsWith('_') && word.EndsWith("_value", StringComparison.Ordinal) ? word[1..^"_value".Length] : word;
        var holders = facts.TablesWith(column).ToList();
        foreach (var holder in holders.Where(holder => holders.Count == 1 || named.Contains(holder))) yield return $"attribute/{holder}/{column}";
    }

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`
        """, RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Literal();

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
