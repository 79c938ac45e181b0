using Platform.Sdk;

namespace Platform.Engine.Security;

/// <summary>What a user or team might do with a row, as its owner or by shares, and may do now.</summary>
internal readonly record struct AccessChange(EntityReference Principal, AccessRights Before, AccessRights After)
{
    public AccessRights Gained => After & ~Before;

    public AccessRights Lost => Before & ~After;
}

/// <summary>A row whose access has changed.</summary>
/// <param name="OwnerBefore">The owner that it had.</param>
/// <param name="Owner">The owner that it has.</param>
internal sealed record ChangedRow(Guid Id, EntityReference? OwnerBefore, EntityReference? Owner, IReadOnlyList<AccessChange> Changes);
