using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Compiling;
using Platform.Engine.Packs.Building;
using Platform.Engine.Packs.Customization;
using Platform.Engine.Packs.Versions;
using Platform.Engine.Queries;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs;

/// <summary>Everything that a publish needs, worked out aside; nothing is changed by it.</summary>
/// <param name="Metadata">Of the version that would be in force; <c>null</c> when the packs are refused.</param>
/// <param name="Schema">Tables of that version, without what is parked beside them.</param>
internal sealed record PlannedPublish(MetadataPlan Plan, MetadataSnapshot? Metadata, PackSet Packs, SchemaModel Schema, SchemaPlan Tables, CompiledScripts Scripts, string Fingerprint)
{
    /// <summary>Data that would be parked, as errors: what stands in the way of a publish without consent.</summary>
    public ImmutableArray<MetadataError> WithoutConsent { get; init; } = [];
}

/// <summary>Works out what a change would do to the deployed metadata and to the database.</summary>
internal sealed class Planner(Database database, Deployments deployments, ScriptStore scripts, IQueryTextParser parser, IndexBuilder builder)
{
    private readonly TableModels models = new(database.Dialect);

    // Whichever packs were compiled last: most of their files are those of the next ones.
    private volatile CompiledPacks? last;

    /// <param name="current">Metadata in force: what it has in the same form is taken from it.</param>
    public async Task<PlannedPublish> PlanAsync(MetadataChange change, Deployment deployed, MetadataSnapshot current, PhaseTimes times, CancellationToken ct, IProgress<PublishProgress>? progress = null)
    {
        var blockers = new List<MetadataError>();
        var merged = await TargetAsync(change, deployed, blockers, ct);
        var packs = merged.Packs;
        // What is stored, and comes back from the store, is served although limits of lengths came later.
        var stored = change.RollBackTo is null ? deployed.Packs : packs;
        var compilation = MetadataCompiler.Compile(packs.Files, deployed.Version + 1, last, file => packs.Shares(file, stored));
        blockers.AddRange(compilation.Errors);
        times.End("compile");
        var components = ComponentSet.Changes(deployed.Packs, packs);
        times.End("components");
        var removals = Removals.StillUsed(components, deployed.Packs, packs, compilation.Snapshot);
        // Who takes one thing out is told once who uses it; the compiler says it of each place, in words about that place.
        if (change.IsCustomizing) blockers.RemoveAll(error => removals.Any(removal => removal.Explains(error, packs)));
        blockers.AddRange(removals.Select(removal => removal.Error));
        if (blockers.Count > 0) return Refused(deployed, merged, components, change, blockers);
        blockers.AddRange(Open(merged, change));
        var tolerated = compilation.Tolerated.Select(error => $"{error.File}#{error.Pointer}: {error.Reason} It was stored before that rule and stays; the file keeps it when it changes.").ToList();

        compilation = compilation.Reusing(current);
        last = compilation.Compiled;
        var metadata = compilation.Snapshot!;
        packs = packs.InOrderOf(metadata.Packs);
        var schema = models.Of(metadata);
        var fingerprint = Fingerprint.Of(packs.Fingerprint, StoredSchema.Of(schema).ToJson());
        times.End("fingerprint");
        var compiled = await scripts.CompileAsync(metadata, current, packs, ct, progress);
        blockers.AddRange(compiled.Errors);
        times.End("scripts");
        if (fingerprint == deployed.Fingerprint)
        {
            // Nothing new: the version keeps its number.
            metadata = metadata.At(deployed.Version);
            var nothing = new MetadataPlan { Id = IdOf(deployed, fingerprint), BaseVersion = deployed.Version, IsEmpty = true, Notes = [.. tolerated], Blockers = [.. blockers] };
            return new PlannedPublish(nothing, metadata, packs, schema, SchemaPlan.Nothing, compiled, fingerprint);
        }

        if (change.OnlyLoads)
        {
            blockers.Add(new MetadataError("", "", $"Version {deployed.Version} is stored in tables that this engine would make otherwise.", "All processes on one database run the same engine: upgrade this one."));
            return Refused(deployed, merged, components, change, blockers);
        }

        blockers.AddRange(MetadataChecks.ViewExpressions(compilation, parser));
        times.End("views");
        // One that is built meanwhile is looked at for nothing.
        var unbuilt = (await builder.ReadAsync(ct)).Keys.ToHashSet(StringComparer.Ordinal);
        var tables = SchemaDiff.Between(deployed.Schema, schema, database.Dialect, metadata.Version, unbuilt);
        var rows = await database.ReadAsync((session, token) => RowFindings.OfAsync(tables, change, builder.LaterFrom, looksAhead: true, session, token), ct);
        var required = await database.ReadAsync((session, token) => NewRequirements.FindAsync(components, metadata, deployed.Schema, tables.Changes, session, token), ct);
        var (found, changes) = (rows.Losses, rows.Tables.DropWhatIsEmpty(rows.Losses).Changes);
        blockers.AddRange(found.Where(loss => !IsParked(loss)).Select(loss => WithPurge(ErrorOf(loss, packs), ParkedNameOf(loss.Risk, tables))));
        var plan = new MetadataPlan
        {
            Id = IdOf(deployed, fingerprint),
            BaseVersion = deployed.Version,
            Components = components,
            Changes = [.. changes.Select(made => made.ToString())],
            Statements = DdlWriter.For(database.Dialect).Script(changes),
            Parks = [.. found.Where(IsParked).Select(loss => new ParkedRows(ComponentOf(loss.Risk), loss.Rows))],
            Conflicts = merged.Conflicts,
            Dependents = merged.Dependents,
            Blockers = [.. blockers],
            Notes =
            [
                .. merged.Notes,
                .. WithoutEffect(components),
                .. tolerated,
                .. rows.Colliding.Select(loss => $"{loss} It will not be in force before they differ."),
                .. required,
                .. change.RollBackTo is null ? deployed.ChangedWithoutNewVersion(metadata, packs) : [],
            ],
        };
        times.End("plan");
        return new PlannedPublish(plan, metadata, packs, schema, tables, compiled, fingerprint)
        {
            WithoutConsent = [.. found.Where(IsParked).Select(loss => ErrorOf(loss, deployed.Packs.With(packs)))],
        };
    }

    /// <summary>The data is kept and only hidden.</summary>
    public static bool IsParked(SchemaLoss loss) => loss.Risk is RowsAtRisk { IsParked: true };

    /// <summary>A loss as an error of the file that asks for it.</summary>
    public static MetadataError ErrorOf(SchemaLoss loss, PackSet packs) => new(
        packs.PathOf(loss.Risk.Pack, $"entities/{loss.Risk.Table}/entity.json"),
        loss.Risk.Column is null ? "" : $"/properties/{loss.Risk.Column}",
        loss.ToString(),
        IsParked(loss)
            ? "Nothing was changed. Keep what was there, or publish with consent to park the data: platform pack apply."
            : "Nothing was changed. Keep what was there, or move the data away first.");

    /// <summary>An index that the rows keep from being made, as an error of the file that asks for it.</summary>
    /// <param name="made">The index; <c>null</c> when the database does not tell.</param>
    public static MetadataError ErrorOf(ConstraintException refused, AddIndex? made, PackSet packs)
    {
        var index = made is null ? "An index" : $"The {(made.Index.Unique ? "key" : "index")} '{made.Index.Name}' of '{made.Table}' ({string.Join(", ", made.Index.Columns)})";
        var table = made is null ? null : packs.Packs.Select(entry => entry.Id).FirstOrDefault(pack => packs.Find(pack)!.Files.ContainsKey($"entities/{made.Table}/entity.json"));
        return new MetadataError(
            table is null ? "" : packs.PathOf(table, $"entities/{made!.Table}/entity.json"),
            "",
            refused.Kind == ConstraintKind.TooLong ? $"{index} cannot be made: rows hold values that are too long for it." : $"{index} cannot be made: rows share its values.",
            refused.Kind == ConstraintKind.TooLong
                ? "Nothing was changed. On PostgreSQL the values of a key or index have room for about 2,700 bytes in each row: shorten them, or take long columns out of it."
                : "Nothing was changed. Plan once more: the rows are named there.");
    }

    /// <summary>Name for a purge of parked data that would come back; <c>null</c> when the data is none.</summary>
    private static string? ParkedNameOf(SchemaRisk risk, SchemaPlan tables)
    {
        foreach (var change in tables.Changes)
        {
            if (change is RestoreColumn column && column.Parked.Table == risk.Table && column.Column.Name == risk.Column) return $"{column.Parked.Table}.{column.Parked.StoredName}";
            if (change is RestoreTable table && table.Parked.Table.Name == risk.Table) return table.Parked.StoredName;
        }

        return null;
    }

    private static MetadataError WithPurge(MetadataError error, string? parked) => parked is null
        ? error
        : error with { Hint = $"Nothing was changed. Keep what was there, or drop the parked data for good: platform metadata purge {parked}." };

    private async Task<MergedPacks> TargetAsync(MetadataChange change, Deployment deployed, List<MetadataError> blockers, CancellationToken ct)
    {
        if (change.RollBackTo is { } version) return MergedPacks.Unmerged(await PacksOfAsync(version, deployed, blockers, ct));
        var given = PackSet.Of(change.Packs);
        if (change.FromFolders) given = deployed.WithoutKnownFolders(given);
        blockers.AddRange(deployed.Downgrades(given));
        foreach (var id in change.Uninstall.Where(id => deployed.Packs.Find(id) is null))
            blockers.Add(new MetadataError(id, "", $"The pack '{id}' is not installed.", "platform metadata versions shows what is."));
        ImmutableArray<string> asked = change.Uninstall.IsDefault ? [] : change.Uninstall;
        var uninstall = asked.RemoveAll(id => id == PackDraft.Core);
        if (uninstall.Length < asked.Length)
            blockers.Add(new MetadataError(PackDraft.Core, "", "The pack 'core' cannot be taken out.", "Every installation has its tables."));
        var merged = ThreeWayMerge.Run(deployed.Packs, deployed.Packs.Without(uninstall).With(given), change);
        blockers.AddRange(merged.Refusals);
        var known = merged.Conflicts.Select(conflict => conflict.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var unknown in change.Resolutions.Keys.Where(id => !known.Contains(id)))
            blockers.Add(new MetadataError(PackDefinition.Customization, "", $"There is no conflict '{unknown}' to decide.", known.Count == 0 ? "There are no conflicts." : $"The conflicts are {string.Join(", ", known)}."));
        return merged;
    }

    /// <summary>The row of a role stays, with who holds it.</summary>
    private static IEnumerable<string> WithoutEffect(ImmutableArray<ComponentChange> components) => components
        .Where(change => change.Change == ComponentChangeKind.Removed && change.Component.StartsWith("role/", StringComparison.Ordinal))
        .Select(change => $"The role '{change.Component["role/".Length..]}' grants nothing any more. Users and teams keep it, and have its rights again when it comes back.");

    /// <summary>What of the customization somebody has to decide first.</summary>
    private static IEnumerable<MetadataError> Open(MergedPacks merged, MetadataChange change) =>
        merged.Conflicts.Where(conflict => conflict.Choice is null).Select(Undecided).Concat(change.WithDependents ? [] : Dependents.AsErrors(merged.Dependents));

    private static MetadataError Undecided(LayerConflict conflict) => new(
        $"{PackDefinition.Customization}/{conflict.Component}",
        conflict.Pointer,
        conflict.Kind switch
        {
            LayerConflictKind.Removed => "The packs no longer have what the customization changes.",
            LayerConflictKind.Added => "The packs now bring what the customization declares.",
            _ => $"The packs change it from {conflict.Before ?? "nothing"} to {conflict.Now ?? "nothing"}, the customization to {conflict.Customization ?? "nothing"}.",
        },
        $"Say who prevails: --resolve '{conflict.Id}=customization' or '{conflict.Id}=pack'.");

    private async Task<PackSet> PacksOfAsync(long version, Deployment deployed, List<MetadataError> blockers, CancellationToken ct)
    {
        if (await deployments.PacksOfAsync(version, ct) is { } packs) return packs;
        blockers.Add(new MetadataError("", "", $"There is no version {version}.", $"The version in force is {deployed.Version}."));
        return deployed.Packs;
    }

    private static PlannedPublish Refused(Deployment deployed, MergedPacks merged, ImmutableArray<ComponentChange> components, MetadataChange change, List<MetadataError> blockers)
    {
        var packs = merged.Packs;
        var plan = new MetadataPlan
        {
            Id = IdOf(deployed, packs.Fingerprint), BaseVersion = deployed.Version, Components = components, Conflicts = merged.Conflicts, Dependents = merged.Dependents,
            Blockers = [.. Open(merged, change).Concat(blockers).Distinct()], Notes = merged.Notes,
        };
        return new PlannedPublish(plan, null, packs, SchemaModel.Empty, SchemaPlan.Nothing, new CompiledScripts(new Dictionary<string, Sdk.Hosting.ScriptImage>(), [], []), "");
    }

    private static string IdOf(Deployment deployed, string outcome) =>
        Fingerprint.Of(deployed.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), deployed.Fingerprint, deployed.SchemaText, outcome);

    private static string ComponentOf(SchemaRisk risk) => risk.Column is null ? $"entity/{risk.Table}" : $"attribute/{risk.Table}/{risk.Column}";
}
