using System.Collections.Frozen;
using Platform.Engine.Metadata;
using Platform.OData.Metadata.Types;

namespace Platform.OData.Metadata.Projection;

/// <summary>What a pack says of the definitions that it brings: core and installed packs are managed layers, what administrators add on the system is not.</summary>
internal static class Layer
{
    private const string Core = "core";

    /// <summary>Columns that the engine gives to tables, whoever declares them; the primary key is the table's own.</summary>
    private static readonly FrozenSet<string> System = new[]
    {
        SystemAttributes.CreatedOn, SystemAttributes.CreatedBy, SystemAttributes.ModifiedOn, SystemAttributes.ModifiedBy, SystemAttributes.OverriddenCreatedOn,
        SystemAttributes.ImportSequenceNumber, SystemAttributes.VersionNumber, SystemAttributes.OwnerId, SystemAttributes.OwningBusinessUnit,
        SystemAttributes.StateCode, SystemAttributes.StatusCode, SystemAttributes.TransactionCurrencyId, SystemAttributes.ExchangeRate,
    }.ToFrozenSet(StringComparer.Ordinal);

    public static bool IsManaged(string pack) => pack != PackDefinition.Customization;

    public static bool IsCustom(string pack) => pack != Core;

    public static bool IsCustom(AttributeDefinition attribute) => IsCustom(attribute.Pack) && !System.Contains(attribute.LogicalName);

    /// <summary>A setting, which managed layers lock.</summary>
    public static BooleanManagedProperty Setting(string pack, bool value, string name) => new(value, !IsManaged(pack), name);
}
