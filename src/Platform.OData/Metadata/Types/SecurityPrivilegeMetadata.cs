namespace Platform.OData.Metadata.Types;

/// <summary>A privilege that roles grant on a table, and the depths to which they may.</summary>
internal sealed record SecurityPrivilegeMetadata(
    bool CanBeBasic,
    bool CanBeDeep,
    bool CanBeGlobal,
    bool CanBeLocal,
    bool CanBeEntityReference,
    bool CanBeParentEntityReference,
    string Name,
    Guid PrivilegeId,
    PrivilegeType PrivilegeType);

internal enum PrivilegeType
{
    None = 0,
    Create = 1,
    Read = 2,
    Write = 3,
    Delete = 4,
    Assign = 5,
    Share = 6,
    Append = 7,
    AppendTo = 8,
}
