using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;

namespace Platform.Engine.Packs.Versions;

/// <summary>
/// The texts that versions are made of, files and tables, each stored once under its hash: a version names them and shares
/// most of them with the one before, so that what a publish writes is what it changes.
/// </summary>
internal static class VersionTexts
{
    private static readonly ConditionalWeakTable<string, string> Hashes = [];

    /// <summary>SHA-256 of a text, lower-case hex. Calculated once for each text in memory.</summary>
    public static string HashOf(string text) => Hashes.GetValue(text, static text => Fingerprint.Of(text));

    /// <summary>Adds the texts that are not stored yet.</summary>
    /// <param name="stored">Hashes of texts that are: those of the version before.</param>
    public static async Task AddAsync(CatalogContext context, IEnumerable<string> texts, IReadOnlySet<string> stored, CancellationToken ct)
    {
        var byHash = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (HashOf(text) is var hash && !stored.Contains(hash)) byHash[hash] = text;
        }

        if (byHash.Count == 0) return;
        foreach (var known in await context.Texts.Where(text => byHash.Keys.Contains(text.Hash)).Select(text => text.Hash).ToListAsync(ct)) byHash.Remove(known);
        context.Texts.AddRange(byHash.Select(entry => new VersionText { Hash = entry.Key, Content = entry.Value }));
    }

    /// <summary>Texts by hash.</summary>
    /// <param name="hashes">Of texts that some version is made of.</param>
    /// <param name="known">Texts that are in memory, if any are: they are not read again.</param>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(CatalogContext context, IEnumerable<string> hashes, IEnumerable<string> known, CancellationToken ct)
    {
        var wanted = hashes.ToHashSet(StringComparer.Ordinal);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in known)
        {
            if (HashOf(text) is var hash && wanted.Remove(hash)) found[hash] = text;
        }

        if (wanted.Count == 0) return found;
        await foreach (var text in context.Texts.AsNoTracking().Where(text => wanted.Contains(text.Hash)).AsAsyncEnumerable().WithCancellation(ct))
        {
            Hashes.AddOrUpdate(text.Content, text.Hash);
            found[text.Hash] = text.Content;
        }

        return found;
    }
}
