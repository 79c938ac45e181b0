using System.Collections.Frozen;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What holds for every message that writes a row, before anything runs.</summary>
internal static class WriteAdmission
{
    /// <summary>Entities whose rows decide what callers may do.</summary>
    private static readonly FrozenSet<string> RightsEntities =
        new[] { "systemuser", "team", "businessunit", "role", "systemuserroles", "teamroles", "teammembership" }.ToFrozenSet();

    /// <summary>The entity of the message, refused when only the engine writes it.</summary>
    public static EntityDefinition Entity(Message message, MessageScope scope)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        return entity.EngineOwned ? throw Errors.EngineOwned(entity.LogicalName) : entity;
    }

    /// <summary>
    /// A copy of the target that the pipeline may change: without attributes that the engine sets (a client may send
    /// back what it read), refused when it holds attributes that this sender may not write.
    /// </summary>
    public static EntityRecord Target(EntityDefinition entity, EntityRecord given, MessageScope scope)
    {
        var target = given.Copy();
        foreach (var name in given.Attributes.Keys)
        {
            var attribute = entity.Attribute(name);
            if (name == entity.PrimaryIdAttribute) TakeId(target, given[name], entity);
            else if (attribute.Origin == AttributeOrigin.Engine) target.Remove(name);
            else if (!scope.MayWrite(attribute)) throw Errors.ReadOnlyAttribute(entity.LogicalName, name);
        }
        return target;
    }

    /// <summary>Rows of the entity decide what callers may do.</summary>
    public static bool DecidesRights(EntityDefinition entity) => RightsEntities.Contains(entity.LogicalName);

    /// <summary>Remembers that cached callers or currencies are out of date once this message is committed.</summary>
    public static void NoteChange(EntityDefinition entity, MessageScope scope)
    {
        if (DecidesRights(entity) || entity == UserSettings.Of(scope.Metadata)) scope.NoteRightsChange();
        if (CurrencyDirectory.Holds(entity)) scope.NoteCurrencyChange();
    }

    private static void TakeId(EntityRecord target, object? value, EntityDefinition entity)
    {
        target.Remove(entity.PrimaryIdAttribute);
        if (value is null) return;
        if (value is not Guid id) throw Errors.WrongType(entity.LogicalName, entity.PrimaryIdAttribute, "a GUID", value.GetType().Name);
        if (target.Id != Guid.Empty && target.Id != id) throw Errors.BadRequest($"The id in the body ({id:D}) is not the id of the record ({target.Id:D}).");
        target.Id = id;
    }
}
