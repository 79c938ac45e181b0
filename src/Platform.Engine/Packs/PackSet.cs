using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Platform.Engine.Metadata;

namespace Platform.Engine.Packs;

/// <summary>All packs that make up one version, as text.</summary>
/// <param name="Packs">Each with the id that its <c>pack.json</c> gives.</param>
internal sealed record PackSet(ImmutableArray<(string Id, PackFiles Pack)> Packs)
{
    public const string Manifest = "pack.json";

    private static readonly ConditionalWeakTable<ImmutableSortedDictionary<string, string>, string> Fingerprints = [];

    public static PackSet Empty { get; } = new([]);

    public static PackSet Of(IEnumerable<PackFiles> packs) => new([.. packs.Select(pack => (IdOf(pack), pack))]);

    public ImmutableArray<PackFiles> Files => [.. Packs.Select(entry => entry.Pack)];

    /// <summary>These packs, those of <paramref name="given"/> instead of the ones with the same id.</summary>
    public PackSet With(PackSet given)
    {
        var replaced = given.Packs.Select(entry => entry.Id).ToHashSet(StringComparer.Ordinal);
        return new PackSet([.. Packs.Where(entry => !replaced.Contains(entry.Id)), .. given.Packs.Select(entry => (entry.Id, SharingWith(Find(entry.Id), entry.Pack)))]);
    }

    // What is known of a text is kept by its instance: a pack that comes again has most of its files unchanged.
    private static PackFiles SharingWith(PackFiles? known, PackFiles given)
    {
        if (known is null) return given;
        var files = given.Files.ToBuilder();
        foreach (var (path, text) in given.Files)
        {
            if (known.Files.TryGetValue(path, out var same) && same == text) files[path] = same;
        }

        return given with { Files = files.ToImmutable() };
    }

    /// <summary>These packs without some.</summary>
    public PackSet Without(ImmutableArray<string> ids) => ids.IsDefaultOrEmpty ? this : new PackSet([.. Packs.Where(entry => !ids.Contains(entry.Id))]);

    /// <summary>The same packs in the order in which the compiler installs them.</summary>
    public PackSet InOrderOf(ImmutableArray<PackDefinition> order)
    {
        var position = order.Select((pack, at) => (pack.Id, at)).ToDictionary(entry => entry.Id, entry => entry.at, StringComparer.Ordinal);
        return new PackSet([.. Packs.OrderBy(entry => position.GetValueOrDefault(entry.Id, int.MaxValue))]);
    }

    /// <summary>The packs without what an administrator laid over them.</summary>
    public PackSet BelowCustomization => Without([PackDefinition.Customization]);

    /// <summary>What an administrator laid over the packs; <c>null</c> when nothing.</summary>
    public PackFiles? Customization => Find(PackDefinition.Customization);

    public PackFiles? Find(string id) => Packs.FirstOrDefault(entry => entry.Id == id).Pack;

    /// <summary>Where a file of a pack came from, as <see cref="MetadataError.File"/> names it.</summary>
    public string PathOf(string pack, string file) => $"{Find(pack)?.Origin ?? pack}/{file}";

    /// <summary>The file, named as <see cref="PathOf"/> does, has the very text that it has in another set.</summary>
    public bool Shares(string path, PackSet other)
    {
        foreach (var (id, pack) in Packs)
        {
            if (!path.StartsWith($"{pack.Origin}/", StringComparison.Ordinal)) continue;
            var file = path[(pack.Origin.Length + 1)..];
            if (pack.Files.TryGetValue(file, out var text) && other.Find(id)?.Files.TryGetValue(file, out var known) == true && known == text) return true;
        }

        return false;
    }

    /// <summary>SHA-256 over all packs with their files, lower-case hex.</summary>
    public string Fingerprint => Packs.IsEmpty ? "" : Engine.Packs.Fingerprint.Of([.. Packs.SelectMany(entry => new[] { entry.Id, FingerprintOf(entry.Pack) })]);

    /// <summary>SHA-256 over the files of a pack, lower-case hex. Files never change, so it is calculated once.</summary>
    public static string FingerprintOf(PackFiles pack) =>
        Fingerprints.GetValue(pack.Files, static files => Engine.Packs.Fingerprint.Of([.. files.SelectMany(file => new[] { file.Key, file.Value })]));

    /// <summary>These packs as the catalog gives them back: named by their ids, whatever folder they came from.</summary>
    public PackSet AsDeployed() => new([.. Packs.Select(entry => (entry.Id, entry.Pack with { Origin = entry.Id }))]);

    /// <summary>All files of all packs.</summary>
    public IEnumerable<string> Texts => Packs.SelectMany(entry => entry.Pack.Files.Values);

    /// <summary>Version in the manifest; <c>null</c> when it cannot be read.</summary>
    public static Version? VersionOf(PackFiles pack) => Version.TryParse(ManifestText(pack, "version"), out var version) ? version : null;

    private static string IdOf(PackFiles pack) => ManifestText(pack, "id") ?? pack.Origin;

    // The compiler says what is wrong with a manifest; here one that cannot be read is as good as none.
    private static string? ManifestText(PackFiles pack, string key)
    {
        if (!pack.Files.TryGetValue(Manifest, out var text)) return null;
        try
        {
            using var manifest = JsonDocument.Parse(text);
            return manifest.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty(key, out var value)
                && value.ValueKind == JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
