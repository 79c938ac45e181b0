using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Queries.Conditions;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What a new row, a new owner or a new row above means for who may do what with a row, and with those below it.</summary>
internal static class Inheritance
{
    /// <summary>
    /// Locks the row above a row from which it is about to inherit. It is the first lock of the message: everybody locks
    /// from the top down, so that two changes of one tree wait for each other and not in a circle.
    /// </summary>
    /// <param name="target">A new row, or the changes of one.</param>
    /// <param name="isNew">There is no row yet.</param>
    public static async Task LockAboveAsync(EntityDefinition entity, EntityRecord target, bool isNew, MessageScope scope, CancellationToken ct)
    {
        if (entity.Parental is not { LogicalName: var lookup }) return;
        if (!target.Contains(lookup) && (isNew || !target.Contains(SystemAttributes.OwnerId))) return;
        var row = target.Contains(lookup) ? target : await RecordStore.PeekAsync(scope.Metadata, scope.InTransaction, entity, target.Id, [entity.Attribute(lookup)], ct);
        if (row?[lookup] is not EntityReference above || RuleOf(entity, above) == CascadeScope.None) return;
        await RecordStore.LockAsync(scope.Metadata, scope.InTransaction, scope.Metadata.Entity(above.LogicalName), above.Id, [], ct);
    }

    /// <summary>A new row gets what the row above hands on.</summary>
    public static Task CreatedAsync(EntityDefinition entity, EntityRecord row, MessageScope scope, CancellationToken ct) =>
        entity.Parental is { LogicalName: var lookup } && row.GetLookup(lookup) is { } above
            ? FollowAsync(new Placed(entity, row.Id, null, row.GetLookup(SystemAttributes.OwnerId), IsActive(entity, row), above, IsMoved: true), scope, ct)
            : Task.CompletedTask;

    /// <summary>A row was changed: where it stands below another row, or has another owner, so is its access.</summary>
    /// <param name="before">The row as it was, with all attributes that were changed, owner and state.</param>
    public static async Task UpdatedAsync(EntityDefinition entity, EntityRecord before, EntityRecord changes, MessageScope scope, CancellationToken ct)
    {
        if (entity.Ownership != Ownership.User) return;
        var lookup = entity.Parental?.LogicalName;
        var isMoved = lookup is not null && changes.Contains(lookup) && !Equals(changes[lookup], before[lookup]);
        var (owned, owner) = (before.GetLookup(SystemAttributes.OwnerId), changes.GetLookup(SystemAttributes.OwnerId) ?? before.GetLookup(SystemAttributes.OwnerId));
        if (!isMoved && (owned == owner || (lookup is null && !entity.OneToMany.Any(relationship => relationship.Cascade.IsParental)))) return;
        var above = lookup is null ? null
            : changes.Contains(lookup) ? changes.GetLookup(lookup)
            : (await RecordStore.PeekAsync(scope.Metadata, scope.InTransaction, entity, changes.Id, [entity.Attribute(lookup)], ct))?.GetLookup(lookup);
        var isActive = IsActive(entity, changes.Contains(SystemAttributes.StateCode) ? changes : before);
        await FollowAsync(new Placed(entity, changes.Id, owned, owner, isActive, above, isMoved), scope, ct);
    }

    /// <summary>What a user or team may do with the row above a row, as its owner or by shares: all that the row can have inherited.</summary>
    public static async Task<AccessRights> AccessAboveAsync(EntityReference row, EntityReference principal, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(row.LogicalName);
        if (entity.Parental is not { LogicalName: var lookup }) return AccessRights.None;
        var stored = await RecordStore.PeekAsync(scope.Metadata, scope.InTransaction, entity, row.Id, [entity.Attribute(lookup)], ct);
        if (stored?.GetLookup(lookup) is not { } above) return AccessRights.None;
        var parents = scope.Metadata.Entity(above.LogicalName);
        var parent = await RecordStore.PeekAsync(scope.Metadata, scope.InTransaction, parents, above.Id, RowOwner.Attributes(parents), ct);
        if (parent?.GetLookup(SystemAttributes.OwnerId) == principal) return AccessRight.All;
        return ShareTable.Of(scope.Metadata) is { } table ? await table.RightsAsync(scope.InTransaction, above, [principal.Id], ct) : AccessRights.None;
    }

    private static async Task FollowAsync(Placed row, MessageScope scope, CancellationToken ct)
    {
        if (ShareTable.Of(scope.Metadata) is not { } table) return;
        var shares = row.OwnerBefore is null ? [] : (await table.FindAsync(scope.InTransaction, row.Entity.LogicalName, [row.Id], null, ct)).ToDictionary(share => share.Principal);
        var handedOn = await HandedOnAsync(row, table, scope, ct);
        var written = new List<Share>();
        var changes = new List<AccessChange>();
        foreach (var principal in shares.Keys.Concat(handedOn.Keys).Concat(new[] { row.OwnerBefore, row.Owner }.OfType<EntityReference>()).Distinct())
        {
            var share = shares.GetValueOrDefault(principal) ?? Share.None(row.Id, principal);
            // What was inherited from a row does not outlive the link to it.
            var kept = row.IsMoved ? AccessRights.None : share.Inherited;
            var now = share with { Inherited = kept | handedOn.GetValueOrDefault(principal) };
            if (now != share) written.Add(now);
            var (before, after) = (Access(share, row.OwnerBefore), Access(now, row.Owner));
            var isGivenAway = principal == row.OwnerBefore && principal != row.Owner;
            if (before != after || isGivenAway) changes.Add(new AccessChange(principal, before, after));
        }
        await table.StoreAsync(row.Entity.LogicalName, written, scope, ct);
        // Nothing stands below a row that is just made.
        if (row.OwnerBefore is not null) await ShareCascade.AfterReparentingAsync(row.Entity, new ChangedRow(row.Id, row.OwnerBefore, row.Owner, changes), scope, ct);
    }

    /// <summary>What the row above hands on to the row in its new place, or to the owner that it had.</summary>
    private static async Task<Dictionary<EntityReference, AccessRights>> HandedOnAsync(Placed row, ShareTable table, MessageScope scope, CancellationToken ct)
    {
        var rights = new Dictionary<EntityReference, AccessRights>();
        if (row.Above is not { } above) return rights;
        var rule = RuleOf(row.Entity, above);
        if (rule == CascadeScope.None) return rights;
        var entity = scope.Metadata.Entity(above.LogicalName);
        var parent = await RecordStore.LockAsync(scope.Metadata, scope.InTransaction, entity, above.Id, RowOwner.Attributes(entity), ct);
        var theirs = parent?.GetLookup(SystemAttributes.OwnerId);
        if (!ShareCascade.Follows(rule, row.IsActive, row.IsMoved ? row.Owner : row.OwnerBefore, theirs)) return rights;
        if (row.IsMoved && await ClosesCircleAsync(row, above, scope, ct)) return rights;
        if (theirs is not null) rights[theirs] = AccessRight.All;
        foreach (var share in await table.FindAsync(scope.InTransaction, entity.LogicalName, [above.Id], null, ct))
            rights[share.Principal] = rights.GetValueOrDefault(share.Principal) | share.Rights;
        // While both rows are theirs, there is nothing to hand on; it is made up for when they give the lower one away.
        if (theirs is not null && theirs == row.Owner) rights.Remove(theirs);
        if (!row.IsMoved)
        {
            foreach (var other in rights.Keys.Where(principal => principal != theirs || principal != row.OwnerBefore).ToList()) rights.Remove(other);
        }
        return rights;
    }

    /// <summary>The row above stands below the row: it hands on nothing, or both would keep for ever what they have from each other.</summary>
    private static async Task<bool> ClosesCircleAsync(Placed row, EntityReference above, MessageScope scope, CancellationToken ct)
    {
        if (above.LogicalName != row.Entity.LogicalName) return false;
        var isAbove = new AllOf([
            new Compare(row.Entity.PrimaryId, Comparison.Equal, row.Id),
            new InTree(row.Entity.PrimaryId, row.Entity, row.Entity.Parental!, above.Id, Above: true, Itself: true)]);
        return (await RecordStore.FindAsync(scope.Metadata, scope.InTransaction, row.Entity, isAbove, 1, ct)).Count > 0;
    }

    private static AccessRights Access(Share share, EntityReference? owner) => share.Principal == owner ? AccessRight.All : share.Rights;

    /// <summary>How far rows follow a row that they are put below.</summary>
    private static CascadeScope RuleOf(EntityDefinition entity, EntityReference above) =>
        entity.ManyToOne.FirstOrDefault(relationship => relationship.Cascade.IsParental && relationship.ReferencedEntity == above.LogicalName)?.Cascade.Reparent ?? CascadeScope.None;

    private static bool IsActive(EntityDefinition entity, EntityRecord row) =>
        !entity.HasState || row.Get<int>(SystemAttributes.StateCode) == entity.Attribute(SystemAttributes.StateCode).Options[0].Value;

    /// <param name="OwnerBefore"><c>null</c> for a new row.</param>
    /// <param name="Above">The row that it stands below now.</param>
    /// <param name="IsMoved">It stood below another one, or none, before.</param>
    private sealed record Placed(EntityDefinition Entity, Guid Id, EntityReference? OwnerBefore, EntityReference? Owner, bool IsActive, EntityReference? Above, bool IsMoved);
}
