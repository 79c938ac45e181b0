using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs.Building;

/// <summary>What the catalog knows of indexes that are not there yet.</summary>
internal static class OpenBuilds
{
    /// <summary>All of them, by the names of the indexes.</summary>
    public static async Task<ImmutableSortedDictionary<string, IndexBuild>> ReadAsync(CatalogContext context, CancellationToken ct)
    {
        var entries = await context.IndexBuilds.AsNoTracking().ToListAsync(ct);
        return entries.Select(Of).ToImmutableSortedDictionary(build => build.Name, build => build, StringComparer.Ordinal);
    }

    /// <summary>Notes what a publish leaves to be built and what it no longer asks for. The context is yet to be saved.</summary>
    public static async Task RecordAsync(CatalogContext context, ImmutableArray<SchemaChange> changes, MetadataSnapshot metadata, DateTime now, CancellationToken ct)
    {
        var gone = changes.OfType<DropIndex>().Select(drop => drop.Index.Name).ToArray();
        var known = await context.IndexBuilds.Where(build => gone.Contains(build.Name)).ToDictionaryAsync(build => build.Name, ct);
        foreach (var (table, index) in changes.OfType<BuildIndex>())
        {
            if (known.Remove(index.Name, out var again))
            {
                Enter(again, IndexBuildState.Pending, now, null);
                continue;
            }

            context.IndexBuilds.Add(new IndexBuildEntry
            {
                Name = index.Name,
                Entity = table,
                EntityKey = metadata.Entity(table).Keys.FirstOrDefault(key => SchemaNames.KeyIndex(table, key.Name) == index.Name)?.Name,
                State = nameof(IndexBuildState.Pending),
                Since = now,
            });
        }

        context.IndexBuilds.RemoveRange(known.Values);
    }

    public static void Enter(IndexBuildEntry entry, IndexBuildState state, DateTime now, string? failure) =>
        (entry.State, entry.Since, entry.Failure) = (state.ToString(), now, failure);

    private static IndexBuild Of(IndexBuildEntry entry) => new(
        entry.Name, entry.Entity, entry.EntityKey, Enum.Parse<IndexBuildState>(entry.State), DateTime.SpecifyKind(entry.Since, DateTimeKind.Utc), entry.Failure);
}
