using System.Collections.Immutable;

namespace Platform.OData.Metadata.Types;

/// <summary>A table.</summary>
internal sealed record EntityMetadata : MetadataBase
{
    public int? ActivityTypeMask { get; init; } = 0;

    public bool? AutoRouteToOwnerQueue { get; init; } = false;

    public bool? CanTriggerWorkflow { get; init; } = false;

    public bool? EntityHelpUrlEnabled { get; init; } = false;

    public string? EntityHelpUrl { get; init; }

    public bool? IsDocumentManagementEnabled { get; init; } = false;

    public bool? IsOneNoteIntegrationEnabled { get; init; } = false;

    public bool? IsInteractionCentricEnabled { get; init; } = false;

    public bool? IsKnowledgeManagementEnabled { get; init; } = false;

    public bool? IsSLAEnabled { get; init; } = false;

    public bool? IsBPFEntity { get; init; } = false;

    public bool? IsDocumentRecommendationsEnabled { get; init; } = false;

    public bool? IsMSTeamsIntegrationEnabled { get; init; } = false;

    public string? SettingOf { get; init; }

    public Guid? DataProviderId { get; init; }

    public Guid? DataSourceId { get; init; }

    public bool? AutoCreateAccessTeams { get; init; } = false;

    public bool? IsActivity { get; init; }

    public bool? IsActivityParty { get; init; } = false;

    public bool? IsRetrieveAuditEnabled { get; init; } = false;

    public bool? IsRetrieveMultipleAuditEnabled { get; init; } = false;

    public bool? IsArchivalEnabled { get; init; } = false;

    public bool? IsAvailableOffline { get; init; } = false;

    public bool? IsChildEntity { get; init; } = false;

    public bool? IsAIRUpdated { get; init; } = false;

    public string? IconLargeName { get; init; }

    public string? IconMediumName { get; init; }

    public string? IconSmallName { get; init; }

    public string? IconVectorName { get; init; }

    /// <summary>Of a pack other than core.</summary>
    public bool? IsCustomEntity { get; init; }

    public bool? IsBusinessProcessEnabled { get; init; } = false;

    public bool? SyncToExternalSearchIndex { get; init; } = false;

    public bool? IsOptimisticConcurrencyEnabled { get; init; } = true;

    public bool? ChangeTrackingEnabled { get; init; }

    public bool? IsImportable { get; init; }

    /// <summary>Its rows are the pairs of an N:N relationship.</summary>
    public bool? IsIntersect { get; init; }

    public bool? IsManaged { get; init; }

    public bool? IsEnabledForCharts { get; init; } = false;

    public bool? IsEnabledForTrace { get; init; } = false;

    public bool? IsValidForAdvancedFind { get; init; }

    public int? DaysSinceRecordLastModified { get; init; } = 0;

    public string? MobileOfflineFilters { get; init; } = "";

    public bool? IsReadingPaneEnabled { get; init; } = true;

    public bool? IsQuickCreateEnabled { get; init; } = false;

    [AlternateKey]
    public string? LogicalName { get; init; }

    public int? ObjectTypeCode { get; init; }

    public OwnershipTypes? OwnershipType { get; init; }

    public string? PrimaryNameAttribute { get; init; }

    public string? PrimaryImageAttribute { get; init; }

    public string? PrimaryIdAttribute { get; init; }

    public string? RecurrenceBaseEntityLogicalName { get; init; }

    public string? ReportViewName { get; init; }

    public string? SchemaName { get; init; }

    public string? IntroducedVersion { get; init; }

    /// <summary>Rows have <c>statecode</c> and <c>statuscode</c>.</summary>
    public bool? IsStateModelAware { get; init; }

    /// <summary>Some status says which ones may follow it.</summary>
    public bool? EnforceStateTransitions { get; init; }

    public string? ExternalName { get; init; }

    public string? EntityColor { get; init; }

    public string? LogicalCollectionName { get; init; }

    public string? ExternalCollectionName { get; init; }

    public string? CollectionSchemaName { get; init; }

    public string? EntitySetName { get; init; }

    public bool? IsEnabledForExternalChannels { get; init; } = false;

    public bool? IsPrivate { get; init; } = false;

    public bool? UsesBusinessDataLabelTable { get; init; } = false;

    public bool? IsLogicalEntity { get; init; } = false;

    /// <summary>Notes may be about its rows.</summary>
    public bool? HasNotes { get; init; }

    /// <summary>Activities may be about its rows.</summary>
    public bool? HasActivities { get; init; }

    public bool? HasFeedback { get; init; } = false;

    public bool? IsSolutionAware { get; init; } = false;

    public string? TableType { get; init; } = "Standard";

    public DateTimeOffset? CreatedOn { get; init; }

    public DateTimeOffset? ModifiedOn { get; init; }

    public bool? HasEmailAddresses { get; init; }

    public Guid? OwnerId { get; init; }

    public int? OwnerIdType { get; init; }

    public Guid? OwningBusinessUnit { get; init; }

    public Label? Description { get; init; }

    public Label? DisplayCollectionName { get; init; }

    public Label? DisplayName { get; init; }

    public BooleanManagedProperty? IsAuditEnabled { get; init; }

    public BooleanManagedProperty? IsValidForQueue { get; init; }

    public BooleanManagedProperty? IsConnectionsEnabled { get; init; }

    public BooleanManagedProperty? IsCustomizable { get; init; }

    public BooleanManagedProperty? IsRenameable { get; init; }

    public BooleanManagedProperty? IsMappable { get; init; }

    public BooleanManagedProperty? IsDuplicateDetectionEnabled { get; init; }

    public BooleanManagedProperty? CanCreateAttributes { get; init; }

    public BooleanManagedProperty? CanCreateForms { get; init; }

    public BooleanManagedProperty? CanCreateViews { get; init; }

    public BooleanManagedProperty? CanCreateCharts { get; init; }

    public BooleanManagedProperty? CanBeRelatedEntityInRelationship { get; init; }

    public BooleanManagedProperty? CanBePrimaryEntityInRelationship { get; init; }

    public BooleanManagedProperty? CanBeInManyToMany { get; init; }

    public BooleanManagedProperty? CanBeInCustomEntityAssociation { get; init; }

    public BooleanManagedProperty? CanEnableSyncToExternalSearchIndex { get; init; }

    public BooleanManagedProperty? CanModifyAdditionalSettings { get; init; }

    public BooleanManagedProperty? CanChangeHierarchicalRelationship { get; init; }

    public BooleanManagedProperty? CanChangeTrackingBeEnabled { get; init; }

    public BooleanManagedProperty? IsMailMergeEnabled { get; init; }

    public BooleanManagedProperty? IsVisibleInMobile { get; init; }

    public BooleanManagedProperty? IsVisibleInMobileClient { get; init; }

    public BooleanManagedProperty? IsReadOnlyInMobileClient { get; init; }

    public BooleanManagedProperty? IsOfflineInMobileClient { get; init; }

    public ImmutableArray<SecurityPrivilegeMetadata> Privileges { get; init; } = [];

    [Navigation(contained: true)]
    public ImmutableArray<AttributeMetadata> Attributes { get; init; } = [];

    [Navigation(contained: true)]
    public ImmutableArray<EntityKeyMetadata> Keys { get; init; } = [];

    [Navigation(contained: true)]
    public ImmutableArray<ManyToManyRelationshipMetadata> ManyToManyRelationships { get; init; } = [];

    /// <summary>Those in which this table has the lookup.</summary>
    [Navigation(contained: true)]
    public ImmutableArray<OneToManyRelationshipMetadata> ManyToOneRelationships { get; init; } = [];

    /// <summary>Those in which lookups point to this table.</summary>
    [Navigation(contained: true)]
    public ImmutableArray<OneToManyRelationshipMetadata> OneToManyRelationships { get; init; } = [];
}

[Flags]
internal enum OwnershipTypes
{
    None = 0,
    UserOwned = 1,
    TeamOwned = 2,
    BusinessOwned = 4,
    OrganizationOwned = 8,
    BusinessParented = 16,
}
