using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Packs.Versions;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs;

/// <summary>
/// The deployed version as the catalog tells it. Its documents are megabytes and never change, so they are read once for
/// each version; what is parked beside it may change, and is looked at every time.
/// </summary>
public sealed class Deployments
{
    private readonly CatalogDatabase catalog;
    private Deployment last = Deployment.Nothing;

    internal Deployments(CatalogDatabase catalog) => this.catalog = catalog;

    /// <summary>The newest version.</summary>
    internal Task<Deployment> ReadAsync(CancellationToken ct) => catalog.ReadAsync(
        async (context, token) =>
        {
            var known = Volatile.Read(ref last);
            var newest = await context.Versions.AsNoTracking().OrderByDescending(version => version.Version)
                .Select(version => new { version.Version, version.Fingerprint, version.Schema }).FirstOrDefaultAsync(token);
            if (newest is null) return Deployment.Nothing;
            if ((newest.Version, newest.Fingerprint) != (known.Version, known.Fingerprint))
            {
                var (packs, hashes) = (await ReadPacksAsync(context, newest.Version, known.Packs, token))!.Value;
                known = known with { Version = newest.Version, Fingerprint = newest.Fingerprint, Packs = packs, StoredTexts = known.StoredTexts.Union(hashes) };
            }
            if (newest.Schema != known.SchemaText)
            {
                var (tables, hashes) = await ReadSchemaAsync(context, newest.Schema, known.Schema, token);
                known = known with { Tables = tables, SchemaText = newest.Schema, StoredTexts = known.StoredTexts.Union(hashes) };
            }
            known = known with { Installed = [.. await context.Packs.AsNoTracking().OrderBy(pack => pack.Position).ToListAsync(token)] };
            Volatile.Write(ref last, known);
            return known;
        },
        ct);

    /// <summary>Number of the newest version; 0 when nothing was ever published.</summary>
    internal Task<long> NewestVersionAsync(CancellationToken ct) =>
        catalog.ReadAsync((context, token) => context.Versions.AsNoTracking().Select(version => version.Version).OrderByDescending(version => version).FirstOrDefaultAsync(token), ct);

    /// <summary>The packs of any version; <c>null</c> when there is no such version.</summary>
    internal Task<PackSet?> PacksOfAsync(long version, CancellationToken ct) =>
        catalog.ReadAsync(async (context, token) => (await ReadPacksAsync(context, version, Volatile.Read(ref last).Packs, token))?.Packs, ct);

    /// <summary>A schema as the catalog keeps it.</summary>
    /// <param name="known">A schema in memory, which probably shares most tables with that one.</param>
    /// <returns>Also the hashes of the texts that it is stored in.</returns>
    internal static async Task<(DeployedSchema Schema, IEnumerable<string> Hashes)> ReadSchemaAsync(CatalogContext context, string json, SchemaModel known, CancellationToken ct)
    {
        var stored = StoredSchema.FromJson(json);
        var texts = await VersionTexts.ReadAsync(context, stored.Hashes ?? [], StoredSchema.TextsOf(known), ct);
        return (new DeployedSchema(schema => stored.ToModel(texts, schema), known), stored.Hashes ?? []);
    }

    private static async Task<(PackSet Packs, IEnumerable<string> Hashes)?> ReadPacksAsync(CatalogContext context, long version, PackSet known, CancellationToken ct)
    {
        var documents = await context.Versions.AsNoTracking().Where(row => row.Version == version).Select(row => row.Documents).SingleOrDefaultAsync(ct);
        if (documents is null) return null;
        var stored = StoredPacks.FromJson(documents);
        return (stored.ToPacks(await VersionTexts.ReadAsync(context, stored.Hashes, known.Texts, ct)), stored.Hashes);
    }

    /// <summary>This process has published, or knows the version better: what it has need not be read.</summary>
    internal void Remember(Deployment published) => Volatile.Write(ref last, published);
}
