using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Usage;
using Platform.Engine.Packs.Building;
using Platform.Engine.Packs.Customization;
using Platform.Engine.Queries;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Packs;

/// <summary>
/// Puts packs in force: compiles and checks everything aside, then changes catalog and tables in one transaction, then
/// swaps the snapshot. A publish that is refused leaves the old version as it was; messages are not held up by one.
/// </summary>
public sealed class Publisher : IDisposable
{
    // Made when first asked for, once for each version.
    private static readonly ConditionalWeakTable<PackSet, UsageIndex> Usage = [];

    private readonly Database database;
    private readonly CatalogDatabase catalog;
    private readonly Deployments deployments;
    private readonly PlatformEngine engine;
    private readonly TimeProvider clock;
    private readonly IndexBuilder builder;
    private readonly Planner planner;
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    private bool migrated;
    private volatile ShownPlan? shown;
    private volatile RefusedVersion? behind;

    public Publisher(Database database, CatalogDatabase catalog, Deployments deployments, PlatformEngine engine, IPluginHost host, IQueryTextParser parser, IndexBuilder builder, TimeProvider clock)
    {
        (this.database, this.catalog, this.deployments, this.engine, this.builder, this.clock) = (database, catalog, deployments, engine, builder, clock);
        planner = new Planner(database, deployments, new ScriptStore(catalog, host, clock), parser, builder);
    }

    /// <summary>
    /// Brings in the packs of a server's folders when it starts: installs and upgrades, never parks. A folder that stands
    /// as it stood at the last start is passed over. What administrators changed prevails. Nothing happens when all of it is deployed already, except that a
    /// new process takes it into force.
    /// </summary>
    /// <exception cref="MetadataException">Something is wrong with the packs, or a change would lose or hide data; every error is listed and nothing has changed.</exception>
    public Task<PublishResult> PublishAsync(IReadOnlyList<PackFiles> packs, CancellationToken ct) =>
        ApplyAsync(new MetadataChange { Packs = packs, FromFolders = true, ResolveAll = LayerChoice.Customization }, PublishOptions.Default, ct);

    /// <summary>What a change would do. Nothing is changed; readers and writers are not held up.</summary>
    public async Task<MetadataPlan> PlanAsync(MetadataChange change, CancellationToken ct) => await ShowAsync(change, await deployments.ReadAsync(ct), ct);

    /// <summary>Carries a change out.</summary>
    /// <exception cref="MetadataException">It cannot be done, or would park data without consent; every error is listed and nothing has changed.</exception>
    /// <exception cref="PlanChangedException">It would not do what was agreed to; nothing has changed.</exception>
    public Task<PublishResult> ApplyAsync(MetadataChange change, PublishOptions options, CancellationToken ct) =>
        ApplyAsync(_ => change, options, ct);

    /// <summary>Changes the layer that administrators have above the packs.</summary>
    /// <param name="change">Makes the change; called again, on a new draft, when something else was published meanwhile.</param>
    /// <exception cref="MetadataException">It cannot be done, or would park data without consent; every error is listed and nothing has changed.</exception>
    /// <exception cref="PlatformException">The draft refuses a part of it.</exception>
    public Task<PublishResult> CustomizeAsync(Action<CustomizationDraft> change, PublishOptions options, CancellationToken ct) =>
        ApplyAsync(deployed => Customized(deployed, change), options, ct);

    /// <summary>What <see cref="CustomizeAsync"/> would do.</summary>
    /// <exception cref="PlatformException">The draft refuses a part of it.</exception>
    public async Task<MetadataPlan> PlanCustomizingAsync(Action<CustomizationDraft> change, CancellationToken ct)
    {
        var deployed = await deployments.ReadAsync(ct);
        return await ShowAsync(Customized(deployed, change), deployed, ct);
    }

    private async Task<MetadataPlan> ShowAsync(MetadataChange change, Deployment deployed, CancellationToken ct)
    {
        var planned = await planner.PlanAsync(change, deployed, engine.Metadata, new PhaseTimes(clock), ct);
        shown = new ShownPlan(change.Fingerprint, deployed, planned);
        return planned.Plan;
    }

    private static MetadataChange Customized(Deployment deployed, Action<CustomizationDraft> change)
    {
        var draft = new CustomizationDraft(deployed.Packs);
        change(draft);
        var layer = draft.ToFiles();
        // A layer that says nothing need not be there.
        var saysNothing = deployed.Packs.Customization is null && layer.Files.Count == 1;
        return new MetadataChange { Packs = saysNothing ? [] : [layer], IsCustomizing = true };
    }

    private async Task<PublishResult> ApplyAsync(Func<Deployment, MetadataChange> make, PublishOptions options, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            await MigrateAsync(ct);
            while (true)
            {
                var times = new PhaseTimes(clock);
                var deployed = await deployments.ReadAsync(ct);
                times.End("read");
                var change = make(deployed);
                options.Progress?.Report(new(PublishStage.Plan, 0, 0));
                var planned = shown?.For(change, deployed) ?? await planner.PlanAsync(change, deployed, engine.Metadata, times, ct, options.Progress);
                if (options.ExpectedPlan is { } expected && expected != planned.Plan.Id) throw new PlanChangedException(planned.Plan);
                Refuse(options.Park ? planned.Plan.Blockers : [.. planned.Plan.Blockers, .. planned.WithoutConsent]);
                var result = planned.Plan.IsEmpty
                    ? await TakeIntoForceAsync(change, planned, deployed, ct)
                    : await TryPublishAsync(change, options, planned, deployed, times, ct);
                times.End("force");
                if (result is not null) return result with { Phases = times.ToImmutable() };
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
        await MigrateAsync(ct);
        if (await deployments.NewestVersionAsync(ct) == 0) return false;
        await PublishAsync([], ct);
        return true;
    }

    /// <summary>Number of the version in force; 0 before the first.</summary>
    public long Version => engine.Metadata.Version;

    /// <summary>A newer version that this process cannot take into force; <c>null</c> when it serves the newest that it knows of.</summary>
    public RefusedVersion? Behind => behind;

    /// <summary>Takes the newest version into force when another process has published one. Nothing in the database is changed, and no version goes back.</summary>
    /// <returns>True when another version is in force now.</returns>
    public async Task<bool> FollowAsync(CancellationToken ct)
    {
        if (await deployments.NewestVersionAsync(ct) is var newest && (newest <= engine.Metadata.Version || newest == behind?.Version)) return false;
        await oneAtATime.WaitAsync(ct);
        try
        {
            var deployed = await deployments.ReadAsync(ct);
            if (deployed.Version <= engine.Metadata.Version) return false;
            var planned = await planner.PlanAsync(new MetadataChange { OnlyLoads = true }, deployed, engine.Metadata, new PhaseTimes(clock), ct);
            behind = planned.Plan.Blockers.IsEmpty ? null : new RefusedVersion(deployed.Version, planned.Plan.Blockers);
            if (behind is not null) return false;
            deployments.Remember(deployed with { Tables = deployed.Tables.From(planned.Schema) });
            engine.Publish(planned.Metadata!.WithImages(planned.Scripts.Images).WithBuilds(await builder.ReadAsync(ct)));
            database.ForgetTables();
            return true;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    /// <summary>Published versions, the newest first.</summary>
    public Task<List<PublishedVersion>> VersionsAsync(CancellationToken ct) => catalog.ReadAsync(
        (context, token) => context.Versions.AsNoTracking().OrderByDescending(version => version.Version)
            .Select(version => new PublishedVersion(version.Version, version.PublishedOn, version.Action, version.PublishedBy, version.RolledBackTo)).ToListAsync(token),
        ct);

    /// <summary>What is parked, in the order in which it was.</summary>
    public async Task<ImmutableArray<ParkedComponent>> ParkedAsync(CancellationToken ct)
    {
        var schema = (await deployments.ReadAsync(ct)).Schema;
        return
        [
            .. schema.ParkedTables.Select(table => new ParkedComponent(table.StoredName, $"entity/{table.Table.Name}", table.Version))
                .Concat(schema.ParkedColumns.Select(column => new ParkedComponent($"{column.Table}.{column.StoredName}", $"attribute/{column.Table}/{column.Column.Name}", column.Version)))
                .OrderBy(parked => parked.Version).ThenBy(parked => parked.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The installed packs with all their files, in install order.</summary>
    public async Task<ImmutableArray<PackFiles>> FilesAsync(CancellationToken ct) => (await deployments.ReadAsync(ct)).Packs.Files;

    /// <summary>What each layer says about a component, and what holds.</summary>
    /// <param name="component">Address, as plans name it.</param>
    /// <exception cref="PlatformException">There is no such component.</exception>
    public async Task<ComponentLayers> LayersAsync(string component, CancellationToken ct) =>
        LayerReport.Of((await deployments.ReadAsync(ct)).Packs, component);

    /// <summary>Who refers to a component of the version in force.</summary>
    /// <param name="component">Address, as plans name it; also system columns, and 1:N relationships by their name.</param>
    /// <returns>Uses that are certain first; then what scripts only mention.</returns>
    /// <exception cref="PlatformException">There is no such component.</exception>
    public async Task<ImmutableArray<ComponentUse>> UsesAsync(string component, CancellationToken ct)
    {
        var packs = (await deployments.ReadAsync(ct)).Packs;
        var uses = Usage.GetValue(packs, static packs => UsageIndex.Of(packs.Packs, [])).Of(component);
        if (!uses.IsEmpty || IsInForce(component)) return uses;
        var known = ComponentSet.Of(packs);
        if (known.Find(component) is not null) return uses;
        throw Errors.UnknownComponent(component, Metadata.Compiling.Spelling.Hint(component, known.Addresses, "Components are named as in plans: entity/account, attribute/account/name."));
    }

    // Not all of it stands in files: every table has system columns, every lookup makes relationships.
    private bool IsInForce(string component) => component.Split('/') switch
    {
        ["attribute", var entity, var attribute] => engine.Metadata.Find(entity)?.Find(attribute) is not null,
        ["entity", var entity] => engine.Metadata.Find(entity) is not null,
        ["relationship", var name] => engine.Metadata.Entities.Any(entity => entity.OneToMany.Any(relationship => relationship.Name == name)),
        _ => false,
    };

    /// <summary>All components that are in force, property by property, with the layers that decide.</summary>
    public async Task<InstalledComponents> ComponentsAsync(CancellationToken ct)
    {
        var deployed = await deployments.ReadAsync(ct);
        return new InstalledComponents(
            deployed.Version, [.. deployed.Installed.Where(pack => pack.Id != PackDefinition.Customization).Select(pack => new PackVersion(pack.Id, pack.Version))], ComponentInventory.Of(deployed.Packs));
    }

    /// <summary>Drops parked data for good.</summary>
    /// <param name="name"><see cref="ParkedComponent.Name"/>.</param>
    /// <exception cref="PlatformException">Nothing of that name is parked.</exception>
    public async Task PurgeAsync(string name, CancellationToken ct)
    {
        await oneAtATime.WaitAsync(ct);
        try
        {
            await database.ExclusiveAsync(new Purge(name).RunAsync, ct);
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    /// <returns><c>null</c> when another node published meanwhile.</returns>
    private async Task<PublishResult?> TryPublishAsync(MetadataChange change, PublishOptions options, PlannedPublish planned, Deployment deployed, PhaseTimes times, CancellationToken ct)
    {
        var write = new VersionWrite(change, options, planned, deployed, builder.LaterFrom, times, clock.GetUtcNow().UtcDateTime);
        var changes = await database.ExclusiveAsync(write.RunAsync, ct);
        times.End("commit");
        if (changes.IsDefault) return null;
        deployments.Remember(write.Written!);
        (shown, behind) = (null, null);
        engine.Publish(planned.Metadata!.WithImages(planned.Scripts.Images).WithBuilds(write.OpenBuilds));
        if (!write.OpenBuilds.IsEmpty) builder.Wake();
        return new PublishResult(planned.Metadata.Version, true, planned.Tables with { Changes = changes }, planned.Plan.Notes);
    }

    private async Task<PublishResult> TakeIntoForceAsync(MetadataChange change, PlannedPublish planned, Deployment deployed, CancellationToken ct)
    {
        await catalog.WriteAsync(
            async (context, token) =>
            {
                await VersionWrite.AddImagesAsync(context, planned.Scripts.Fresh, token);
                if (change.FromFolders) await VersionWrite.RememberFoldersAsync(context, change.Packs, token);
                return await context.SaveChangesAsync(token);
            },
            ct);
        deployments.Remember(deployed with { Tables = deployed.Tables.From(planned.Schema) });
        engine.Publish(planned.Metadata!.WithImages(planned.Scripts.Images).WithBuilds(await builder.ReadAsync(ct)));
        return new PublishResult(planned.Metadata.Version, false, SchemaPlan.Nothing, planned.Plan.Notes);
    }

    private async Task MigrateAsync(CancellationToken ct)
    {
        if (migrated) return;
        await catalog.MigrateAsync(ct);
        migrated = true;
    }

    private static void Refuse(ImmutableArray<MetadataError> errors)
    {
        if (!errors.IsEmpty) throw new MetadataException(errors);
    }

    /// <summary>A plan that somebody has seen. Who agrees to it at once need not wait for it to be made again.</summary>
    private sealed record ShownPlan(string Change, Deployment Deployed, PlannedPublish Planned)
    {
        // Rows stood in the way or would be parked: they are looked at again. Any that came since are met in the transaction.
        public PlannedPublish? For(MetadataChange change, Deployment deployed) =>
            Planned.Plan.Blockers.IsEmpty && Planned.WithoutConsent.IsEmpty && !change.FromFolders
            && (deployed.Version, deployed.Fingerprint, deployed.SchemaText) == (Deployed.Version, Deployed.Fingerprint, Deployed.SchemaText)
            && change.Fingerprint == Change
                ? Planned
                : null;
    }
}
