using Platform.Engine.Security;

namespace Platform.Studio.Records;

/// <summary>
/// What the caller's roles grant at all, so that the app offers only what can succeed. It hides buttons; the engine
/// decides.
/// </summary>
public sealed class RecordAccess(MetadataSnapshot metadata, Caller caller)
{
    private readonly RoleDefinition[] roles = [.. metadata.Roles.Where(role => caller.Roles.Contains(role.Id))];

    public bool May(Privilege privilege, EntityDefinition entity) =>
        !(entity.EngineOwned && privilege != Privilege.Read)
        && roles.Any(role => role.DepthOf(entity.LogicalName, privilege) != PrivilegeDepth.None);

    /// <summary>Entities of an app that the caller may read, in the order of its site map.</summary>
    public IEnumerable<EntityDefinition> Readable(AppDefinition app) =>
        app.Groups.SelectMany(group => group.Entities).Distinct(StringComparer.Ordinal)
            .Select(metadata.Find).OfType<EntityDefinition>().Where(entity => May(Privilege.Read, entity));
}
