using Platform.Sdk.Hosting;

namespace Platform.Sandbox.JavaScript;

/// <summary>What scripts may not contain although another engine would take it, each with what to write instead.</summary>
internal static class JavaScriptRules
{
    private const string BitHint = "Use Math.floor, Math.trunc, % and comparisons: the engine's bit operators are wrong for negative and large numbers.";
    private const string Synchronous = "Service calls are synchronous: call them and use what they return.";

    private static readonly Dictionary<string, (string What, string Hint)> Punctuators = new(StringComparer.Ordinal)
    {
        ["=>"] = ("An arrow function", "Write function (x) { return ...; }."),
        ["..."] = ("Spread or rest", "Use concat, apply or arguments."),
        ["?."] = ("Optional chaining", "Test the value first: a && a.b."),
        ["??"] = ("The operator ??", "Write a !== null && a !== undefined ? a : b."),
        ["??="] = ("The operator ??=", "Write an if."),
        ["||="] = ("The operator ||=", "Write an if."),
        ["&&="] = ("The operator &&=", "Write an if."),
        ["**"] = ("The operator **", "Use Math.pow."),
        ["**="] = ("The operator **=", "Use Math.pow."),
        ["#"] = ("A private name", "Use a variable of a function."),
        ["|"] = ("The bit operator |", BitHint), ["&"] = ("The bit operator &", BitHint), ["^"] = ("The bit operator ^", BitHint),
        ["~"] = ("The bit operator ~", BitHint), ["<<"] = ("The bit operator <<", BitHint), [">>"] = ("The bit operator >>", BitHint),
        [">>>"] = ("The bit operator >>>", BitHint), ["|="] = ("The bit operator |=", BitHint), ["&="] = ("The bit operator &=", BitHint),
        ["^="] = ("The bit operator ^=", BitHint), ["<<="] = ("The bit operator <<=", BitHint), [">>="] = ("The bit operator >>=", BitHint),
        [">>>="] = ("The bit operator >>>=", BitHint),
    };

    private static readonly Dictionary<string, (string What, string Hint)> Words = new(StringComparer.Ordinal)
    {
        ["class"] = ("A class", "Use functions and plain objects."),
        ["await"] = ("await", Synchronous),
        ["async"] = ("async", Synchronous),
        ["yield"] = ("A generator", "Collect the values in an array."),
        ["import"] = ("A module", "A script stands alone: put the code into it."),
        ["export"] = ("A module", "A script stands alone: put the code into it."),
        ["with"] = ("with", "Name the object each time."),
        ["eval"] = ("eval", "Code cannot be made from text."),
        ["Function"] = ("The Function constructor", "Write a function expression: code cannot be made from text."),
        ["Promise"] = ("Promise", Synchronous),
        ["Proxy"] = ("Proxy", "Use a plain object."),
        ["setTimeout"] = ("A timer", "Make it an asynchronous step to do work after the commit."),
        ["setInterval"] = ("A timer", "Make it an asynchronous step to do work after the commit."),
        ["require"] = ("A module", "A script stands alone: put the code into it."),
        ["console"] = ("console", "Use context.trace."),
    };

    public static IReadOnlyList<ScriptError> Check(IReadOnlyList<JavaScriptToken> tokens, string file)
    {
        var errors = new List<ScriptError>();
        for (var index = 0; index < tokens.Count; index++)
        {
            if (Finding(tokens, index) is not var (what, hint)) continue;
            errors.Add(new ScriptError(file, tokens[index].Line, tokens[index].Column, $"{what} is not available in a script.", hint));
        }
        return errors;
    }

    private static (string What, string Hint)? Finding(IReadOnlyList<JavaScriptToken> tokens, int index)
    {
        var token = tokens[index];
        switch (token.Kind)
        {
            case JavaScriptTokenKind.Punctuator:
                if (token.Text == "*" && index > 0 && tokens[index - 1].Text == "function") return ("A generator", "Collect the values in an array.");
                return Punctuators.TryGetValue(token.Text, out var punctuator) ? punctuator : null;
            case JavaScriptTokenKind.Number:
                if (token.Text.EndsWith('n')) return ("A BigInt", "Numbers are exact up to 9007199254740991.");
                return token.Text.Contains('_', StringComparison.Ordinal) ? ("A separator inside a number", "Write the digits without it.") : null;
            case JavaScriptTokenKind.Word when !IsMemberName(tokens, index):
                return FindingOfWord(tokens, index);
            default:
                return null;
        }
    }

    private static (string What, string Hint)? FindingOfWord(IReadOnlyList<JavaScriptToken> tokens, int index)
    {
        var word = tokens[index].Text;
        if (word.StartsWith("__", StringComparison.Ordinal)) return ("A name that starts with two underscores", "Choose another name.");
        if (word is "var" or "let" or "const" && index + 1 < tokens.Count && tokens[index + 1].Text is "[" or "{")
            return ("Destructuring", "Read the members one by one.");
        return Words.TryGetValue(word, out var refused) ? refused : null;
    }

    /// <summary><c>a.class</c> and <c>{ class: 1 }</c> are ordinary names.</summary>
    private static bool IsMemberName(IReadOnlyList<JavaScriptToken> tokens, int index)
    {
        if (index > 0 && tokens[index - 1].Text == ".") return true;
        return index > 0 && index + 1 < tokens.Count && tokens[index + 1].Text == ":" && tokens[index - 1].Text is "{" or ",";
    }
}
