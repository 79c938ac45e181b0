using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Security;

/// <summary>Who has a row: what the depth of a privilege is measured by.</summary>
internal static class RowOwner
{
    /// <summary>The attributes that tell the owner of a row; none for rows without one.</summary>
    public static ImmutableArray<AttributeDefinition> Attributes(EntityDefinition entity) =>
        entity.Ownership == Ownership.User ? [entity.Attribute(SystemAttributes.OwnerId), entity.Attribute(SystemAttributes.OwningBusinessUnit)] : [];
}
