using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.OData.Routing;

/// <summary>Finds the row that an alternate key names, among those that the caller may read.</summary>
internal sealed class RowFinder(PlatformEngine engine)
{
    /// <returns><c>null</c> when there is none, or none for this caller.</returns>
    /// <exception cref="PlatformException">The key is not in force yet (400).</exception>
    public async Task<Guid?> FindAsync(AlternateKey key, Caller caller, CancellationToken ct)
    {
        // Before it is built more than one row may have these values.
        if (engine.Metadata.BuildOf(key.Entity, key.Definition) is { } build) throw Errors.KeyNotActive(key.Entity.LogicalName, key.Definition.Name, build.State.ToString());
        var rows = new RecordList();
        var query = new Query(key.Entity) { Columns = [key.Entity.PrimaryId], Filter = key.ToFilter(), Top = 1 };
        await engine.ExecuteAsync(new RetrieveMultiple(query, rows), caller, ct);
        return rows.Records.Count == 0 ? null : rows.Records[0].Id;
    }

    /// <summary>The id of the row that a path addresses.</summary>
    /// <exception cref="PlatformException">No row has this key (404).</exception>
    public async ValueTask<Guid> DemandAsync(RowKey key, Caller caller, CancellationToken ct)
    {
        if (key.Alternate is not { } alternate) return key.Id;
        return await FindAsync(alternate, caller, ct) ?? throw Errors.KeyNotFound(alternate.Entity.LogicalName, alternate.Text);
    }

    /// <summary>The id of the row at the end of a way, each row of which the caller may read.</summary>
    /// <exception cref="PlatformException">A row is not there, not among those of its collection, or a lookup is empty (404).</exception>
    public async Task<Guid> DemandAsync(RowPath path, Caller caller, CancellationToken ct)
    {
        var row = new EntityReference(path.Entity.LogicalName, await DemandAsync(path.Key, caller, ct));
        foreach (var step in path.Steps)
        {
            row = step.Navigation is LookupNavigation lookup
                ? await ValueAsync(row, lookup, caller, ct) ?? throw Errors.NothingBehind(row, lookup.Name)
                : await DemandAsync(row, step.Navigation, step.Child!.Value, caller, ct);
        }
        return row.Id;
    }

    /// <summary>The row of a collection that a key names.</summary>
    /// <exception cref="PlatformException">The row that has the collection is not there, or no row of it has this key (404).</exception>
    public async Task<EntityReference> DemandAsync(EntityReference row, Navigation collection, RowKey key, Caller caller, CancellationToken ct)
    {
        var related = await RelatedAsync(row, collection, caller, ct);
        var entity = engine.Metadata.Entity(collection.Target!);
        var child = new EntityReference(entity.LogicalName, await DemandAsync(key, caller, ct));
        var rows = new RecordList();
        var query = new Query(entity) { Columns = [entity.PrimaryId], Filter = new AllOf([new Compare(entity.PrimaryId, Comparison.Equal, child.Id), related]), Top = 1 };
        await engine.ExecuteAsync(new RetrieveMultiple(query, rows), caller, ct);
        return rows.Records.Count > 0 ? child : throw Errors.RecordNotFound(child);
    }

    /// <summary>Where a lookup of the row points to; <c>null</c> when it is empty or points to another entity than the property leads to.</summary>
    public async Task<EntityReference?> ValueAsync(EntityReference row, LookupNavigation lookup, Caller caller, CancellationToken ct)
    {
        var rows = new RecordList();
        await engine.ExecuteAsync(new Retrieve(row, [lookup.Lookup.LogicalName], rows), caller, ct);
        var value = rows.Records[0].GetLookup(lookup.Lookup.LogicalName);
        return lookup.Target is null || value?.LogicalName == lookup.Target ? value : null;
    }

    /// <summary>The condition on the rows of a collection. The row that it hangs on has to be one that the caller may read.</summary>
    public async Task<FilterNode> RelatedAsync(EntityReference row, Navigation collection, Caller caller, CancellationToken ct)
    {
        await engine.ExecuteAsync(new Retrieve(row, [SystemAttributes.VersionNumber], new RecordList()), caller, ct);
        var entity = engine.Metadata.Entity(collection.Target!);
        return collection switch
        {
            RowsNavigation rows => new Compare(entity.Attribute(rows.Attribute), Comparison.Equal, row),
            PairsNavigation pairs when engine.Metadata.Entity(pairs.Relationship.IntersectEntity) is var intersect => new PairedWith(
                entity.PrimaryId, intersect, intersect.Attribute(pairs.Far.IntersectAttribute), intersect.Attribute(pairs.Near.IntersectAttribute), row.Id),
            var other => throw new InvalidOperationException($"{other.GetType().Name} leads to no collection."),
        };
    }
}
