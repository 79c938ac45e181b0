using Platform.Engine;
using Platform.Engine.Messages;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;

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
}
