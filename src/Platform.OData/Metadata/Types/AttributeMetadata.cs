namespace Platform.OData.Metadata.Types;

/// <summary>A column.</summary>
internal abstract record AttributeMetadata : MetadataBase
{
    public string? AttributeOf { get; init; }

    public AttributeTypeCode? AttributeType { get; init; }

    public int? ColumnNumber { get; init; }

    public string? DeprecatedVersion { get; init; }

    public string? IntroducedVersion { get; init; }

    public string? EntityLogicalName { get; init; }

    public bool? IsCustomAttribute { get; init; }

    public bool? IsPrimaryId { get; init; }

    public bool? IsValidODataAttribute { get; init; } = true;

    public bool? IsPrimaryName { get; init; }

    public bool? IsValidForCreate { get; init; }

    public bool? IsValidForRead { get; init; } = true;

    public bool? IsValidForUpdate { get; init; }

    public bool? CanBeSecuredForRead { get; init; } = false;

    public bool? CanBeSecuredForCreate { get; init; } = false;

    public bool? CanBeSecuredForUpdate { get; init; } = false;

    public bool? IsSecured { get; init; } = false;

    public bool? IsRetrievable { get; init; } = false;

    public bool? IsFilterable { get; init; } = false;

    /// <summary>Quick find looks at it.</summary>
    public bool? IsSearchable { get; init; }

    public bool? IsManaged { get; init; }

    public Guid? LinkedAttributeId { get; init; }

    [AlternateKey]
    public string? LogicalName { get; init; }

    public bool? IsValidForForm { get; init; } = true;

    public bool? IsRequiredForForm { get; init; } = false;

    public bool? IsValidForGrid { get; init; } = true;

    public string? SchemaName { get; init; }

    public string? ExternalName { get; init; }

    public bool? IsLogical { get; init; } = false;

    public bool? IsDataSourceSecret { get; init; } = false;

    public string? InheritsFrom { get; init; }

    public DateTimeOffset? CreatedOn { get; init; }

    public DateTimeOffset? ModifiedOn { get; init; }

    /// <summary>0 stored, 1 calculated, 2 rollup.</summary>
    public int? SourceType { get; init; }

    public string? AutoNumberFormat { get; init; }

    public AttributeTypeDisplayName? AttributeTypeName { get; init; }

    public Label? Description { get; init; }

    public Label? DisplayName { get; init; }

    public BooleanManagedProperty? IsAuditEnabled { get; init; }

    public BooleanManagedProperty? IsGlobalFilterEnabled { get; init; }

    public BooleanManagedProperty? IsSortableEnabled { get; init; }

    public BooleanManagedProperty? IsCustomizable { get; init; }

    public BooleanManagedProperty? IsRenameable { get; init; }

    public BooleanManagedProperty? IsValidForAdvancedFind { get; init; }

    public AttributeRequiredLevelManagedProperty? RequiredLevel { get; init; }

    public BooleanManagedProperty? CanModifyAdditionalSettings { get; init; }
}

internal sealed record AttributeTypeDisplayName(string Value);

internal enum AttributeTypeCode
{
    Boolean = 0,
    Customer = 1,
    DateTime = 2,
    Decimal = 3,
    Double = 4,
    Integer = 5,
    Lookup = 6,
    Memo = 7,
    Money = 8,
    Owner = 9,
    PartyList = 10,
    Picklist = 11,
    State = 12,
    Status = 13,
    String = 14,
    Uniqueidentifier = 15,
    CalendarRules = 16,
    Virtual = 17,
    BigInt = 18,
    ManagedProperty = 19,
    EntityName = 20,
}
