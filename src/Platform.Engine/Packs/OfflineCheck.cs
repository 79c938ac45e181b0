using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Packs;

/// <summary>Everything that a plan would say against packs, as far as it can be told without a database.</summary>
/// <param name="host">Compiles the scripts; none is run.</param>
/// <param name="parser">Reads filters and orders of views.</param>
public sealed class OfflineCheck(IPluginHost host, IQueryTextParser parser)
{
    private readonly ScriptCompilation scripts = new(host);

    /// <param name="packs">Packs that are installed together, core among them, in any order.</param>
    /// <returns>
    /// Errors by file. Scripts and views are looked at once the metadata that they speak of holds together, as a plan does.
    /// </returns>
    public async Task<ImmutableArray<MetadataError>> RunAsync(IReadOnlyList<PackFiles> packs, CancellationToken ct)
    {
        var compilation = MetadataCompiler.Compile(packs, version: 1);
        if (compilation.Snapshot is not { } metadata) return compilation.Errors;
        var errors = new List<MetadataError>(MetadataChecks.ViewExpressions(compilation, parser));
        var set = PackSet.Of(packs);
        foreach (var (name, source) in metadata.Scripts) await scripts.CompileAsync(name, source, set, errors, ct);
        return [.. errors.OrderBy(error => error.File, StringComparer.Ordinal)];
    }
}
