using Platform.Engine.History;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What GrantAccess, ModifyAccess and RevokeAccess have in common: who may share what, the share of the row, what follows below, the history.</summary>
internal sealed class RowSharing(AuditWriter audit)
{
    /// <exception cref="PlatformException">Rows of the entity have no owner, the principal is neither user nor team, or the roles do not grant Share.</exception>
    public static void Admit(Message message, EntityReference principal, MessageScope scope)
    {
        var entity = WriteAdmission.Entity(message, scope);
        DemandShareable(entity, scope.Metadata);
        DemandPrincipal(principal);
        if (!scope.IsCascade) AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Share);
    }

    /// <exception cref="PlatformException">Rows of the entity have no owner.</exception>
    public static void DemandShareable(EntityDefinition entity, MetadataSnapshot metadata)
    {
        if (entity.Ownership != Ownership.User || ShareTable.Of(metadata) is null) throw Errors.NoOwner(entity.LogicalName);
    }

    /// <exception cref="PlatformException">It is neither a user nor a team.</exception>
    public static void DemandPrincipal(EntityReference principal)
    {
        if (principal.LogicalName is not ("systemuser" or "team")) throw Errors.NoPrincipal(principal.LogicalName);
    }

    /// <summary>Locks the row and checks that the caller may share it.</summary>
    public static async Task LockAsync(EntityReference row, MessageScope scope, CancellationToken ct) =>
        scope.Before = await ExistingRow.LockAsync(row, RowOwner.Attributes(scope.Metadata.Entity(row.LogicalName)), Privilege.Share, scope, ct);

    /// <summary>Adds rights to those that are granted on the row.</summary>
    public Task GrantAsync(EntityReference row, PrincipalAccess access, MessageScope scope, CancellationToken ct) =>
        ChangeAsync(row, access.Principal, share => share with { Own = share.Own | access.Rights }, ShareEvent.GrantAccess, scope, ct);

    /// <summary>Replaces the rights that are granted on the row.</summary>
    public Task ModifyAsync(EntityReference row, PrincipalAccess access, MessageScope scope, CancellationToken ct) =>
        ChangeAsync(row, access.Principal, share => share with { Own = access.Rights }, ShareEvent.ModifyAccess, scope, ct);

    /// <summary>Takes away the rights that are granted on the row, and those inherited that the row above has no longer.</summary>
    public async Task RevokeAsync(EntityReference row, EntityReference principal, MessageScope scope, CancellationToken ct)
    {
        var above = await Inheritance.AccessAboveAsync(row, principal, scope, ct);
        await ChangeAsync(row, principal, share => share with { Own = AccessRights.None, Inherited = share.Inherited & above }, ShareEvent.RevokeAccess, scope, ct);
    }

    private async Task ChangeAsync(EntityReference row, EntityReference principal, Func<Share, Share> change, ShareEvent action, MessageScope scope, CancellationToken ct)
    {
        var (entity, table) = (scope.Metadata.Entity(row.LogicalName), ShareTable.Of(scope.Metadata)!);
        var found = await table.FindAsync(scope.InTransaction, row.LogicalName, [row.Id], [principal.Id], ct);
        var before = found.Find(share => share.Principal == principal) ?? Share.None(row.Id, principal);
        var after = change(before);
        await DemandHeldAsync(entity, after.Own & ~before.Own, scope, ct);
        if (after == before) return;
        if (after.Rights != AccessRights.None) await DemandExistsAsync(principal, scope, ct);
        await table.StoreAsync(row.LogicalName, [after], scope, ct);
        await audit.SharedAsync(row, before, after, action, scope, ct);
        var owner = scope.Before!.GetLookup(SystemAttributes.OwnerId);
        if (principal == owner || before.Rights == after.Rights) return;
        await ShareCascade.AfterSharingAsync(entity, new ChangedRow(row.Id, owner, owner, [new AccessChange(principal, before.Rights, after.Rights)]), scope, ct);
    }

    // Nobody gives what they do not have.
    private static async Task DemandHeldAsync(EntityDefinition entity, AccessRights rights, MessageScope scope, CancellationToken ct)
    {
        if (scope.IsCascade) return;
        foreach (var privilege in AccessRight.Privileges(rights))
        {
            var isHeld = privilege == Privilege.Create
                ? AccessPolicy.Depth(scope.Metadata, scope.Caller, entity, privilege) != PrivilegeDepth.None
                : await RowAccess.ReachesAsync(scope, entity, scope.Before!, privilege, ct);
            if (!isHeld) throw Errors.CannotGrant(scope.Caller.UserId, AccessRight.Of(privilege), entity.LogicalName);
        }
    }

    private static async Task DemandExistsAsync(EntityReference principal, MessageScope scope, CancellationToken ct)
    {
        if (!await RecordStore.ExistsAsync(scope.InTransaction, scope.Metadata.Entity(principal.LogicalName), principal.Id, ct)) throw Errors.LookupTargetNotFound("Principal", principal);
    }
}
