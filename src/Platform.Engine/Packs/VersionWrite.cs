using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Versions;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs;

/// <summary>The one transaction of a publish: tables and catalog go from one version to the next, or stay.</summary>
internal sealed class VersionWrite(MetadataChange change, PublishOptions options, PlannedPublish planned, Deployment deployed, int buildLaterFrom, PhaseTimes times, DateTime now)
{
    /// <summary>The version that was written; <c>null</c> before.</summary>
    public Deployment? Written { get; private set; }

    /// <summary>Indexes that are not there when the version is.</summary>
    public ImmutableSortedDictionary<string, IndexBuild> OpenBuilds { get; private set; } = ImmutableSortedDictionary<string, IndexBuild>.Empty;

    /// <returns>The changes made to the database; default when another node published meanwhile.</returns>
    /// <exception cref="MetadataException">The rows of today stand in the way.</exception>
    public async Task<ImmutableArray<SchemaChange>> RunAsync(SqlSession session, CancellationToken ct)
    {
        await using var context = CatalogDatabase.On(session);
        if (await IsOutrunAsync(context, ct)) return default;
        times.End("begin");

        // The rows may have changed since the plan was made: what counts is what they hold now.
        var rows = await RowFindings.OfAsync(planned.Tables, change, buildLaterFrom, looksAhead: false, session, ct);
        Refuse(rows.Losses.Where(loss => !options.Park || !Planner.IsParked(loss)));
        var tables = rows.Tables.DropWhatIsEmpty(rows.Losses);
        Refuse(await ChangeTablesAsync(tables, session, ct));
        await AutoNumberSequence.EnsureAsync(planned.Metadata!, session, ct);
        times.End("tables");

        var schema = planned.Schema.After(deployed.Schema, tables.Changes);
        var packs = planned.Packs.AsDeployed();
        ImmutableArray<string> texts = [.. packs.Texts, .. StoredSchema.TextsOf(schema)];
        Written = new Deployment(planned.Metadata!.Version, planned.Fingerprint, packs, new(schema), [])
        {
            SchemaText = StoredSchema.Of(schema).ToJson(), StoredTexts = [.. texts.Select(VersionTexts.HashOf)],
        };
        await VersionTexts.AddAsync(context, texts, deployed.StoredTexts, ct);
        context.Versions.Add(new MetadataVersion
        {
            Version = Written.Version,
            PublishedOn = now,
            Fingerprint = planned.Fingerprint,
            Documents = StoredPacks.Of(Written.Packs).ToJson(),
            Schema = Written.SchemaText,
            Action = change.Action,
            PublishedBy = options.PublishedBy,
            RolledBackTo = change.RollBackTo,
        });
        await AddImagesAsync(context, planned.Scripts.Fresh, ct);
        await RecordPacksAsync(context, ct);
        await Building.OpenBuilds.RecordAsync(context, tables.Changes, planned.Metadata, now, ct);
        await context.SaveChangesAsync(ct);
        OpenBuilds = await Building.OpenBuilds.ReadAsync(context, ct);
        if (change.FromFolders)
        {
            await RememberFoldersAsync(context, change.Packs, ct);
            await context.SaveChangesAsync(ct);
        }
        await session.NotifyAsync(MetadataFollower.NoticeChannel, ct);
        times.End("catalog");
        return tables.Changes;
    }

    private async Task<ImmutableArray<SchemaLoss>> ChangeTablesAsync(SchemaPlan tables, SqlSession session, CancellationToken ct)
    {
        try
        {
            return await SchemaUpgrade.ApplyAsync(tables, session, ct, Counted(tables.Changes.Length));
        }
        catch (ConstraintException refused) when (refused.Kind is ConstraintKind.Unique or ConstraintKind.TooLong)
        {
            // A row was written after the rows were looked at, or holds what no index takes.
            var made = tables.Changes.OfType<AddIndex>().FirstOrDefault(add => add.Index.Name == refused.Constraint);
            throw new MetadataException([Planner.ErrorOf(refused, made, deployed.Packs.With(planned.Packs))]);
        }
    }

    /// <summary>Tells how many of the changes are made.</summary>
    private Action<SchemaChange?>? Counted(int total)
    {
        if (options.Progress is not { } progress) return null;
        var done = 0;
        return next => progress.Report(new(PublishStage.Change, next is null ? total : done++, total, next?.ToString()));
    }

    // Another node may have compiled the same source in the meantime; equal keys are equal code.
    public static async Task AddImagesAsync(CatalogContext context, ImmutableArray<ScriptImageEntry> images, CancellationToken ct)
    {
        var keys = images.Select(image => image.SourceKey).ToArray();
        var known = await context.ScriptImages.Where(image => keys.Contains(image.SourceKey)).Select(image => image.SourceKey).ToListAsync(ct);
        context.ScriptImages.AddRange(images.Where(image => !known.Contains(image.SourceKey)));
    }

    /// <summary>Notes how the folders stood, so that the next start passes over those that stand the same.</summary>
    public static async Task RememberFoldersAsync(CatalogContext context, IReadOnlyList<PackFiles> packs, CancellationToken ct)
    {
        var folders = PackSet.Of(packs).Packs.ToDictionary(entry => entry.Id, entry => PackSet.FingerprintOf(entry.Pack), StringComparer.Ordinal);
        foreach (var pack in await context.Packs.ToListAsync(ct))
        {
            if (folders.TryGetValue(pack.Id, out var fingerprint)) pack.FolderFingerprint = fingerprint;
        }
    }

    // A purge keeps the version and changes what is parked.
    private async Task<bool> IsOutrunAsync(CatalogContext context, CancellationToken ct)
    {
        var newest = await context.Versions.AsNoTracking().OrderByDescending(version => version.Version).Select(version => new { version.Version, version.Schema }).FirstOrDefaultAsync(ct);
        return (newest?.Version ?? 0) != deployed.Version || (newest is not null && newest.Schema != deployed.SchemaText);
    }

    private async Task RecordPacksAsync(CatalogContext context, CancellationToken ct)
    {
        var installed = await context.Packs.ToDictionaryAsync(pack => pack.Id, ct);
        foreach (var (position, definition) in planned.Metadata!.Packs.Index())
        {
            var fingerprint = PackSet.FingerprintOf(planned.Packs.Find(definition.Id)!);
            if (!installed.Remove(definition.Id, out var row))
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

        // A pack that is gone brings its rows again when it comes back.
        context.Packs.RemoveRange(installed.Values);
        var gone = installed.Keys.ToArray();
        if (gone.Length > 0) context.SeedRuns.RemoveRange(await context.SeedRuns.Where(run => gone.Contains(run.Pack)).ToListAsync(ct));
    }

    private void Refuse(IEnumerable<SchemaLoss> losses)
    {
        ImmutableArray<MetadataError> errors = [.. losses.Select(loss => Planner.ErrorOf(loss, deployed.Packs.With(planned.Packs)))];
        if (!errors.IsEmpty) throw new MetadataException(errors);
    }
}
