using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>Lookups point to rows that exist; the error names the attribute, which the database's own constraint would not.</summary>
internal static class RowReferences
{
    /// <exception cref="PlatformException">A lookup of the record points nowhere.</exception>
    public static async Task DemandAsync(EntityDefinition entity, EntityRecord record, MessageScope scope, CancellationToken ct)
    {
        foreach (var (name, value) in record.Attributes)
        {
            if (value is not EntityReference reference || IsKnown(entity, name, reference, scope)) continue;
            if (entity.Attribute(name).Origin == AttributeOrigin.Engine) continue;
            if (reference.LogicalName == record.LogicalName && reference.Id == record.Id) continue;
            if (!await RecordStore.ExistsAsync(scope.InTransaction, scope.Metadata.Entity(reference.LogicalName), reference.Id, ct))
                throw Errors.LookupTargetNotFound(name, reference);
        }
    }

    // The owner of most rows is their creator, who exists; the currency of an amount has been looked up for its rate.
    private static bool IsKnown(EntityDefinition entity, string name, EntityReference reference, MessageScope scope) =>
        (name == SystemAttributes.OwnerId && reference.Id == scope.Caller.UserId)
        || (name == SystemAttributes.TransactionCurrencyId && !entity.Amounts.IsEmpty);
}
