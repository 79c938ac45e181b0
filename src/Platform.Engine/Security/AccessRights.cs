using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Security;

/// <summary>Rights on one row, with Dataverse's names and values.</summary>
[Flags]
public enum AccessRights
{
    None = 0,
    ReadAccess = 1,
    WriteAccess = 2,
    AppendAccess = 4,
    AppendToAccess = 16,
    CreateAccess = 32,
    DeleteAccess = 65_536,
    ShareAccess = 262_144,
    AssignAccess = 524_288,
}

/// <summary>A user or team, and rights on a row.</summary>
public sealed record PrincipalAccess(EntityReference Principal, AccessRights Rights);

/// <summary>How rights on a row and privileges of roles belong together.</summary>
public static class AccessRight
{
    /// <summary>Everything that the owner of a row may do.</summary>
    public const AccessRights All = AccessRights.ReadAccess | AccessRights.WriteAccess | AccessRights.AppendAccess | AccessRights.AppendToAccess
        | AccessRights.CreateAccess | AccessRights.DeleteAccess | AccessRights.ShareAccess | AccessRights.AssignAccess;

    /// <summary>The right on a row that a privilege is about.</summary>
    public static AccessRights Of(Privilege privilege) => privilege switch
    {
        Privilege.Read => AccessRights.ReadAccess,
        Privilege.Write => AccessRights.WriteAccess,
        Privilege.Append => AccessRights.AppendAccess,
        Privilege.AppendTo => AccessRights.AppendToAccess,
        Privilege.Create => AccessRights.CreateAccess,
        Privilege.Delete => AccessRights.DeleteAccess,
        Privilege.Share => AccessRights.ShareAccess,
        _ => AccessRights.AssignAccess,
    };

    /// <summary>The privileges that rights are about.</summary>
    public static IEnumerable<Privilege> Privileges(AccessRights rights) => Enum.GetValues<Privilege>().Where(privilege => rights.HasFlag(Of(privilege)));
}
