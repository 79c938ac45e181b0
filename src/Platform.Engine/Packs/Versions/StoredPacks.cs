using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Platform.Engine.Metadata;

namespace Platform.Engine.Packs.Versions;

/// <summary>Packs as the catalog keeps them: JSON that names each of their files by its hash.</summary>
/// <param name="Packs">In install order.</param>
internal sealed record StoredPacks(ImmutableArray<StoredPacks.Entry> Packs)
{
    private static readonly JsonSerializerOptions Format = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Hashes of all files.</summary>
    public IEnumerable<string> Hashes => Packs.SelectMany(pack => pack.Hashes?.Values ?? []);

    public static StoredPacks Of(PackSet packs) => new(
    [
        .. packs.Packs.Select(entry => new Entry(entry.Id) { Hashes = entry.Pack.Files.ToImmutableSortedDictionary(file => file.Key, file => VersionTexts.HashOf(file.Value), StringComparer.Ordinal) }),
    ]);

    public static StoredPacks FromJson(string json) => new(JsonSerializer.Deserialize<ImmutableArray<Entry>>(json, Format));

    public string ToJson() => JsonSerializer.Serialize(Packs, Format);

    /// <param name="texts">By hash: those of <see cref="Hashes"/>.</param>
    public PackSet ToPacks(IReadOnlyDictionary<string, string> texts) =>
        new([.. Packs.Select(pack => (pack.Id, new PackFiles(pack.Id, pack.FilesFrom(texts).ToImmutableSortedDictionary(StringComparer.Ordinal))))]);

    internal sealed record Entry(string Id)
    {
        /// <summary>Hash of the text by path.</summary>
        public ImmutableSortedDictionary<string, string>? Hashes { get; init; }

        /// <summary>Text by path: in versions from before texts were stored by themselves.</summary>
        public ImmutableSortedDictionary<string, string>? Files { get; init; }

        // However the stored dictionary was sorted when it was read: the files of a pack are in ordinal order.
        internal IEnumerable<KeyValuePair<string, string>> FilesFrom(IReadOnlyDictionary<string, string> texts) =>
            Files ?? Hashes!.Select(file => KeyValuePair.Create(file.Key, texts[file.Value]));
    }
}
