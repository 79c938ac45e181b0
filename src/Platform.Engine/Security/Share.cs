using Platform.Sdk;

namespace Platform.Engine.Security;

/// <summary>What a user or team may do with a row that it need not own.</summary>
/// <param name="Id">Of the stored row; empty for one that is not stored.</param>
/// <param name="Row">Id of the row that is shared.</param>
/// <param name="Own">Granted on the row itself.</param>
/// <param name="Inherited">Handed on by the row above it.</param>
internal sealed record Share(Guid Id, Guid Row, EntityReference Principal, AccessRights Own, AccessRights Inherited)
{
    public AccessRights Rights => Own | Inherited;

    /// <summary>Nothing is shared.</summary>
    public static Share None(Guid row, EntityReference principal) => new(Guid.Empty, row, principal, AccessRights.None, AccessRights.None);
}
