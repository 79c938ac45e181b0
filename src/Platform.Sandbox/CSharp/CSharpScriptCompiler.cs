using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.CSharp;

/// <summary>
/// Compiles a C# script to an image that a worker loads. Not through <c>CSharpScript</c>, which keeps every assembly it
/// ever made: the image goes into a collectible context.
/// </summary>
/// <param name="checkApi">False leaves both allow-lists out, so that tests can look at the process border alone.</param>
internal sealed class CSharpScriptCompiler(bool checkApi = true)
{
    private static readonly string[] Usings = ["System", "System.Linq", "System.Collections.Generic", "Platform.Sdk"];

    private static readonly CSharpParseOptions ParseOptions = new(LanguageVersion.CSharp13, DocumentationMode.None, SourceCodeKind.Script);

    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary,
        scriptClassName: CSharpScriptNames.Class,
        usings: Usings,
        optimizationLevel: OptimizationLevel.Release,
        // A sum of points that does not fit is an error with its line, not a negative balance.
        checkOverflow: true,
        nullableContextOptions: NullableContextOptions.Annotations,
        deterministic: true,
        concurrentBuild: false,
        metadataImportOptions: MetadataImportOptions.Public);

    private static readonly EmitOptions Emit = new(debugInformationFormat: DebugInformationFormat.Embedded);

    private static readonly Lazy<ImmutableArray<MetadataReference>> References = new(FindReferences);

    /// <exception cref="ScriptCompilationException">The script does not compile, or uses what scripts may not use.</exception>
    public ScriptImage Compile(ScriptSource source, CancellationToken ct)
    {
        var text = SourceText.From(source.Text, Encoding.UTF8);
        var tree = CSharpSyntaxTree.ParseText(text, ParseOptions, Path.GetFileName(source.File), ct);
        var key = ScriptKey.Of(source);
        var compilation = CSharpCompilation.CreateScriptCompilation($"Script_{key[..16]}", tree, References.Value, Options, returnType: typeof(object), globalsType: typeof(ScriptGlobals));
        if (checkApi) CheckSource(compilation, tree, source);
        compilation = compilation.ReplaceSyntaxTree(tree, FrameKeeper.Rewrite(tree));
        using var image = new MemoryStream();
        var result = compilation.Emit(image, options: Emit, cancellationToken: ct);
        if (!result.Success) throw Refused(source, result.Diagnostics);
        if (checkApi) CheckImage(image, source);
        return new ScriptImage(key, source.File, ScriptLanguage.CSharp, image.ToArray());
    }

    private static void CheckSource(CSharpCompilation compilation, SyntaxTree tree, ScriptSource source)
    {
        var guard = new SourceGuard(compilation.GetSemanticModel(tree), compilation.Assembly, source.File);
        guard.Visit(tree.GetRoot());
        // Errors of the language come along, so that an author sees all at once.
        if (guard.Errors.Count == 0) return;
        var forbidden = guard.Errors.Select(error => error.Line).ToHashSet();
        var others = Errors(source, compilation.GetDiagnostics()).Where(error => !forbidden.Contains(error.Line));
        throw new ScriptCompilationException([.. guard.Errors.Concat(others).OrderBy(error => error.Line).ThenBy(error => error.Column)]);
    }

    private static void CheckImage(MemoryStream image, ScriptSource source)
    {
        var refused = ImageGuard.Check(image.GetBuffer().AsSpan(0, (int)image.Length));
        if (refused.Count == 0) return;
        throw new ScriptCompilationException([.. refused.Select(name =>
            new ScriptError(source.File, 1, 1, $"The script uses '{name.Replace('/', '.')}' by way of the compiler, which is not allowed.", ApiHints.For(name)))]);
    }

    private static ScriptCompilationException Refused(ScriptSource source, IEnumerable<Diagnostic> diagnostics) => new([.. Errors(source, diagnostics)]);

    private static IEnumerable<ScriptError> Errors(ScriptSource source, IEnumerable<Diagnostic> diagnostics) =>
        from diagnostic in diagnostics
        where diagnostic.Severity == DiagnosticSeverity.Error
        let start = diagnostic.Location.GetLineSpan().StartLinePosition
        orderby start.Line, start.Character
        select new ScriptError(source.File, start.Line + 1, start.Character + 1, $"{diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)} ({diagnostic.Id})");

    private static ImmutableArray<MetadataReference> FindReferences()
    {
        // Implementation assemblies of this very runtime: workers run on the same one.
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string[] names =
        [
            "System.Private.CoreLib", "System.Runtime", "System.Linq", "System.Collections", "System.Text.RegularExpressions", "System.Memory",
            // Out of a script's reach: known to the compiler so that the allow-list can say what to use instead.
            "System.Console", "System.Diagnostics.Process", "System.ComponentModel.Primitives", "System.Net.Http", "System.Net.Primitives", "System.Net.Sockets",
            "System.Threading.Thread", "System.Linq.Parallel", "System.Linq.Queryable", "System.Linq.Expressions",
        ];
        return
        [
            .. names.Select(name => MetadataReference.CreateFromFile(Path.Combine(framework, name + ".dll"))),
            MetadataReference.CreateFromFile(typeof(PluginContext).Assembly.Location),
            MetadataReference.CreateFromFile(typeof(ScriptGlobals).Assembly.Location),
        ];
    }
}
