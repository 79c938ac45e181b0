using System.Collections.Frozen;
using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;

namespace Platform.Engine.Security;

/// <summary>
/// What a caller may do: the union of what its roles grant, nothing else. For reads it is a condition in the query;
/// there is no filtering afterwards.
/// </summary>
public static class AccessPolicy
{
    private static readonly object RolesKey = new();

    /// <summary>The caller has core's role of system administrators.</summary>
    public static bool IsAdministrator(MetadataSnapshot metadata, Caller caller) =>
        metadata.Roles.FirstOrDefault(role => role is { Name: "system-administrator", Pack: "core" }) is { } role && caller.Roles.Contains(role.Id);

    /// <summary>Deepest grant of a privilege over all roles of the caller.</summary>
    public static PrivilegeDepth Depth(MetadataSnapshot metadata, Caller caller, EntityDefinition entity, Privilege privilege)
    {
        var roles = metadata.Once(RolesKey, static snapshot => snapshot.Roles.ToFrozenDictionary(role => role.Id));
        var depth = PrivilegeDepth.None;
        foreach (var id in caller.Roles)
        {
            if (!roles.TryGetValue(id, out var role)) continue;
            var granted = role.DepthOf(entity.LogicalName, privilege);
            if (granted > depth) depth = granted;
        }
        // Rows without an owner are everybody's or nobody's: a smaller depth, say through "*", grants nothing on them.
        return entity.Ownership == Ownership.User || depth == PrivilegeDepth.Organization ? depth : PrivilegeDepth.None;
    }

    /// <summary>Depth of a privilege.</summary>
    /// <exception cref="PlatformException">No role grants it.</exception>
    public static PrivilegeDepth Demand(MetadataSnapshot metadata, Caller caller, EntityDefinition entity, Privilege privilege)
    {
        var depth = Depth(metadata, caller, entity, privilege);
        return depth == PrivilegeDepth.None ? throw Errors.MissingPrivilege(caller.UserId, privilege, entity.LogicalName) : depth;
    }

    /// <summary>The caller has core's role of the system administrator.</summary>
    /// <exception cref="PlatformException">It has not.</exception>
    public static void DemandAdministrator(MetadataSnapshot metadata, Caller caller, string message)
    {
        if (metadata.AdministratorRole is not { } role || !caller.Roles.Contains(role.Id)) throw Errors.AdministratorsOnly(caller.UserId, message);
    }

    /// <summary>The rows that a caller may read, as a filter: those that a depth reaches, and those that are shared; <c>null</c>: all.</summary>
    public static FilterNode? RowFilter(MetadataSnapshot metadata, Caller caller, EntityDefinition entity, PrivilegeDepth depth)
    {
        if (depth == PrivilegeDepth.Organization) return null;
        var principals = Principals(caller);
        var ways = ImmutableArray.CreateBuilder<FilterNode>(3);
        ways.Add(new OneOf(entity.Attribute(SystemAttributes.OwnerId), [.. principals.Cast<object>()]));
        if (depth > PrivilegeDepth.User) ways.Add(new OneOf(entity.Attribute(SystemAttributes.OwningBusinessUnit), [.. Units(caller, depth).Cast<object>()]));
        if (ShareTable.Of(metadata) is { } shares) ways.Add(shares.With(entity, principals, AccessRights.ReadAccess, areFew: depth <= PrivilegeDepth.User));
        return new AnyOf(ways.ToImmutable());
    }

    /// <summary>Those in whose name a caller may own rows and have them shared: the user and the user's teams.</summary>
    public static ImmutableArray<Guid> Principals(Caller caller) => [caller.UserId, .. caller.Teams];

    /// <summary>The rows that a caller may read, of any entity that a query turns to.</summary>
    /// <remarks>
    /// A pair of an N:N relationship is seen by whoever sees both of its rows, as over a navigation property: nobody is
    /// granted privileges on the tables that hold them.
    /// </remarks>
    internal static QueryRights Readable(MetadataSnapshot metadata, Caller caller)
    {
        return new(Filter);

        FilterNode? Filter(EntityDefinition entity) => IsSeenByEnds(metadata, caller, entity)
            ? Both(entity)
            : RowFilter(metadata, caller, entity, Demand(metadata, caller, entity, Privilege.Read));

        FilterNode? Both(EntityDefinition pairs)
        {
            ImmutableArray<FilterNode> ends =
            [
                .. from end in pairs.ManyToOne
                   let target = metadata.Entity(end.ReferencedEntity)
                   where Filter(target) is not null
                   select new AnyLinked(new Link(end.Name, target, target.PrimaryId, pairs.Attribute(end.ReferencingAttribute))),
            ];
            return ends.IsEmpty ? null : new AllOf(ends);
        }
    }

    /// <summary>The caller may read rows of an entity, if there are such.</summary>
    /// <exception cref="PlatformException">No role grants it.</exception>
    internal static void DemandRead(MetadataSnapshot metadata, Caller caller, EntityDefinition entity)
    {
        if (!IsSeenByEnds(metadata, caller, entity)) Demand(metadata, caller, entity, Privilege.Read);
        else foreach (var end in entity.ManyToOne) Demand(metadata, caller, metadata.Entity(end.ReferencedEntity), Privilege.Read);
    }

    private static bool IsSeenByEnds(MetadataSnapshot metadata, Caller caller, EntityDefinition entity) =>
        entity.IsIntersect && Depth(metadata, caller, entity, Privilege.Read) == PrivilegeDepth.None;

    /// <summary>The same question for a row that has been read already.</summary>
    /// <param name="owner">Id of the owning user or team.</param>
    public static bool Reaches(Caller caller, PrivilegeDepth depth, Guid? owner, Guid? businessUnit)
    {
        if (depth == PrivilegeDepth.Organization) return true;
        if (depth == PrivilegeDepth.None) return false;
        if (owner is { } id && (id == caller.UserId || caller.Teams.Contains(id))) return true;
        return depth > PrivilegeDepth.User && businessUnit is { } unit && Units(caller, depth).Contains(unit);
    }

    private static ImmutableArray<Guid> Units(Caller caller, PrivilegeDepth depth) =>
        depth == PrivilegeDepth.ParentChildBusinessUnits ? [caller.BusinessUnitId, .. caller.BusinessUnitsBelow] : [caller.BusinessUnitId];
}
