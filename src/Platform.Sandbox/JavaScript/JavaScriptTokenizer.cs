using System.Buffers;

namespace Platform.Sandbox.JavaScript;

/// <summary>Splits source text of any JavaScript version into tokens, to find constructs that the engine cannot take and to say where they stand.</summary>
internal sealed class JavaScriptTokenizer
{
    // Longest first: the first that matches is the token.
    private static readonly string[] Punctuators =
    [
        ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "??=", "=>", "==", "!=", "<=", ">=", "&&", "||", "??", "?.",
        "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "**",
    ];

    /// <summary>Words after which a slash begins a regular expression.</summary>
    private static readonly HashSet<string> Operators =
        ["return", "typeof", "case", "in", "of", "delete", "void", "throw", "new", "else", "do", "instanceof"];

    private static readonly SearchValues<char> LineEnds = SearchValues.Create("\n\r\u2028\u2029");

    private readonly string text;
    private readonly List<JavaScriptToken> tokens = [];

    /// <summary>Depth of braces at which each open <c>${</c> ends.</summary>
    private readonly Stack<int> templates = new();
    private int position;
    private int line = 1;
    private int lineStart;
    private int braces;

    private JavaScriptTokenizer(string text) => this.text = text;

    public static IReadOnlyList<JavaScriptToken> Split(string text)
    {
        var tokenizer = new JavaScriptTokenizer(text);
        while (tokenizer.SkipBlank()) tokenizer.ReadToken();
        return tokenizer.tokens;
    }

    private char Current => position < text.Length ? text[position] : '\0';

    private char Ahead => position + 1 < text.Length ? text[position + 1] : '\0';

    private void ReadToken()
    {
        var start = (position, line, Column: position - lineStart + 1);
        var kind = Current switch
        {
            '"' or '\'' => ReadString(Current),
            '`' => ReadTemplate(),
            '/' when StartsRegularExpression() => ReadRegularExpression(),
            >= '0' and <= '9' => ReadNumber(),
            '.' when char.IsAsciiDigit(Ahead) => ReadNumber(),
            var c when IsWord(c) => ReadWord(),
            _ => ReadPunctuator(),
        };
        tokens.Add(new JavaScriptToken(kind, text[start.position..position], start.line, start.Column));
    }

    /// <summary>Skips white space and comments; false at the end of the text.</summary>
    private bool SkipBlank()
    {
        while (position < text.Length)
        {
            if (char.IsWhiteSpace(Current) || Current == '\uFEFF') Advance();
            else if (Current == '/' && Ahead == '/') SkipTo(LineEnds);
            else if (Current == '/' && Ahead == '*') SkipComment();
            else return true;
        }
        return false;
    }

    private void SkipTo(SearchValues<char> stop)
    {
        var length = text.AsSpan(position).IndexOfAny(stop);
        position = length < 0 ? text.Length : position + length;
    }

    private void SkipComment()
    {
        position += 2;
        while (position < text.Length && !(Current == '*' && Ahead == '/')) Advance();
        position = Math.Min(position + 2, text.Length);
    }

    private void Advance()
    {
        // CR LF counts once, at the LF.
        if (Current is '\n' or '\u2028' or '\u2029' || Current == '\r' && Ahead != '\n')
        {
            line++;
            lineStart = position + 1;
        }
        position++;
    }

    private JavaScriptTokenKind ReadString(char quote)
    {
        Advance();
        while (position < text.Length && Current != quote && Current != '\n')
        {
            if (Current == '\\') Advance();
            Advance();
        }
        if (Current == quote) Advance();
        return JavaScriptTokenKind.Literal;
    }

    /// <summary>Reads a piece of a template, from its backtick or closing brace to its end or the next <c>${</c>.</summary>
    private JavaScriptTokenKind ReadTemplate()
    {
        Advance();
        while (position < text.Length && Current != '`')
        {
            if (Current == '$' && Ahead == '{')
            {
                position += 2;
                templates.Push(braces);
                return JavaScriptTokenKind.Literal;
            }
            if (Current == '\\') Advance();
            Advance();
        }
        if (position < text.Length) Advance();
        return JavaScriptTokenKind.Literal;
    }

    private bool StartsRegularExpression()
    {
        if (tokens.Count == 0) return true;
        var before = tokens[^1];
        return before.Kind switch
        {
            JavaScriptTokenKind.Punctuator => before.Text is not (")" or "]" or "}" or "++" or "--"),
            JavaScriptTokenKind.Word => Operators.Contains(before.Text),
            _ => false,
        };
    }

    private JavaScriptTokenKind ReadRegularExpression()
    {
        var inClass = false;
        Advance();
        while (position < text.Length && (Current != '/' || inClass) && Current != '\n')
        {
            if (Current == '\\') Advance();
            else if (Current == '[') inClass = true;
            else if (Current == ']') inClass = false;
            Advance();
        }
        if (Current == '/') Advance();
        while (IsWord(Current)) position++;
        return JavaScriptTokenKind.Literal;
    }

    private JavaScriptTokenKind ReadNumber()
    {
        while (IsWord(Current) || Current == '.' || Current is '+' or '-' && text[position - 1] is 'e' or 'E' && !text[..position].EndsWith("0x", StringComparison.OrdinalIgnoreCase)) position++;
        return JavaScriptTokenKind.Number;
    }

    private JavaScriptTokenKind ReadWord()
    {
        while (IsWord(Current)) position++;
        return JavaScriptTokenKind.Word;
    }

    private JavaScriptTokenKind ReadPunctuator()
    {
        if (Current == '}' && templates.TryPeek(out var depth) && depth == braces)
        {
            templates.Pop();
            return ReadTemplate();
        }
        if (Current == '{') braces++;
        else if (Current == '}') braces--;
        var rest = text.AsSpan(position);
        foreach (var punctuator in Punctuators)
        {
            if (!rest.StartsWith(punctuator, StringComparison.Ordinal)) continue;
            // `a?.5:b` is a condition.
            if (punctuator == "?." && rest.Length > 2 && char.IsAsciiDigit(rest[2])) continue;
            position += punctuator.Length;
            return JavaScriptTokenKind.Punctuator;
        }
        Advance();
        return JavaScriptTokenKind.Punctuator;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '$' || c > 127 && char.IsLetter(c);
}
