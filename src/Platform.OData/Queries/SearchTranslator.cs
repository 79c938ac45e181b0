using System.Text;
using Microsoft.OData.UriParser;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;

namespace Platform.OData.Queries;

/// <summary>Turns <c>$search</c> into conditions: each word or phrase stands in some searchable text of a row, as in quick find of the app.</summary>
internal static class SearchTranslator
{
    private const int MostTerms = 50;

    /// <exception cref="PlatformException">The entity has no column to search in, or there is too much to look for (400).</exception>
    public static FilterNode Translate(EntityDefinition entity, QueryNode node)
    {
        var terms = 0;
        return Translate(entity, node, ref terms);
    }

    private static FilterNode Translate(EntityDefinition entity, QueryNode node, ref int terms) => node switch
    {
        SearchTermNode when ++terms > MostTerms => throw Errors.BadRequest($"$search has more than {MostTerms} words."),
        SearchTermNode term => QuickFind.For(entity, term.Text) ?? throw Errors.BadRequest($"'{entity}' has no column that $search looks at.", "Mark a text column with x-searchable."),
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => new Not(Translate(entity, not.Operand, ref terms)),
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and => new AllOf([Translate(entity, and.Left, ref terms), Translate(entity, and.Right, ref terms)]),
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or => new AnyOf([Translate(entity, or.Left, ref terms), Translate(entity, or.Right, ref terms)]),
        _ => throw Errors.BadRequest("$search takes words, \"phrases\", AND, OR, NOT and parentheses."),
    };

    /// <summary>
    /// The text with quotes around the words that OData 4.01 allows and the parser's lexer, which knows the letters of
    /// 4.0 only, does not: numbers, addresses, names with a hyphen.
    /// </summary>
    public static string Quote(string search)
    {
        var text = new StringBuilder(search.Length + 8);
        for (var at = 0; at < search.Length;)
        {
            var end = at + 1;
            if (search[at] == '"') end = EndOfPhrase(search, at);
            else if (!IsBorder(search[at])) while (end < search.Length && !IsBorder(search[end])) end++;
            var part = search[at..end];
            if (IsBorder(part[0]) || part.All(char.IsLetter)) text.Append(part);
            else text.Append('"').Append(part.Replace("\\", "\\\\", StringComparison.Ordinal)).Append('"');
            at = end;
        }
        return text.ToString();
    }

    private static bool IsBorder(char character) => character is '"' or '(' or ')' || char.IsWhiteSpace(character);

    private static int EndOfPhrase(string search, int begin)
    {
        for (var at = begin + 1; at < search.Length; at++)
        {
            if (search[at] == '\\') at++;
            else if (search[at] == '"') return at + 1;
        }
        return search.Length;
    }

    /// <summary>Both conditions, or the one that there is.</summary>
    public static FilterNode? And(FilterNode? filter, FilterNode? search) => filter is not null && search is not null ? new AllOf([filter, search]) : filter ?? search;
}
