using System.Collections.Frozen;

namespace Platform.Engine.Messages;

/// <summary>Names of Dataverse's own messages and of the metadata API's functions and actions: no custom API may be called so.</summary>
internal static class MessageNames
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "AddAppComponents", "AddMembersTeam", "AddPrincipalToQueue", "AddPrivilegesRole", "AddToQueue", "AddUserToRecordTeam", "Assign", "Associate",
        "BulkDelete", "CalculateRollupField", "CanBeReferenced", "CanBeReferencing", "CanManyToMany", "Create", "CreateMultiple", "Delete", "DeleteAuditData",
        "DeleteMultiple", "DeleteRecordChangeHistory", "Disassociate", "ExecuteMultiple", "ExecuteTransaction", "ExportPdfDocument", "ExportToExcel",
        "FetchXmlToQueryExpression", "FormatAddress", "GetNextAutoNumberValue", "GetTimeZoneCodeByLocalizedName", "GetValidManyToMany", "GetValidReferencedEntities",
        "GetValidReferencingEntities", "GrantAccess", "InitializeFrom", "IsValidStateTransition", "LocalTimeFromUtcTime", "Merge", "ModifyAccess",
        "PublishAllXml", "PublishDuplicateRule", "PublishXml", "QueryExpressionToFetchXml", "ReactivateEntityKey", "RemoveMembersTeam", "RemovePrivilegeRole",
        "RemoveUserFromRecordTeam", "ReplacePrivilegesRole", "Retrieve", "RetrieveAllEntities", "RetrieveAttributeChangeHistory", "RetrieveAuditDetails",
        "RetrieveCurrentOrganization", "RetrieveDuplicates", "RetrieveEntity", "RetrieveEntityChanges", "RetrieveMetadataChanges", "RetrieveMultiple",
        "RetrievePrincipalAccess", "RetrievePrivilegeSet", "RetrieveRecordChangeHistory", "RetrieveRolePrivilegesRole", "RetrieveSharedPrincipalsAndAccess",
        "RetrieveTimestamp", "RetrieveTotalRecordCount", "RetrieveUserPrivileges", "RetrieveUserQueues", "RetrieveVersion", "RevokeAccess", "SetAutoNumberSeed",
        "SetBusinessSystemUser", "SetParentBusinessUnit", "SetState", "SetUserPassword", "UnpublishDuplicateRule", "Update", "UpdateMultiple", "Upsert", "UpsertMultiple",
        "UtcTimeFromLocalTime", "WhoAmI",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => Names.Contains(name);
}
