using System.Text;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.JavaScript;

/// <summary>Checks a JavaScript script and makes it an image. The image is the source: workers hand it to their engine.</summary>
internal static class JavaScriptCompiler
{
    /// <exception cref="ScriptCompilationException">The script uses what the engine cannot take, or does not parse.</exception>
    public static ScriptImage Compile(ScriptSource source)
    {
        var tokens = JavaScriptTokenizer.Split(source.Text);
        var errors = JavaScriptRules.Check(tokens, source.File);
        if (errors.Count > 0) throw new ScriptCompilationException(errors);
        if (JavaScriptSyntax.FindError(source.Text) is var (line, message)) throw new ScriptCompilationException([Located(source, tokens, line, message)]);
        return new ScriptImage(ScriptKey.Of(source), source.File, ScriptLanguage.JavaScript, Encoding.UTF8.GetBytes(source.Text));
    }

    /// <summary>The engine names the line and quotes the token; the column is where that token stands.</summary>
    private static ScriptError Located(ScriptSource source, IReadOnlyList<JavaScriptToken> tokens, int line, string message)
    {
        var onLine = tokens.Where(token => token.Line == line).ToList();
        var place = onLine.FirstOrDefault(token => token.Text.Length > 0 && message.Contains($"'{token.Text}'", StringComparison.Ordinal));
        if (place.Line == 0) place = onLine.Count > 0 ? onLine[^1] : tokens.Count > 0 ? tokens[^1] : new(JavaScriptTokenKind.Punctuator, "", 1, 1);
        return new ScriptError(source.File, place.Line, place.Column, message, "Scripts are written in ECMAScript 5.");
    }
}
