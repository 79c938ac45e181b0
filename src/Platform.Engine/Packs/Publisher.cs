using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Packs;

/// <summary>
/// Puts packs in force: compiles and checks everything aside, then changes catalog and tables in one transaction, then
/// swaps the snapshot. A publish that is refused leaves the old version as it was; messages are not held up by one.
/// </summary>
public sealed class Publisher(
    Database database, CatalogDatabase catalog, PlatformEngine engine, IPluginHost host, IQueryTextParser parser, TimeProvider clock) : IDisposable
{
    private readonly ScriptStore scripts = new(catalog, host, clock);
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    /// <summary>
    /// Installs or upgrades packs. Packs that are installed and not given stay as they are. Nothing happens when all of
    /// it is deployed already, except that a new process takes it into force.
    /// </summary>
    /// <exception cref="MetadataException">Something is wrong with the packs, or a change would lose data; every error is listed and nothing has changed.</exception>
    public async Task<PublishResult> PublishAsync(IReadOnlyList<PackFiles> packs, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            await catalog.MigrateAsync(ct);
            while (true)
            {
                var result = await TryPublishAsync(PackSet.Of(packs), await Deployment.ReadAsync(catalog, ct), ct);
                if (result is not null) return result;
            }
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Takes the newest deployed version into force; after an upgrade of the engine with the tables that it now asks for.</summary>
    /// <returns>False when nothing was ever published.</returns>
    /// <exception cref="MetadataException">This engine refuses what an older one accepted.</exception>
    public async Task<bool> LoadAsync(CancellationToken ct)
    {
        await catalog.MigrateAsync(ct);
        var deployed = await Deployment.ReadAsync(catalog, ct);
        if (deployed.Version == 0) return false;
        await PublishAsync([], ct);
        return true;
    }

    public void Dispose() => oneAtATime.Dispose();

    /// <returns><c>null</c> when another node published meanwhile.</returns>
    private async Task<PublishResult?> TryPublishAsync(PackSet given, Deployment deployed, CancellationToken ct)
    {
        var packs = deployed.Packs.With(given);
        Refuse(deployed.Downgrades(given));

        var metadata = Compile(packs, deployed.Version).Snapshot!;
        packs = packs.InOrderOf(metadata.Packs);
        var (documents, schema) = (packs.ToJson(), SchemaModel.Of(metadata, database.Dialect));
        var fingerprint = Fingerprint.Of(documents, schema.ToJson());
        if (fingerprint == deployed.Fingerprint) return await TakeIntoForceAsync(metadata, packs, ct);

        var compilation = Compile(packs, deployed.Version + 1);
        metadata = compilation.Snapshot!;
        var compiled = await scripts.CompileAsync(metadata, packs, ct);
        Refuse([.. MetadataChecks.ViewExpressions(compilation, parser), .. compiled.Errors]);

        var plan = SchemaDiff.Between(deployed.Schema, schema, database.Dialect);
        var version = new MetadataVersion
        {
            Version = metadata.Version,
            PublishedOn = clock.GetUtcNow().UtcDateTime,
            Fingerprint = fingerprint,
            Documents = documents,
            Schema = schema.ToJson(),
        };
        var isDeployed = await database.ExclusiveAsync((session, token) => DeployAsync(session, version, metadata, packs, plan, compiled.Fresh, token), ct);
        if (!isDeployed) return null;

        engine.Publish(metadata.WithImages(compiled.Images));
        return new PublishResult(metadata.Version, true, plan, deployed.ChangedWithoutNewVersion(metadata, packs));
    }

    private static async Task<bool> DeployAsync(
        SqlSession session, MetadataVersion version, MetadataSnapshot metadata, PackSet packs, SchemaPlan plan, ImmutableArray<ScriptImageEntry> images, CancellationToken ct)
    {
        await using var context = CatalogDatabase.On(session);
        var newest = await context.Versions.MaxAsync(known => (long?)known.Version, ct) ?? 0;
        if (newest != version.Version - 1) return false;

        Refuse([.. (await SchemaUpgrade.FindLossesAsync(plan, session, ct)).Select(loss => Error(loss, packs))]);
        await SchemaUpgrade.ApplyAsync(plan, session, ct);

        context.Versions.Add(version);
        await AddImagesAsync(context, images, ct);
        await RecordPacksAsync(context, metadata, packs, version.PublishedOn, ct);
        await context.SaveChangesAsync(ct);
        return true;
    }

    private async Task<PublishResult> TakeIntoForceAsync(MetadataSnapshot metadata, PackSet packs, CancellationToken ct)
    {
        var compiled = await scripts.CompileAsync(metadata, packs, ct);
        Refuse(compiled.Errors);
        if (!compiled.Fresh.IsEmpty) await catalog.WriteAsync((context, token) => SaveImagesAsync(context, compiled.Fresh, token), ct);
        engine.Publish(metadata.WithImages(compiled.Images));
        return new PublishResult(metadata.Version, false, SchemaPlan.Nothing, []);
    }

    private static async Task<int> SaveImagesAsync(CatalogContext context, ImmutableArray<ScriptImageEntry> images, CancellationToken ct)
    {
        await AddImagesAsync(context, images, ct);
        return await context.SaveChangesAsync(ct);
    }

    // Another node may have compiled the same source in the meantime; equal keys are equal code.
    private static async Task AddImagesAsync(CatalogContext context, ImmutableArray<ScriptImageEntry> images, CancellationToken ct)
    {
        var keys = images.Select(image => image.SourceKey).ToArray();
        var known = await context.ScriptImages.Where(image => keys.Contains(image.SourceKey)).Select(image => image.SourceKey).ToListAsync(ct);
        context.ScriptImages.AddRange(images.Where(image => !known.Contains(image.SourceKey)));
    }

    private static async Task RecordPacksAsync(CatalogContext context, MetadataSnapshot metadata, PackSet packs, DateTime now, CancellationToken ct)
    {
        var installed = await context.Packs.ToDictionaryAsync(pack => pack.Id, ct);
        foreach (var (position, definition) in metadata.Packs.Index())
        {
            var fingerprint = PackSet.FingerprintOf(packs.Find(definition.Id)!);
            if (!installed.TryGetValue(definition.Id, out var row))
            {
                context.Packs.Add(new InstalledPack
                {
                    Id = definition.Id, Version = definition.Version, InstalledOn = now, ChangedOn = now, Fingerprint = fingerprint, Position = position,
                });
                continue;
            }

            row.Position = position;
            if (row.Fingerprint == fingerprint) continue;
            (row.Version, row.Fingerprint, row.ChangedOn) = (definition.Version, fingerprint, now);
        }
    }

    /// <returns>A compilation without errors.</returns>
    private static MetadataCompilation Compile(PackSet packs, long version)
    {
        var compilation = MetadataCompiler.Compile(packs.Files, version);
        Refuse(compilation.Errors);
        return compilation;
    }

    private static MetadataError Error(SchemaLoss loss, PackSet packs)
    {
        var risk = loss.Risk;
        return new MetadataError(
            packs.PathOf(risk.Pack, $"entities/{risk.Table}/entity.json"),
            risk.Column is null ? "" : $"/properties/{risk.Column}",
            loss.ToString(),
            "Nothing was changed. Keep what was there, or move the data away first.");
    }

    private static void Refuse(ImmutableArray<MetadataError> errors)
    {
        if (!errors.IsEmpty) throw new MetadataException(errors);
    }
}
