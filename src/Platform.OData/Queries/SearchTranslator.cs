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
    /// <param name="words">What the words in the tree stand for.</param>
    public static FilterNode Translate(EntityDefinition entity, QueryNode node, SearchWords words)
    {
        var terms = 0;
        return Translate(entity, node, words, ref terms);
    }

    private static FilterNode Translate(EntityDefinition entity, QueryNode node, SearchWords words, ref int terms) => node switch
    {
        SearchTermNode when ++terms > MostTerms => throw Errors.BadRequest($"$search has more than {MostTerms} words."),
        SearchTermNode term => QuickFind.For(entity, words[term.Text]) ?? throw Errors.BadRequest($"'{entity}' has no column that $search looks at.", "Mark a text column with x-searchable."),
        UnaryOperatorNode { OperatorKind: UnaryOperatorKind.Not } not => new Not(Translate(entity, not.Operand, words, ref terms)),
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.And } and => new AllOf([Translate(entity, and.Left, words, ref terms), Translate(entity, and.Right, words, ref terms)]),
        BinaryOperatorNode { OperatorKind: BinaryOperatorKind.Or } or => new AnyOf([Translate(entity, or.Left, words, ref terms), Translate(entity, or.Right, words, ref terms)]),
        _ => throw Errors.BadRequest("$search takes words, \"phrases\", AND, OR, NOT and parentheses."),
    };

    /// <summary>Both conditions, or the one that there is.</summary>
    public static FilterNode? And(FilterNode? filter, FilterNode? search) => filter is not null && search is not null ? new AllOf([filter, search]) : filter ?? search;
}
