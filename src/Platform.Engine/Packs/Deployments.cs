using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
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
                var documents = await context.Versions.AsNoTracking().Where(version => version.Version == newest.Version).Select(version => version.Documents).SingleAsync(token);
                known = Deployment.Nothing with { Version = newest.Version, Fingerprint = newest.Fingerprint, Packs = PackSet.FromJson(documents) };
            }
            if (newest.Schema != known.SchemaText) known = known with { Schema = SchemaModel.FromJson(newest.Schema), SchemaText = newest.Schema };
            known = known with { Installed = [.. await context.Packs.AsNoTracking().OrderBy(pack => pack.Position).ToListAsync(token)] };
            Volatile.Write(ref last, known);
            return known;
        },
        ct);

    /// <summary>Number of the newest version; 0 when nothing was ever published.</summary>
    internal Task<long> NewestVersionAsync(CancellationToken ct) =>
        catalog.ReadAsync((context, token) => context.Versions.AsNoTracking().Select(version => version.Version).OrderByDescending(version => version).FirstOrDefaultAsync(token), ct);

    /// <summary>This process has published: what it wrote need not be read.</summary>
    internal void Remember(Deployment published) => Volatile.Write(ref last, published);
}
