using Platform.Engine.Metadata;
using Platform.OData.Metadata.Types;

namespace Platform.OData.Metadata.Projection;

/// <summary>Tables as Dataverse describes them.</summary>
internal sealed class EntityProjection(
    MetadataSnapshot metadata, LabelProjection labels, AttributeProjection attributes, RelationshipProjection relationships, IReadOnlyDictionary<string, int> codes)
{
    private const string Regarding = "regardingobjectid";
    private const string Note = "annotation";

    public EntityMetadata Of(EntityDefinition entity)
    {
        var described = Facts(entity) with
        {
            Privileges = [.. Privileges(entity)],
            Attributes = [.. entity.Attributes.OrderBy(attribute => attribute.LogicalName, StringComparer.Ordinal).Select(attribute => attributes.Of(entity, attribute))],
            Keys = [.. entity.Keys.Select(key => Key(entity, key))],
            ManyToOneRelationships = [.. entity.ManyToOne.Select(relationships.Of)],
            OneToManyRelationships = [.. entity.OneToMany.Select(relationships.Of)],
            ManyToManyRelationships = [.. entity.ManyToMany.Select(relationships.Of)],
        };
        return WithSettings(WithLabels(described, entity), entity);
    }

    private EntityMetadata Facts(EntityDefinition entity) => new()
    {
        MetadataId = MetadataIds.Entity(entity.LogicalName),
        LogicalName = entity.LogicalName,
        SchemaName = entity.SchemaName,
        EntitySetName = entity.EntitySetName,
        LogicalCollectionName = entity.EntitySetName,
        ObjectTypeCode = codes[entity.LogicalName],
        PrimaryIdAttribute = entity.PrimaryIdAttribute,
        PrimaryNameAttribute = entity.PrimaryNameAttribute,
        OwnershipType = entity.Ownership switch
        {
            Ownership.User => OwnershipTypes.UserOwned,
            Ownership.Organization => OwnershipTypes.OrganizationOwned,
            _ => OwnershipTypes.None,
        },
        ActivityTypeMask = entity.IsActivity ? 1 : 0,
        IsActivity = entity.IsActivity,
        IsCustomEntity = Layer.IsCustom(entity.Pack),
        IsManaged = Layer.IsManaged(entity.Pack),
        IsIntersect = entity.IsIntersect,
        IsImportable = !entity.EngineOwned,
        IsValidForAdvancedFind = !entity.IsIntersect,
        ChangeTrackingEnabled = entity.ChangeTracking,
        IsStateModelAware = entity.HasState,
        EnforceStateTransitions = entity.Find(SystemAttributes.StatusCode)?.Options.Any(status => status.Transitions is not null) ?? false,
        HasActivities = entity.OneToMany.Any(relationship => relationship.ReferencingAttribute == Regarding && metadata.Find(relationship.ReferencingEntity) is { IsActivity: true }),
        HasNotes = entity.OneToMany.Any(relationship => relationship.ReferencingEntity == Note && relationship.ReferencingAttribute == "objectid"),
        HasEmailAddresses = entity.Attributes.Any(attribute => attribute.Format == TextFormat.Email),
    };

    private EntityMetadata WithLabels(EntityMetadata described, EntityDefinition entity)
    {
        var id = described.MetadataId!.Value;
        var managed = Layer.IsManaged(entity.Pack);
        return described with
        {
            DisplayName = labels.Of(entity.Title, id, nameof(described.DisplayName), managed),
            DisplayCollectionName = labels.Of(entity.CollectionTitle, id, nameof(described.DisplayCollectionName), managed),
            Description = labels.Of(entity.Description, id, nameof(described.Description), managed),
        };
    }

    private static EntityMetadata WithSettings(EntityMetadata described, EntityDefinition entity)
    {
        var open = !entity.EngineOwned && !entity.IsIntersect;
        BooleanManagedProperty Setting(bool value, string name) => Layer.Setting(entity.Pack, value, name);
        return described with
        {
            IsAuditEnabled = Setting(entity.Audited, "canmodifyauditsettings"),
            IsValidForQueue = Setting(false, "canmodifyqueuesettings"),
            IsConnectionsEnabled = Setting(false, "canmodifyconnectionsettings"),
            IsCustomizable = Setting(open, "iscustomizable"),
            IsRenameable = Setting(open, "isrenameable"),
            IsMappable = Setting(false, "ismappable"),
            IsDuplicateDetectionEnabled = Setting(false, "canmodifyduplicatedetectionsettings"),
            CanCreateAttributes = Setting(open, "cancreateattributes"),
            CanCreateForms = Setting(open, "cancreateforms"),
            CanCreateViews = Setting(open, "cancreateviews"),
            CanCreateCharts = Setting(false, "cancreatecharts"),
            CanBeRelatedEntityInRelationship = Setting(open, "canberelatedentityinrelationship"),
            CanBePrimaryEntityInRelationship = Setting(!entity.IsIntersect, "canbeprimaryentityinrelationship"),
            CanBeInManyToMany = Setting(!entity.IsIntersect, "canbeinmanytomany"),
            CanBeInCustomEntityAssociation = Setting(!entity.IsIntersect, "canbeincustomentityassociation"),
            CanEnableSyncToExternalSearchIndex = Setting(false, "canenablesynctoexternalsearchindex"),
            CanModifyAdditionalSettings = Setting(open, "canmodifyadditionalsettings"),
            CanChangeHierarchicalRelationship = Setting(open, "canchangehierarchicalrelationship"),
            CanChangeTrackingBeEnabled = Setting(open, "canchangetrackingbeenabled"),
            IsMailMergeEnabled = Setting(false, "canmodifymailmergesettings"),
            IsVisibleInMobile = Setting(false, "canmodifymobilevisibility"),
            IsVisibleInMobileClient = Setting(false, "canmodifymobileclientvisibility"),
            IsReadOnlyInMobileClient = Setting(false, "canmodifymobileclientreadonly"),
            IsOfflineInMobileClient = Setting(false, "canmodifymobileclientoffline"),
        };
    }

    private static IEnumerable<SecurityPrivilegeMetadata> Privileges(EntityDefinition entity)
    {
        var byUser = entity.Ownership == Ownership.User;
        foreach (var privilege in Enum.GetValues<Privilege>())
        {
            if (entity.EngineOwned && privilege != Privilege.Read) continue;
            // What nobody owns can be neither given away nor shared.
            if (!byUser && privilege is (Privilege.Assign or Privilege.Share)) continue;
            yield return new SecurityPrivilegeMetadata(
                CanBeBasic: byUser, CanBeDeep: byUser, CanBeGlobal: true, CanBeLocal: byUser, CanBeEntityReference: false, CanBeParentEntityReference: false,
                $"prv{privilege}{entity.SchemaName}", MetadataIds.Privilege(entity.LogicalName, privilege), Enum.Parse<PrivilegeType>(privilege.ToString()));
        }
    }

    private EntityKeyMetadata Key(EntityDefinition entity, KeyDefinition key)
    {
        var id = MetadataIds.Key(entity.LogicalName, key.Name);
        var build = metadata.BuildOf(entity, key);
        return new EntityKeyMetadata
        {
            MetadataId = id,
            EntityLogicalName = entity.LogicalName,
            LogicalName = key.Name,
            SchemaName = key.Name,
            KeyAttributes = key.Attributes,
            EntityKeyIndexStatus = build is null ? EntityKeyIndexStatus.Active : Enum.Parse<EntityKeyIndexStatus>(build.State.ToString()),
            EntityKeyIndexFailure = build?.Failure,
            IsManaged = Layer.IsManaged(entity.Pack),
            DisplayName = labels.Of(key.Title, id, nameof(EntityKeyMetadata.DisplayName), Layer.IsManaged(entity.Pack)),
            IsCustomizable = Layer.Setting(entity.Pack, true, "iscustomizable"),
        };
    }
}
