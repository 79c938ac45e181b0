using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>
/// Lookups point to rows that exist and that the caller may append to; the error names the attribute, which the
/// database's own constraint would not.
/// </summary>
internal static class RowReferences
{
    /// <param name="before">The row as it was; <c>null</c> for a new one. A lookup that stays as it was asks for no right.</param>
    /// <exception cref="PlatformException">A lookup of the record points nowhere, or the caller may not append the row to where it points.</exception>
    public static async Task DemandAsync(EntityDefinition entity, EntityRecord record, EntityRecord? before, MessageScope scope, CancellationToken ct)
    {
        var mayAppend = scope.IsCascade;
        foreach (var (name, value) in record.Attributes)
        {
            if (value is not EntityReference reference || IsKnown(entity, name, reference, scope)) continue;
            if (entity.Attribute(name).Origin == AttributeOrigin.Engine) continue;
            if (reference.LogicalName == record.LogicalName && reference.Id == record.Id) continue;
            // Who may own a row is the matter of Assign.
            var asksForRights = !scope.IsCascade && name != SystemAttributes.OwnerId && !reference.Equals(before?[name]);
            if (asksForRights && !mayAppend)
            {
                await DemandAppendAsync(entity, before ?? record, scope, ct);
                mayAppend = true;
            }
            await DemandTargetAsync(name, reference, asksForRights, scope, ct);
        }
    }

    private static async Task DemandAppendAsync(EntityDefinition entity, EntityRecord row, MessageScope scope, CancellationToken ct)
    {
        if (!await RowAccess.ReachesAsync(scope, entity, row, Privilege.Append, ct))
            throw Errors.MissingPrivilege(scope.Caller.UserId, Privilege.Append, entity.LogicalName);
    }

    private static async Task DemandTargetAsync(string name, EntityReference target, bool asksForRights, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(target.LogicalName);
        var depth = asksForRights ? AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.AppendTo) : PrivilegeDepth.Organization;
        if (depth == PrivilegeDepth.Organization)
        {
            if (!await RecordStore.ExistsAsync(scope.InTransaction, entity, target.Id, ct)) throw Errors.LookupTargetNotFound(name, target);
            return;
        }
        var row = await RecordStore.PeekAsync(scope.Metadata, scope.InTransaction, entity, target.Id, RowOwner.Attributes(entity), ct);
        if (row is not null && await RowAccess.ReachesAsync(scope, entity, row, Privilege.AppendTo, ct)) return;
        // A row that the caller may not see is not told from one that is not there.
        throw row is not null && await RowAccess.ReachesAsync(scope, entity, row, Privilege.Read, ct)
            ? Errors.MissingPrivilege(scope.Caller.UserId, Privilege.AppendTo, entity.LogicalName)
            : Errors.LookupTargetNotFound(name, target);
    }

    // The owner of most rows is their creator, who exists; the currency of an amount has been looked up for its rate.
    private static bool IsKnown(EntityDefinition entity, string name, EntityReference reference, MessageScope scope) =>
        (name == SystemAttributes.OwnerId && reference.Id == scope.Caller.UserId)
        || (name == SystemAttributes.TransactionCurrencyId && !entity.Amounts.IsEmpty);
}
