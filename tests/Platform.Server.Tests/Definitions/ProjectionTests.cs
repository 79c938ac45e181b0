using Platform.Engine.Metadata;
using Platform.OData.Metadata.Projection;
using Platform.OData.Metadata.Types;

namespace Platform.Server.Tests.Definitions;

/// <summary>What is said of tables, columns, choices and relationships.</summary>
public sealed class ProjectionTests : IAsyncLifetime
{
    private MetadataSnapshot metadata = null!;
    private MetadataCatalog catalog = null!;

    public async Task InitializeAsync()
    {
        metadata = await ShopMetadata.SnapshotAsync();
        catalog = MetadataCatalog.Of(metadata, "ko");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public void Ids_come_from_names_and_never_change()
    {
        Assert.Equal(Guid.Parse("5cd2513b-fd7e-53aa-892b-78bfc29adb69"), MetadataIds.Entity("account"));
        Assert.Equal(5, MetadataIds.Attribute("account", "name").Version);
        var ids = catalog.Entities.SelectMany(entity => entity.Attributes.Select(attribute => attribute.MetadataId).Append(entity.MetadataId)).Concat(catalog.Relationships.Select(relationship => relationship.MetadataId)).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void A_table_tells_its_names_owner_and_abilities()
    {
        var order = Entity("shp_order");
        Assert.Equal(("shp_Order", "shp_orders", "shp_orderid", "shp_number"), (order.SchemaName, order.EntitySetName, order.PrimaryIdAttribute, order.PrimaryNameAttribute));
        Assert.Equal((OwnershipTypes.UserOwned, true, true, true), (order.OwnershipType, order.IsCustomEntity, order.IsManaged, order.ChangeTrackingEnabled));
        Assert.Equal((true, true, true), (order.IsStateModelAware, order.EnforceStateTransitions, order.HasEmailAddresses));
        Assert.Equal((false, false), (order.HasActivities, order.HasNotes));
        Assert.Equal((true, true, false, 1), (Entity("account").HasActivities, Entity("account").HasNotes, Entity("account").IsCustomEntity, Entity("account").ObjectTypeCode));
        Assert.Equal((OwnershipTypes.OrganizationOwned, true), (Entity("shp_tag").OwnershipType, Entity("shp_order_tags").IsIntersect));
        Assert.Equal(catalog.Entities.Length, catalog.Entities.Select(entity => entity.ObjectTypeCode).Distinct().Count());
    }

    [Fact]
    public void Labels_have_all_languages_and_the_callers_own()
    {
        var name = Entity("shp_order").DisplayName!;
        Assert.Equal([(1033, "Order"), (1042, "주문")], name.LocalizedLabels.Select(label => (label.LanguageCode, label.Label)));
        Assert.Equal("주문", name.UserLocalizedLabel!.Label);
        Assert.Equal("Order", MetadataCatalog.Of(metadata, "en").Find("shp_order")!.DisplayName!.UserLocalizedLabel!.Label);
        Assert.Equal("Mail", Column("shp_mail").DisplayName!.UserLocalizedLabel!.Label);
        Assert.Equal(((LocalizedLabel?)null, 0), (Column("shp_mail").Description!.UserLocalizedLabel, Column("shp_mail").Description!.LocalizedLabels.Length));
    }

    [Theory]
    [InlineData("shp_number", typeof(StringAttributeMetadata), "String", "StringType")]
    [InlineData("shp_text", typeof(MemoAttributeMetadata), "Memo", "MemoType")]
    [InlineData("shp_pieces", typeof(IntegerAttributeMetadata), "Integer", "IntegerType")]
    [InlineData("versionnumber", typeof(BigIntAttributeMetadata), "BigInt", "BigIntType")]
    [InlineData("shp_price", typeof(DecimalAttributeMetadata), "Decimal", "DecimalType")]
    [InlineData("shp_weight", typeof(DoubleAttributeMetadata), "Double", "DoubleType")]
    [InlineData("shp_total", typeof(MoneyAttributeMetadata), "Money", "MoneyType")]
    [InlineData("shp_gift", typeof(BooleanAttributeMetadata), "Boolean", "BooleanType")]
    [InlineData("shp_due", typeof(DateTimeAttributeMetadata), "DateTime", "DateTimeType")]
    [InlineData("shp_size", typeof(PicklistAttributeMetadata), "Picklist", "PicklistType")]
    [InlineData("shp_extras", typeof(MultiSelectPicklistAttributeMetadata), "Virtual", "MultiSelectPicklistType")]
    [InlineData("statecode", typeof(StateAttributeMetadata), "State", "StateType")]
    [InlineData("statuscode", typeof(StatusAttributeMetadata), "Status", "StatusType")]
    [InlineData("shp_parentid", typeof(LookupAttributeMetadata), "Lookup", "LookupType")]
    [InlineData("shp_customerid", typeof(LookupAttributeMetadata), "Customer", "CustomerType")]
    [InlineData("ownerid", typeof(LookupAttributeMetadata), "Owner", "OwnerType")]
    [InlineData("shp_outside", typeof(UniqueIdentifierAttributeMetadata), "Uniqueidentifier", "UniqueidentifierType")]
    public void Each_kind_of_column_has_its_type(string column, Type type, string code, string name)
    {
        var described = Column(column);
        Assert.Equal((type, code, name), (described.GetType(), described.AttributeType.ToString(), described.AttributeTypeName!.Value));
    }

    [Fact]
    public void Columns_tell_what_they_hold()
    {
        Assert.Equal(("O-{SEQNUM:5}-{RANDSTRING:2}", 20), (Column("shp_number").AutoNumberFormat, ((StringAttributeMetadata)Column("shp_number")).MaxLength));
        Assert.Equal((StringFormat.Email, "Email"), (((StringAttributeMetadata)Column("shp_mail")).Format, ((StringAttributeMetadata)Column("shp_mail")).FormatName!.Value));
        Assert.Equal((1, 99), (((IntegerAttributeMetadata)Column("shp_pieces")).MinValue, ((IntegerAttributeMetadata)Column("shp_pieces")).MaxValue));
        Assert.Equal((0m, 3), (((DecimalAttributeMetadata)Column("shp_price")).MinValue, ((DecimalAttributeMetadata)Column("shp_price")).Precision));
        Assert.Equal(("shp_total", true), (((MoneyAttributeMetadata)Column("shp_total_base")).CalculationOf, ((MoneyAttributeMetadata)Column("shp_total_base")).IsBaseCurrency));
        Assert.Equal((DateTimeFormat.DateOnly, "DateOnly"), (((DateTimeAttributeMetadata)Column("shp_due")).Format, ((DateTimeAttributeMetadata)Column("shp_due")).DateTimeBehavior!.Value));
        Assert.Equal("TimeZoneIndependent", ((DateTimeAttributeMetadata)Column("shp_sent")).DateTimeBehavior!.Value);
        Assert.Equal("UserLocal", ((DateTimeAttributeMetadata)Column("createdon")).DateTimeBehavior!.Value);
        Assert.Equal("account,contact", string.Join(',', ((LookupAttributeMetadata)Column("shp_customerid")).Targets));
        var twice = (IntegerAttributeMetadata)Column("shp_double");
        Assert.Equal((1, "shp_pieces mul 2", 9), (twice.SourceType, twice.FormulaDefinition, twice.SourceTypeMask));
    }

    [Fact]
    public void Columns_tell_who_may_write_them_and_when_they_are_needed()
    {
        Assert.Equal((true, true), Writable("shp_pieces"));
        Assert.Equal((false, false), Writable("shp_locked"));
        Assert.Equal((false, false), Writable("shp_double"));
        Assert.Equal((false, false), Writable("createdon"));
        Assert.Equal((true, false), Writable("shp_orderid"));
        Assert.Equal((true, false), Writable("overriddencreatedon"));
        Assert.Equal(AttributeRequiredLevel.ApplicationRequired, Column("shp_customerid").RequiredLevel!.Value);
        Assert.Equal(AttributeRequiredLevel.SystemRequired, Column("shp_orderid").RequiredLevel!.Value);
        Assert.Equal(AttributeRequiredLevel.None, Column("shp_pieces").RequiredLevel!.Value);
        Assert.Equal((true, false), (Column("shp_pieces").IsCustomAttribute, Column("createdon").IsCustomAttribute));
        Assert.All(Entity("audit").Attributes, column => Assert.False(column.IsValidForCreate));
    }

    [Fact]
    public void Choices_tell_their_values_and_shared_ones_are_shared()
    {
        var size = (PicklistAttributeMetadata)Column("shp_size");
        Assert.Equal((2, "shp_order_shp_size", false), (size.DefaultFormValue, size.OptionSet!.Name, size.OptionSet.IsGlobal));
        Assert.Null(size.GlobalOptionSet);
        Assert.Equal([(1, "작음", "green"), (2, "Large", null)], size.OptionSet.Options.Select(option => (option.Value!.Value, option.Label!.UserLocalizedLabel!.Label, option.Color)));

        var region = (PicklistAttributeMetadata)Column("shp_region");
        Assert.Equal((-1, "shp_region", true), (region.DefaultFormValue, region.GlobalOptionSet!.Name, region.GlobalOptionSet.IsGlobal));
        Assert.Same(region.GlobalOptionSet, region.OptionSet);
        Assert.Same(region.GlobalOptionSet, Assert.Single(catalog.OptionSets));

        var gift = (BooleanAttributeMetadata)Column("shp_gift");
        Assert.Equal((true, "Wrapped", "Plain"), (gift.DefaultValue, gift.OptionSet!.TrueOption!.Label!.UserLocalizedLabel!.Label, gift.OptionSet.FalseOption!.Label!.UserLocalizedLabel!.Label));
    }

    [Fact]
    public void States_name_their_first_status_and_statuses_what_may_follow()
    {
        var states = ((StateAttributeMetadata)Column("statecode")).OptionSet!.Options.Cast<StateOptionMetadata>();
        Assert.Equal([(0, 1, "Open"), (1, 3, "Done")], states.Select(state => (state.Value!.Value, state.DefaultStatus!.Value, state.InvariantName!)));
        var statuses = ((StatusAttributeMetadata)Column("statuscode")).OptionSet!.Options.Cast<StatusOptionMetadata>().ToList();
        Assert.Equal([0, 0, 1], statuses.Select(status => status.State!.Value));
        Assert.Contains("<allowedtransition sourcestatusid=\"1\" tostatusid=\"2\" />", statuses[0].TransitionData, StringComparison.Ordinal);
        Assert.Null(statuses[1].TransitionData);
    }

    [Fact]
    public void Relationships_are_one_thing_seen_from_both_ends()
    {
        var parts = Entity("shp_order").ManyToOneRelationships.Single(relationship => relationship.SchemaName == "shp_order_parts");
        Assert.Same(parts, Entity("shp_order").OneToManyRelationships.Single(relationship => relationship.SchemaName == "shp_order_parts"));
        Assert.Equal((true, SecurityTypes.ParentChild, CascadeType.Cascade, CascadeType.RemoveLink), (parts.IsHierarchical, parts.SecurityTypes, parts.CascadeConfiguration!.Assign, parts.CascadeConfiguration.Delete));

        var customer = Entity("contact").OneToManyRelationships.Single(relationship => relationship.SchemaName == "shp_customer_orders_contact");
        Assert.Equal(("contactid", "shp_customerid_contact", "shp_customer_orders_contact"), (customer.ReferencedAttribute, customer.ReferencingEntityNavigationPropertyName, customer.ReferencedEntityNavigationPropertyName));
        Assert.Equal(CascadeType.Restrict, customer.CascadeConfiguration!.Delete);

        var tags = Assert.Single(Entity("shp_tag").ManyToManyRelationships);
        Assert.Equal(("shp_order", "shp_orderid", "shp_tag", "shp_tagid", "shp_order_tags"), (tags.Entity1LogicalName, tags.Entity1IntersectAttribute, tags.Entity2LogicalName, tags.Entity2IntersectAttribute, tags.IntersectEntityName));
        Assert.Equal("주문의 태그", tags.Entity1AssociatedMenuConfiguration!.Label!.UserLocalizedLabel!.Label);
        Assert.Contains(tags, catalog.Relationships);
    }

    [Fact]
    public void Privileges_reach_as_far_as_the_owner_lets_them()
    {
        var order = Entity("shp_order").Privileges;
        Assert.Equal(["prvCreateshp_Order", "prvReadshp_Order", "prvWriteshp_Order", "prvDeleteshp_Order", "prvAppendshp_Order", "prvAppendToshp_Order", "prvAssignshp_Order", "prvShareshp_Order"], order.Select(privilege => privilege.Name));
        Assert.All(order, privilege => Assert.True(privilege is { CanBeBasic: true, CanBeGlobal: true }));
        Assert.Equal(6, Entity("shp_tag").Privileges.Length);
        Assert.All(Entity("shp_tag").Privileges, privilege => Assert.True(privilege is { CanBeBasic: false, CanBeGlobal: true }));
        Assert.Equal([PrivilegeType.Read], Entity("audit").Privileges.Select(privilege => privilege.PrivilegeType));
    }

    [Fact]
    public void Keys_name_their_columns()
    {
        var key = Assert.Single(Entity("shp_order").Keys);
        Assert.Equal(("shp_number_key", "By number", EntityKeyIndexStatus.Active), (key.LogicalName, key.DisplayName!.UserLocalizedLabel!.Label, key.EntityKeyIndexStatus));
        Assert.Equal("shp_number", Assert.Single(key.KeyAttributes));
    }

    [Fact]
    public async Task What_administrators_add_is_theirs_and_what_they_change_stays_the_packs()
    {
        var order = MetadataCatalog.Of(await ShopMetadata.CustomizedAsync("""
            { "x-extends": "shp_order", "properties": { "new_note": { "type": "string", "title": "Note" }, "shp_mail": { "title": "E-mail" } } }
            """), "en").Find("shp_order")!;
        var note = order.Attributes.Single(column => column.LogicalName == "new_note");
        Assert.Equal((false, true, true), (note.IsManaged, note.IsCustomAttribute, note.IsCustomizable!.CanBeChanged));
        var mail = order.Attributes.Single(column => column.LogicalName == "shp_mail");
        Assert.Equal(("E-mail", true, false), (mail.DisplayName!.UserLocalizedLabel!.Label, mail.IsManaged, mail.IsCustomizable!.CanBeChanged));
    }

    private EntityMetadata Entity(string name) => catalog.Find(name)!;

    private AttributeMetadata Column(string name) => Entity("shp_order").Attributes.Single(attribute => attribute.LogicalName == name);

    private (bool Create, bool Update) Writable(string name) => (Column(name).IsValidForCreate!.Value, Column(name).IsValidForUpdate!.Value);
}
