using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>Keeps a hierarchy of rows free of circles.</summary>
internal static class Hierarchy
{
    private const string Hidden = "…";

    /// <summary>Looks from the new parent upwards for the row itself.</summary>
    /// <remarks>
    /// Every row on the way is locked: two changes that only together close a circle wait for each other, and the
    /// second one sees the first.
    /// </remarks>
    /// <param name="before">The row as it was; <c>null</c> for a new one.</param>
    /// <exception cref="PlatformException">The row would be above itself; the error names the way.</exception>
    public static async Task DemandNoCircleAsync(EntityDefinition entity, EntityRecord row, EntityRecord? before, MessageScope scope, CancellationToken ct)
    {
        if (entity.Hierarchy is not { } lookup) return;
        if (row[lookup.LogicalName] is not EntityReference parent || parent.Equals(before?[lookup.LogicalName])) return;
        var way = new List<Guid> { row.Id };
        for (var at = parent; at is not null && (at.Id == row.Id || !way.Contains(at.Id));)
        {
            way.Add(at.Id);
            if (at.Id == row.Id) throw Errors.Circle(entity.LogicalName, lookup.LogicalName, await NamesAsync(entity, way, scope, ct));
            var above = await RecordStore.LockAsync(scope.Metadata, scope.InTransaction, entity, at.Id, [lookup], ct);
            at = above?.GetLookup(lookup.LogicalName);
        }
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(EntityDefinition entity, List<Guid> way, MessageScope scope, CancellationToken ct)
    {
        var names = new List<string>();
        foreach (var id in way)
        {
            var row = await RecordStore.PeekAsync(scope.Metadata, scope.InTransaction, entity, id, entity.Attributes, ct);
            var isSeen = row is not null && await RowAccess.ReachesAsync(scope, entity, row, Privilege.Read, ct);
            names.Add(isSeen ? (entity.PrimaryName is { } name ? row!.Get<string>(name.LogicalName) : null) ?? id.ToString("D") : Hidden);
        }
        return names;
    }
}
