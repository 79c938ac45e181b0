using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Security;

/// <summary>Who has a row: what the depth of a privilege is measured by.</summary>
internal static class RowOwner
{
    /// <summary>The attributes that tell the owner of a row; none for rows without one.</summary>
    public static ImmutableArray<AttributeDefinition> Attributes(EntityDefinition entity) =>
        entity.Ownership == Ownership.User ? [entity.Attribute(SystemAttributes.OwnerId), entity.Attribute(SystemAttributes.OwningBusinessUnit)] : [];

    /// <summary>The caller's privilege reaches a row that was read with these attributes.</summary>
    public static bool Reaches(MetadataSnapshot metadata, Caller caller, EntityDefinition entity, EntityRecord row, Privilege privilege)
    {
        var depth = AccessPolicy.Depth(metadata, caller, entity, privilege);
        return AccessPolicy.Reaches(caller, depth, row.GetLookup(SystemAttributes.OwnerId)?.Id, row.GetLookup(SystemAttributes.OwningBusinessUnit)?.Id);
    }
}
