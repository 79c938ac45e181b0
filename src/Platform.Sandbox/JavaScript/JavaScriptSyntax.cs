using Jurassic;
using Jurassic.Compiler;

namespace Platform.Sandbox.JavaScript;

/// <summary>Asks the engine whether it can parse a script.</summary>
internal static class JavaScriptSyntax
{
    /// <summary>Line and sentence of the first syntax error; <c>null</c> when there is none.</summary>
    public static (int Line, string Message)? FindError(string source)
    {
        try
        {
            CompiledScript.Compile(new StringScriptSource(JavaScriptRuntime.Wrap(source)), new CompilerOptions());
            return null;
        }
        catch (SyntaxErrorException error)
        {
            return (error.LineNumber, error.Message);
        }
    }
}
