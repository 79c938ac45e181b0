using System.Collections.Immutable;
using System.Text.Json;
using Platform.Engine.Metadata;

namespace Platform.Engine.Packs;

/// <summary>All packs that make up one version, as text.</summary>
/// <param name="Packs">Each with the id that its <c>pack.json</c> gives.</param>
internal sealed record PackSet(ImmutableArray<(string Id, PackFiles Pack)> Packs)
{
    public const string Manifest = "pack.json";

    public static PackSet Empty { get; } = new([]);

    public static PackSet Of(IEnumerable<PackFiles> packs) => new([.. packs.Select(pack => (IdOf(pack), pack))]);

    public ImmutableArray<PackFiles> Files => [.. Packs.Select(entry => entry.Pack)];

    /// <summary>These packs, those of <paramref name="given"/> instead of the ones with the same id.</summary>
    public PackSet With(PackSet given)
    {
        var replaced = given.Packs.Select(entry => entry.Id).ToHashSet(StringComparer.Ordinal);
        return new PackSet([.. Packs.Where(entry => !replaced.Contains(entry.Id)), .. given.Packs]);
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

    public static string FingerprintOf(PackFiles pack) =>
        Fingerprint.Of([.. pack.Files.SelectMany(file => new[] { file.Key, file.Value })]);

    public string ToJson() => JsonSerializer.Serialize(
        Packs.Select(entry => new StoredPack(entry.Id, entry.Pack.Files)));

    public static PackSet FromJson(string json) => new(
    [
        .. JsonSerializer.Deserialize<StoredPack[]>(json)!
            .Select(stored => (stored.Id, new PackFiles(stored.Id, stored.Files.ToImmutableSortedDictionary(StringComparer.Ordinal)))),
    ]);

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

    private sealed record StoredPack(string Id, IReadOnlyDictionary<string, string> Files);
}
