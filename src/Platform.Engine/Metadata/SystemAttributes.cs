namespace Platform.Engine.Metadata;

/// <summary>Logical names of the attributes that the engine adds to entities; the names are Dataverse's.</summary>
public static class SystemAttributes
{
    public const string CreatedOn = "createdon";
    public const string CreatedBy = "createdby";
    public const string ModifiedOn = "modifiedon";
    public const string ModifiedBy = "modifiedby";
    public const string OverriddenCreatedOn = "overriddencreatedon";
    public const string ImportSequenceNumber = "importsequencenumber";
    public const string VersionNumber = "versionnumber";
    public const string OwnerId = "ownerid";
    public const string OwningBusinessUnit = "owningbusinessunit";
    public const string StateCode = "statecode";
    public const string StatusCode = "statuscode";

    /// <summary>Currency of the row's money; only entities with money have it.</summary>
    public const string TransactionCurrencyId = "transactioncurrencyid";

    /// <summary>Units of the row's currency for one unit of the base currency; only entities with money have it.</summary>
    public const string ExchangeRate = "exchangerate";
}
