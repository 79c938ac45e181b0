using Platform.Engine.Metadata;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Packs;

/// <summary>Compiles scripts of packs; what is wrong with one is told as an error of its file.</summary>
internal sealed class ScriptCompilation(IPluginHost host)
{
    /// <param name="name">Key of the script in <see cref="MetadataSnapshot.Scripts"/>.</param>
    /// <param name="errors">Takes what is wrong, at <c>line:column</c>.</param>
    /// <returns><c>null</c> when the script is refused.</returns>
    public async Task<ScriptImage?> CompileAsync(string name, ScriptSource source, PackSet packs, List<MetadataError> errors, CancellationToken ct)
    {
        try
        {
            return await host.CompileAsync(source, ct);
        }
        catch (ScriptCompilationException refusal)
        {
            var file = FileOf(name, source, packs);
            errors.AddRange(refusal.Errors.Select(error => new MetadataError(file, $"{error.Line}:{error.Column}", error.Message, error.Hint ?? "Correct the script.")));
            return null;
        }
    }

    // The key is the pack's id and the path inside it.
    private static string FileOf(string name, ScriptSource source, PackSet packs) =>
        name.EndsWith("/" + source.File, StringComparison.Ordinal) ? packs.PathOf(name[..^(source.File.Length + 1)], source.File) : name;
}
