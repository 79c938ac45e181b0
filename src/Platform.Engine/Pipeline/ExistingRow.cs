using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>The row that a write is about, locked, with the caller's rights on it checked.</summary>
internal static class ExistingRow
{
    /// <param name="columns">Attributes to read.</param>
    /// <exception cref="PlatformException">There is no such row, or none that this caller may see; or one that it may see but not write.</exception>
    public static async Task<EntityRecord> LockAsync(EntityReference reference, ImmutableArray<AttributeDefinition> columns, Privilege privilege, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(reference.LogicalName);
        var row = await RecordStore.LockAsync(scope.Metadata, scope.InTransaction, entity, reference.Id, columns, ct)
            ?? throw Errors.RecordNotFound(reference);
        if (scope.IsCascade || await RowAccess.ReachesAsync(scope, entity, row, privilege, ct)) return row;
        throw await RowAccess.ReachesAsync(scope, entity, row, Privilege.Read, ct)
            ? Errors.MissingPrivilege(scope.Caller.UserId, privilege, entity.LogicalName)
            : Errors.RecordNotFound(reference);
    }
}
