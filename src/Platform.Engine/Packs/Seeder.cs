using System.Collections.Immutable;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Platform.Engine.Catalog;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Packs;

/// <summary>Brings in the rows that packs carry along, through the pipeline like anybody else's. A row that is there stays as its users left it.</summary>
public sealed class Seeder(PlatformEngine engine, CallerDirectory callers, CatalogDatabase catalog, Deployments deployments, TimeProvider clock)
{
    /// <summary>Creates the rows that are missing: those of the packs' roles, in the caller's business unit, those of users' settings, and those of their data files. Files that ran before and have not changed are not looked at again.</summary>
    /// <param name="demo">Also the rows that packs mark as demonstration.</param>
    /// <exception cref="MetadataException">A row refers to one that is not there, or was refused; file and row are named. Rows before it stay, and a repetition goes on from there.</exception>
    /// <param name="progress">Is told each file before it is brought in.</param>
    public async Task SeedAsync(bool demo, Caller caller, CancellationToken ct, IProgress<PublishProgress>? progress = null)
    {
        var metadata = engine.Metadata;
        await CreateRolesAsync(metadata, caller, ct);
        await CreateSettingsAsync(caller, ct);
        var packs = (await deployments.ReadAsync(ct)).Packs;
        var done = await catalog.ReadAsync(
            (context, token) => context.SeedRuns.AsNoTracking().ToDictionaryAsync(run => (run.Pack, run.File), run => run.Fingerprint, token), ct);

        var open = (from pack in metadata.Packs
                    from file in pack.Seeds
                    where demo || !file.Demo
                    let fingerprint = Fingerprint.Of(packs.Find(pack.Id)?.Files.GetValueOrDefault(file.File) ?? "")
                    where done.GetValueOrDefault((pack.Id, file.File)) != fingerprint
                    select (Pack: pack.Id, File: file, Fingerprint: fingerprint)).ToList();
        foreach (var (at, (pack, file, fingerprint)) in open.Index())
        {
            progress?.Report(new(PublishStage.Seed, at, open.Count, $"{pack}/{file.File}"));
            await new SeedFileRun(engine, metadata, pack, file, caller).RunAsync(ct);
            await RecordAsync(pack, file.File, fingerprint, ct);
        }

        if (open.Count > 0) progress?.Report(new(PublishStage.Seed, open.Count, open.Count));
    }

    // Users are given roles by reference to rows; what a role grants stays in the pack.
    private async Task CreateRolesAsync(MetadataSnapshot metadata, Caller caller, CancellationToken ct)
    {
        if (metadata.Find("role") is not { } entity) return;
        var rows = new RecordList();
        await engine.ExecuteAsync(new RetrieveMultiple(new Query(entity), rows), caller, ct);
        var known = rows.Records.Select(row => row.Id).ToHashSet();
        foreach (var role in metadata.Roles.Where(role => !known.Contains(role.Id)))
        {
            var row = new EntityRecord(entity.LogicalName, role.Id)
            {
                ["name"] = role.Title.English,
                ["businessunitid"] = new EntityReference("businessunit", caller.BusinessUnitId),
            };
            await engine.ExecuteAsync(new Create(row), caller, ct);
        }
    }

    // Users get settings when they are made: these were made before there were any.
    private async Task CreateSettingsAsync(Caller caller, CancellationToken ct)
    {
        foreach (var user in await callers.WithoutSettingsAsync(ct))
        {
            try
            {
                await engine.ExecuteAsync(new Create(UserSettings.New(user)), caller, ct);
            }
            catch (PlatformException twice) when (twice.Kind == ErrorKind.Precondition)
            {
                // Another server that starts at the same time was faster.
            }
        }
    }

    private Task<int> RecordAsync(string pack, string file, string fingerprint, CancellationToken ct) => catalog.WriteAsync(
        async (context, token) =>
        {
            var now = clock.GetUtcNow().UtcDateTime;
            var run = await context.SeedRuns.FindAsync([pack, file], token);
            if (run is null) context.SeedRuns.Add(new SeedRun { Pack = pack, File = file, Fingerprint = fingerprint, RanOn = now });
            else (run.Fingerprint, run.RanOn) = (fingerprint, now);
            return await context.SaveChangesAsync(token);
        },
        ct);
}

/// <summary>One file of seed rows being brought in.</summary>
internal sealed class SeedFileRun(PlatformEngine engine, MetadataSnapshot metadata, string pack, SeedFile file, Caller caller)
{
    public async Task RunAsync(CancellationToken ct)
    {
        var entity = metadata.Entity(file.Entity);
        foreach (var (number, row) in file.Rows.Index())
        {
            var values = await ResolveAsync(number, row, ct);
            var record = Record(entity, values);
            if (await FindAsync(entity, file.Key.Select(name => (name, values.GetValueOrDefault(name))), ct) is not { } id)
                await SendAsync(number, new Create(record), ct);
            else if (await CompletionAsync(entity, id, record, ct) is { Attributes.Count: > 0 } completion)
                await SendAsync(number, new Update(completion), ct);
        }
    }

    private async Task SendAsync(int number, Message message, CancellationToken ct)
    {
        try
        {
            await engine.ExecuteAsync(message, caller, ct);
        }
        catch (PlatformException refusal)
        {
            throw Error(number, refusal.Attribute, refusal.Message, refusal.Hint.Length > 0 ? refusal.Hint : "Correct the row.");
        }
    }

    private static EntityRecord Record(EntityDefinition entity, Dictionary<string, object?> values)
    {
        var id = values.GetValueOrDefault(entity.PrimaryIdAttribute) is Guid given ? given : Guid.Empty;
        var record = new EntityRecord(entity.LogicalName, id);
        foreach (var (name, value) in values.Where(value => value.Key != entity.PrimaryIdAttribute))
            record[name] = value;
        return record;
    }

    // Two rows that refer to each other come in two files: the second fills what is empty in a row that nobody has changed since.
    private async Task<EntityRecord> CompletionAsync(EntityDefinition entity, Guid id, EntityRecord record, CancellationToken ct)
    {
        var rows = new RecordList();
        await engine.ExecuteAsync(new Retrieve(new EntityReference(entity.LogicalName, id), [], rows), caller, ct);
        var row = rows.Records[0];
        var completion = new EntityRecord(entity.LogicalName, id);
        if (!Equals(row[SystemAttributes.CreatedOn], row[SystemAttributes.ModifiedOn]) || row.GetLookup(SystemAttributes.CreatedBy)?.Id != caller.UserId) return completion;
        foreach (var (name, value) in record.Attributes)
        {
            if (value is not null && row[name] is null) completion[name] = value;
        }
        return completion;
    }

    private async Task<Dictionary<string, object?>> ResolveAsync(int number, ImmutableDictionary<string, object?> row, CancellationToken ct)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (name, value) in row.OrderBy(cell => cell.Key, StringComparer.Ordinal))
            values[name] = value is SeedReference reference ? await ResolveAsync(number, name, reference, ct) : value;
        return values;
    }

    private async Task<EntityReference> ResolveAsync(int number, string attribute, SeedReference reference, CancellationToken ct)
    {
        var key = new List<(string Name, object? Value)>();
        foreach (var (name, value) in reference.Key.OrderBy(part => part.Key, StringComparer.Ordinal))
            key.Add((name, value is SeedReference inner ? await ResolveAsync(number, attribute, inner, ct) : value));

        var id = await FindAsync(metadata.Entity(reference.Entity), key, ct);
        if (id is { } found) return new EntityReference(reference.Entity, found);
        var sought = string.Join(", ", key.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Name} = '{part.Value}'")));
        throw Error(number, attribute, $"There is no '{reference.Entity}' with {sought}.", "Files run in the order of their names, rows in the order of the file: the row referred to has to come first.");
    }

    private async Task<Guid?> FindAsync(EntityDefinition entity, IEnumerable<(string Name, object? Value)> key, CancellationToken ct)
    {
        var conditions = key.Select(FilterNode (part) => new Compare(entity.Attribute(part.Name), Comparison.Equal, Comparable(part.Value)));
        var found = new RecordList();
        var query = new Query(entity) { Filter = new AllOf([.. conditions]), Top = 1 };
        await engine.ExecuteAsync(new RetrieveMultiple(query, found), caller, ct);
        return found.Records.Count == 0 ? null : found.Records[0].Id;
    }

    private static object? Comparable(object? value) => value is EntityReference reference ? reference.Id : value;

    private MetadataException Error(int number, string? attribute, string reason, string hint)
    {
        var pointer = string.Create(CultureInfo.InvariantCulture, $"/rows/{number}{(attribute is null ? "" : "/" + attribute)}");
        return new MetadataException([new MetadataError($"{pack}/{file.File}", pointer, reason, hint)]);
    }
}
