using System.Collections.Immutable;
using Platform.Engine.Messages;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Studio.Lists;
using Platform.Studio.Session;

namespace Platform.Studio.Records;

/// <summary>How the pages reach records: each method is one message through the engine's door, on behalf of the signed-in user.</summary>
public sealed class StudioRecords(PlatformEngine engine, CurrencyDirectory currencies, IStudioCaller caller)
{
    public MetadataSnapshot Metadata => engine.Metadata;

    public async Task<RowPage> ListAsync(Query query, CancellationToken ct)
    {
        var rows = new RecordList();
        var result = await engine.ExecuteAsync(new RetrieveMultiple(query, rows), await caller.GetAsync(ct), ct);
        return new RowPage([.. rows.Records], result.Next, result.Total);
    }

    /// <summary>One row with the names of what its lookups point to.</summary>
    /// <param name="columns">Logical names.</param>
    /// <exception cref="PlatformException">The row is not there, or not for this user.</exception>
    public async Task<EntityRecord> ReadAsync(EntityReference target, ImmutableArray<string> columns, CancellationToken ct)
    {
        var rows = new RecordList();
        await engine.ExecuteAsync(new Retrieve(target, columns, rows, LookupNames: true), await caller.GetAsync(ct), ct);
        return rows.Records[0];
    }

    /// <summary>Currencies of an entity's amounts; <c>null</c> when it has none.</summary>
    public async ValueTask<CurrencyTable?> CurrenciesAsync(EntityDefinition entity, CancellationToken ct) =>
        entity.Amounts.IsEmpty ? null : await currencies.GetAsync(engine.Metadata, ct);

    public async Task<Guid> CreateAsync(EntityRecord record, CancellationToken ct) =>
        (await engine.ExecuteAsync(new Create(record), await caller.GetAsync(ct), ct)).Id;

    /// <param name="version">Version the user saw; the update is refused when the row has another one.</param>
    public async Task UpdateAsync(EntityRecord changes, long? version, CancellationToken ct) =>
        await engine.ExecuteAsync(new Update(changes, version), await caller.GetAsync(ct), ct);

    public async Task DeleteAsync(EntityReference target, long? version, CancellationToken ct) =>
        await engine.ExecuteAsync(new Delete(target, version), await caller.GetAsync(ct), ct);

    /// <summary>Rows of an entity whose name or searchable texts contain the words; the first by name for an empty text.</summary>
    public async Task<ImmutableArray<EntityReference>> FindAsync(EntityDefinition entity, string words, int most, CancellationToken ct)
    {
        if (entity.PrimaryNameAttribute is not { } name) return [];
        var title = entity.Attribute(name);
        var query = new Query(entity)
        {
            Columns = [title],
            Filter = QuickFind.ForWords(entity, words),
            Orders = [new OrderBy(title)],
            Top = most,
            PageSize = most,
        };
        var page = await ListAsync(query, ct);
        return [.. page.Records.Select(record => record.ToReference() with { Name = record.Get<string>(name) })];
    }

    /// <summary>The reference with the name of its row; without one where the user may not see the row.</summary>
    public async Task<EntityReference> NamedAsync(EntityReference reference, CancellationToken ct)
    {
        if (Metadata.Find(reference.LogicalName)?.PrimaryNameAttribute is not { } name) return reference;
        try
        {
            return reference with { Name = (await ReadAsync(reference, [name], ct)).Get<string>(name) };
        }
        catch (PlatformException hidden) when (hidden.Kind is ErrorKind.NotFound or ErrorKind.Forbidden)
        {
            return reference;
        }
    }

    /// <summary>All rows of an entity that the user may see.</summary>
    public async Task<long> CountAsync(EntityDefinition entity, CancellationToken ct)
    {
        var page = await ListAsync(new Query(entity) { PageSize = 1, CountTotal = true }, ct);
        return page.Total ?? page.Records.Length;
    }
}
