namespace Platform.Sdk.Hosting;

/// <summary>Language of a script, told by its file ending.</summary>
public enum ScriptLanguage
{
    /// <summary><c>.csx</c></summary>
    CSharp,

    /// <summary><c>.js</c></summary>
    JavaScript,
}

/// <summary>A script as its author wrote it.</summary>
/// <param name="File">Path inside the pack (<c>entities/loy_card/check-number.js</c>); error messages use its last segment.</param>
/// <param name="Text">Source text.</param>
public sealed record ScriptSource(string File, ScriptLanguage Language, string Text);

/// <summary>A script ready to run.</summary>
/// <param name="Key">Content hash of source, language and compiler version, lower-case hex: equal keys mean equal code. Workers cache by it.</param>
/// <param name="File">Path inside the pack, for error messages.</param>
/// <param name="Code">What the language's engine executes: an assembly image for C#, UTF-8 source for JavaScript.</param>
public sealed record ScriptImage(string Key, string File, ScriptLanguage Language, ReadOnlyMemory<byte> Code);

/// <param name="Line">1-based line in the author's source.</param>
/// <param name="Column">1-based column.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Hint">What to do instead; <c>null</c> where there is nothing to add.</param>
public sealed record ScriptError(string File, int Line, int Column, string Message, string? Hint = null)
{
    public override string ToString() => $"{File}({Line},{Column}): {Message}{(Hint is null ? "" : " " + Hint)}";
}

/// <summary>A script was refused at publish.</summary>
public sealed class ScriptCompilationException(IReadOnlyList<ScriptError> errors)
    : Exception(string.Join(Environment.NewLine, errors))
{
    public IReadOnlyList<ScriptError> Errors { get; } = errors;
}
