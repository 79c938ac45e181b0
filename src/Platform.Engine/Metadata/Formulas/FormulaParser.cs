using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Formulas;

/// <summary>
/// Reads the OData expression of a formula or of a rollup's filter. The binding of operators is OData's: unary, then mul
/// div divby mod, add sub, comparisons and in, eq ne, and, or.
/// </summary>
/// <remarks>
/// A parser of our own, because formulas are metadata: they are read where metadata is compiled, without the Web API,
/// with exact decimal literals, with every mistake named by its place, and with <c>case</c> and <c>divby</c> of OData 4.01,
/// none of which the library's URL parser gives.
/// </remarks>
internal sealed class FormulaParser
{
    /// <summary>Characters of one formula.</summary>
    public const int LongestText = 4000;

    /// <summary>Levels of parentheses, functions and signs.</summary>
    private const int MostLevels = 40;

    /// <summary>Operators by binding, the loosest first.</summary>
    private static readonly string[][] Levels = [["or"], ["and"], ["eq", "ne"], ["gt", "ge", "lt", "le", "in"], ["add", "sub"], ["mul", "div", "divby", "mod"]];

    private readonly List<FormulaToken> tokens;
    private readonly FormulaBuilder builder;
    private int next;
    private int level;

    private FormulaParser(List<FormulaToken> tokens, FormulaBuilder builder)
    {
        this.tokens = tokens;
        this.builder = builder;
    }

    private FormulaToken Current => tokens[next];

    /// <exception cref="FormulaSyntaxException">The text is no expression.</exception>
    public static FormulaNode Parse(string text, FormulaBuilder builder)
    {
        if (text.Length > LongestText) throw new FormulaSyntaxException($"The text has {text.Length} characters, {LongestText} are possible.", "Give a part of it a column of its own.", 0);
        var parser = new FormulaParser(FormulaTokenizer.Read(text), builder);
        var node = parser.Binary(0);
        return parser.Current.Kind == TokenKind.End ? node : throw parser.Unexpected("an operator such as add, mul, eq, and");
    }

    private FormulaNode Binary(int binding)
    {
        if (binding == Levels.Length) return Unary();
        var left = Binary(binding + 1);
        while (Current.Kind == TokenKind.Word && Levels[binding].Contains(Current.Text))
        {
            var word = Take();
            left = word.Text == "in" ? builder.In(left, List(), word.At) : builder.Binary(word.Text, left, Binary(binding + 1), word.At);
        }
        return left;
    }

    private FormulaNode Unary()
    {
        if (++level > MostLevels) throw new FormulaSyntaxException($"The expression is nested more than {MostLevels} levels deep.", "Give a part of it a column of its own.", Current.At);
        var at = Current.At;
        FormulaNode node;
        if (TakeSymbol("-")) node = builder.Negate(Unary(), at);
        else if (TakeWord("not")) node = builder.Not(Unary(), at);
        else node = Primary();
        level--;
        return node;
    }

    private FormulaNode Primary()
    {
        var token = Take();
        switch (token)
        {
            case { Literal: { } literal }:
                return literal;
            case { Kind: TokenKind.Symbol, Text: "(" }:
                var inner = Binary(0);
                Expect(")");
                return inner;
            case { Kind: TokenKind.Word } when Current is { Kind: TokenKind.Symbol, Text: "(" }:
                return token.Text == "case" ? Case(token) : builder.Call(token.Text, List(), token.At);
            case { Kind: TokenKind.Word, Text: "true" or "false" }:
                return new FormulaLiteral(FormulaType.Boolean, token.Text == "true");
            case { Kind: TokenKind.Word, Text: "null" }:
                return new FormulaLiteral(new FormulaType(FormulaKind.Null), null);
            case { Kind: TokenKind.Word }:
                return builder.Name(token.Text, token.At);
            default:
                next--;
                throw Unexpected("a column, a value or a function");
        }
    }

    /// <summary><c>case(condition:value,…,true:value)</c></summary>
    private FormulaNode Case(FormulaToken word)
    {
        var parts = ImmutableArray.CreateBuilder<FormulaNode>();
        Expect("(");
        do
        {
            parts.Add(Binary(0));
            Expect(":");
            parts.Add(Binary(0));
        }
        while (TakeSymbol(","));
        Expect(")");
        return builder.Case(parts.ToImmutable(), word.At);
    }

    private ImmutableArray<FormulaNode> List()
    {
        var items = ImmutableArray.CreateBuilder<FormulaNode>();
        Expect("(");
        if (TakeSymbol(")")) return [];
        do items.Add(Binary(0));
        while (TakeSymbol(","));
        Expect(")");
        return items.ToImmutable();
    }

    private FormulaToken Take()
    {
        var token = Current;
        if (token.Kind != TokenKind.End) next++;
        else throw Unexpected("a column, a value or a function");
        return token;
    }

    private bool TakeSymbol(string symbol)
    {
        if (Current.Kind != TokenKind.Symbol || Current.Text != symbol) return false;
        next++;
        return true;
    }

    private bool TakeWord(string word)
    {
        if (Current.Kind != TokenKind.Word || Current.Text != word) return false;
        next++;
        return true;
    }

    private void Expect(string symbol)
    {
        if (!TakeSymbol(symbol)) throw Unexpected($"'{symbol}'");
    }

    private FormulaSyntaxException Unexpected(string expected) =>
        new($"Expected is {expected}, found {(Current.Kind == TokenKind.End ? "the end" : $"'{Current.Text}'")}.", "Write an OData expression such as quantity mul priceperunit.", Current.At);
}
