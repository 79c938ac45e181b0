using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata.Usage;

/// <summary>The columns that an OData expression or a formula names.</summary>
internal static partial class ExpressionNames
{
    /// <returns>Each column once; what a table does not have is a function or an operator.</returns>
    public static IEnumerable<(string Entity, string Column)> Of(string text, string entity, TableFacts facts)
    {
        var named = PropertyName().Matches(text).Select(match => match.Groups[1].Value);
        return Word().Matches(Literal().Replace(text, " ")).Select(match => match.Value).Concat(named)
            .SelectMany(word => Resolve(word, entity, facts)).Distinct();
    }

    private static IEnumerable<(string Entity, string Column)> Resolve(string word, string entity, TableFacts facts)
    {
        if (word.Split('/') is [var navigation, var name, ..])
        {
            if (facts.Navigate(entity, navigation) is not var (lookup, target)) yield break;
            yield return (entity, lookup);
            if (facts.Has(target, name)) yield return (target, name);
            yield break;
        }
        var column = word.StartsWith('_') && word.EndsWith("_value", StringComparison.Ordinal) ? word[1..^"_value".Length] : word;
        if (facts.Has(entity, column)) yield return (entity, column);
    }

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_]*(/[A-Za-z_][A-Za-z0-9_]*)*", RegexOptions.CultureInvariant)]
    private static partial Regex Word();

    [GeneratedRegex("'(?:[^']|'')*'", RegexOptions.CultureInvariant)]
    private static partial Regex Literal();

    // Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid')
    [GeneratedRegex("PropertyName='([A-Za-z0-9_]+)'", RegexOptions.CultureInvariant)]
    private static partial Regex PropertyName();
}
