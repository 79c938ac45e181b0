namespace Platform.Sandbox.JavaScript;

/// <summary>Kinds that matter to the checks before publishing.</summary>
internal enum JavaScriptTokenKind
{
    Word,
    Number,
    Punctuator,

    /// <summary>A string, a regular expression, or a piece of a template: its text is not looked into.</summary>
    Literal,
}

/// <param name="Line">1-based.</param>
/// <param name="Column">1-based.</param>
internal readonly record struct JavaScriptToken(JavaScriptTokenKind Kind, string Text, int Line, int Column);
