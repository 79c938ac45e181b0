using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;

namespace Platform.Engine.Packs;

/// <summary>The metadata of earlier versions, as the catalog keeps it; for telling what has changed since.</summary>
public sealed class MetadataHistory(CatalogDatabase catalog, Deployments deployments)
{
    /// <summary>When a version was published, UTC, in whole seconds; <c>null</c> when there is no such version.</summary>
    public Task<DateTime?> PublishedOnAsync(long version, CancellationToken ct) => catalog.ReadAsync(
        (context, token) => context.Versions.AsNoTracking().Where(known => known.Version == version).Select(known => (DateTime?)known.PublishedOn).SingleOrDefaultAsync(token), ct);

    /// <summary>The metadata of a version, without compiled scripts; <c>null</c> when there is no such version, or this engine refuses what an older one accepted.</summary>
    public async Task<MetadataSnapshot?> SnapshotAsync(long version, CancellationToken ct)
    {
        var packs = await deployments.PacksOfAsync(version, ct);
        return packs is null ? null : MetadataCompiler.Compile(packs.Files, version).Snapshot;
    }
}
