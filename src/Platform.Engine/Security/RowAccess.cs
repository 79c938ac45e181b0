using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Security;

/// <summary>What a caller may do with a row that was read with the attributes of <see cref="RowOwner"/>: as its owner, by the depth of its roles, or because it is shared.</summary>
internal static class RowAccess
{
    /// <summary>The caller of a message has a privilege on a row.</summary>
    public static async ValueTask<bool> ReachesAsync(MessageScope scope, EntityDefinition entity, EntityRecord row, Privilege privilege, CancellationToken ct)
    {
        var depth = AccessPolicy.Depth(scope.Metadata, scope.Caller, entity, privilege);
        if (Reaches(scope.Caller, depth, row)) return true;
        // A share gives nothing to whom the roles give nothing on the table.
        if (depth == PrivilegeDepth.None || entity.Ownership != Ownership.User || ShareTable.Of(scope.Metadata) is not { } shares) return false;
        var shared = await shares.RightsAsync(scope.InTransaction, row.ToReference(), AccessPolicy.Principals(scope.Caller), ct);
        return shared.HasFlag(AccessRight.Of(privilege));
    }

    /// <summary>All that somebody may do with a row.</summary>
    public static async Task<AccessRights> RightsAsync(MetadataSnapshot metadata, SqlSession session, Caller principal, EntityDefinition entity, EntityRecord row, CancellationToken ct)
    {
        var shared = entity.Ownership == Ownership.User && ShareTable.Of(metadata) is { } shares
            ? await shares.RightsAsync(session, row.ToReference(), AccessPolicy.Principals(principal), ct)
            : AccessRights.None;
        var rights = AccessRights.None;
        foreach (var privilege in Enum.GetValues<Privilege>())
        {
            var depth = AccessPolicy.Depth(metadata, principal, entity, privilege);
            var right = AccessRight.Of(privilege);
            if (Reaches(principal, depth, row) || (depth != PrivilegeDepth.None && shared.HasFlag(right))) rights |= right;
        }
        return rights;
    }

    /// <summary>A row that the caller of a message may read, with the attributes of <see cref="RowOwner"/>.</summary>
    /// <exception cref="PlatformException">There is no such row, or none that this caller may see.</exception>
    public static async Task<EntityRecord> DemandReadableAsync(EntityReference reference, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(reference.LogicalName);
        var row = await RecordStore.PeekAsync(scope.Metadata, scope.InTransaction, entity, reference.Id, RowOwner.Attributes(entity), ct);
        return row is not null && await ReachesAsync(scope, entity, row, Privilege.Read, ct) ? row : throw Errors.RecordNotFound(reference);
    }

    private static bool Reaches(Caller caller, PrivilegeDepth depth, EntityRecord row) =>
        AccessPolicy.Reaches(caller, depth, row.GetLookup(SystemAttributes.OwnerId)?.Id, row.GetLookup(SystemAttributes.OwningBusinessUnit)?.Id);
}
