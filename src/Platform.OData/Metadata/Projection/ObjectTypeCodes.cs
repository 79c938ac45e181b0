using System.Buffers.Binary;
using System.Collections.Frozen;
using Platform.Engine.Metadata;

namespace Platform.OData.Metadata.Projection;

/// <summary>
/// Numbers of tables. The base tables have Dataverse's, which clients know by heart; the others' come from their ids and
/// are therefore the same everywhere. Two that fall on one number are told apart in the order of their names.
/// </summary>
internal static class ObjectTypeCodes
{
    private const int FirstCustom = 10_000;

    private static readonly FrozenDictionary<string, int> Known = new Dictionary<string, int>
    {
        ["account"] = 1,
        ["contact"] = 2,
        ["annotation"] = 5,
        ["systemuser"] = 8,
        ["team"] = 9,
        ["businessunit"] = 10,
        ["systemuserroles"] = 14,
        ["teammembership"] = 23,
        ["teamroles"] = 40,
        ["role"] = 1036,
        ["userquery"] = 4230,
        ["activitypointer"] = 4200,
        ["appointment"] = 4201,
        ["email"] = 4202,
        ["phonecall"] = 4210,
        ["task"] = 4212,
        ["audit"] = 4567,
        ["plugintracelog"] = 4619,
        ["transactioncurrency"] = 9105,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Number by logical name.</summary>
    public static Dictionary<string, int> Of(MetadataSnapshot metadata)
    {
        var codes = new Dictionary<string, int>(StringComparer.Ordinal);
        var taken = new HashSet<int>(Known.Values);
        foreach (var entity in metadata.Entities)
        {
            if (!Known.TryGetValue(entity.LogicalName, out var code))
            {
                code = FromId(MetadataIds.Entity(entity.LogicalName));
                while (!taken.Add(code)) code = code == int.MaxValue ? FirstCustom : code + 1;
            }
            codes[entity.LogicalName] = code;
        }
        return codes;
    }

    private static int FromId(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return FirstCustom + (int)(BinaryPrimitives.ReadUInt32LittleEndian(bytes) % (int.MaxValue - FirstCustom));
    }
}
