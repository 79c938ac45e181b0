using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Packs;

/// <summary>Images of scripts: from the catalog when the same source was compiled before, else from the plugin host.</summary>
internal sealed class ScriptStore(CatalogDatabase catalog, IPluginHost host, TimeProvider clock)
{
    // What compiles and what scripts are compiled against: another build of either compiles anew.
    private readonly string compiler = $"{host.GetType().Module.ModuleVersionId} {typeof(PluginContext).Module.ModuleVersionId}";

    private readonly ScriptCompilation scripts = new(host);

    /// <summary>Images of all scripts by their key in <see cref="MetadataSnapshot.Scripts"/>.</summary>
    /// <param name="current">Metadata in force, whose images are taken where the source is the same.</param>
    public async Task<CompiledScripts> CompileAsync(MetadataSnapshot metadata, MetadataSnapshot current, PackSet packs, CancellationToken ct, IProgress<PublishProgress>? progress = null)
    {
        string[] wanted = [.. metadata.Scripts.Where(script => ImageOf(script.Key, script.Value, current) is null).Select(script => KeyOf(script.Value)).Distinct(StringComparer.Ordinal)];
        var known = await KnownAsync(wanted, ct);
        var images = new Dictionary<string, ScriptImage>(StringComparer.Ordinal);
        var fresh = new List<ScriptImageEntry>();
        var errors = new List<MetadataError>();
        var (done, total) = (0, wanted.Count(key => !known.ContainsKey(key)));
        foreach (var (name, source) in metadata.Scripts)
        {
            if (ImageOf(name, source, current) is { } ready)
            {
                images[name] = ready;
                continue;
            }

            var key = KeyOf(source);
            if (known.TryGetValue(key, out var image))
            {
                images[name] = image;
                continue;
            }

            progress?.Report(new(PublishStage.Compile, Math.Min(done++, total), total, name));
            if (await scripts.CompileAsync(name, source, packs, errors, ct) is not { } compiled) continue;
            images[name] = known[key] = compiled;
            fresh.Add(Entry(key, compiled));
        }
        if (total > 0) progress?.Report(new(PublishStage.Compile, total, total));
        return new CompiledScripts(images, [.. fresh], [.. errors]);
    }

    private static ScriptImage? ImageOf(string name, ScriptSource source, MetadataSnapshot current) =>
        current.Scripts.TryGetValue(name, out var known) && known == source ? current.Images.GetValueOrDefault(name) : null;

    private async Task<Dictionary<string, ScriptImage>> KnownAsync(string[] keys, CancellationToken ct)
    {
        if (keys.Length == 0) return [];
        var entries = await catalog.ReadAsync(
            (context, token) => context.ScriptImages.AsNoTracking().Where(image => keys.Contains(image.SourceKey)).ToListAsync(token), ct);
        return entries.ToDictionary(
            entry => entry.SourceKey,
            entry => new ScriptImage(entry.ImageKey, entry.File, Enum.Parse<ScriptLanguage>(entry.Language), entry.Code),
            StringComparer.Ordinal);
    }

    private string KeyOf(ScriptSource source) => Fingerprint.Of(compiler, source.File, source.Language.ToString(), source.Text);

    private ScriptImageEntry Entry(string key, ScriptImage image) => new()
    {
        SourceKey = key,
        ImageKey = image.Key,
        File = image.File,
        Language = image.Language.ToString(),
        Code = image.Code.ToArray(),
        CompiledOn = clock.GetUtcNow().UtcDateTime,
    };
}

/// <param name="Images">By key of the script.</param>
/// <param name="Fresh">Images that the catalog does not have yet.</param>
internal sealed record CompiledScripts(
    IReadOnlyDictionary<string, ScriptImage> Images, ImmutableArray<ScriptImageEntry> Fresh, ImmutableArray<MetadataError> Errors);
