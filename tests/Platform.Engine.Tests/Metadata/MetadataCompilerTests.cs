using Platform.Engine.Metadata;
using Platform.OData.Queries;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Tests.Metadata;

public sealed class MetadataCompilerTests
{
    [Fact]
    public void The_end_of_a_pattern_is_the_end_of_the_text_and_a_dollar_among_characters_is_one()
    {
        var packs = new SmallPacks().Replace("shop", "entities/shp_order/entity.json", "^[A-Z]-[0-9]+$", "^[A-Z$]-[0-9]+(?:\\\\$)?$");

        var number = packs.Snapshot().Entity("shp_order").Attribute("shp_number");

        Assert.Equal(@"^[A-Z$]-[0-9]+(?:\$)?$", number.PatternText);
        Assert.All((string[])["A-1", "$-1", "A-1$"], text => Assert.Matches(number.Pattern!, text));
        Assert.All((string[])["A-1\n", "A-1$\n", "A-"], text => Assert.DoesNotMatch(number.Pattern!, text));
    }

    [Fact]
    public void A_pack_that_uses_every_part_of_the_format_compiles()
    {
        var snapshot = new SmallPacks().Snapshot();

        Assert.Equal(7, snapshot.Version);
        Assert.Equal(["core", "shop"], snapshot.Packs.Select(pack => pack.Id));
        var order = snapshot.Entity("shp_order");
        Assert.Equal("shp_orders", order.EntitySetName);
        Assert.Equal("주문", order.CollectionTitle.For("ko"));
        Assert.Equal("shp_orderid", order.PrimaryId.LogicalName);
        Assert.Equal(AttributeKind.Money, order.Attribute("shp_total").Kind);
        Assert.Equal(3, order.Attribute("shp_weight").Precision);
        Assert.Equal(1, order.Attribute("shp_pieces").Default);
        Assert.True(order.Attribute("shp_number").Required);
        Assert.Equal(["North", "South"], order.Attribute("shp_region").Options.Select(option => option.Label.English));
        Assert.Equal("북부", order.Attribute("shp_region").OptionOf(1)!.Label.For("ko"));
        Assert.Equal("Normal", order.Attribute("shp_express").OptionOf(0)!.Label.English);
        Assert.Equal("shop", snapshot.Entity("contact").Attribute("shp_vip").Pack);
        Assert.Equal(Enumerable.Range(0, order.Attributes.Length), order.Attributes.Select(attribute => attribute.Ordinal));
    }

    [Fact]
    public void Every_table_gets_the_columns_of_its_ownership()
    {
        var snapshot = new SmallPacks().Snapshot();

        string[] always = ["createdon", "createdby", "modifiedon", "modifiedby", "overriddencreatedon", "importsequencenumber", "versionnumber"];
        string[] state = ["statecode", "statuscode"], owner = ["ownerid", "owningbusinessunit"], money = ["transactioncurrencyid", "exchangerate"];
        Assert.Equal(["systemuserid", .. always], System("systemuser"));
        Assert.Equal(["transactioncurrencyid", .. state, .. always], System("transactioncurrency"));
        Assert.Equal(["shp_orderid", .. money, .. owner, .. state, .. always], System("shp_order"));

        string[] System(string entity) => [.. snapshot.Entity(entity).Attributes.Select(attribute => attribute.LogicalName).Where(name => name == $"{entity}id" || always.Concat(state).Concat(owner).Concat(money).Contains(name))];
    }

    [Fact]
    public void System_columns_carry_cores_translations_and_states_know_their_statuses()
    {
        var order = new SmallPacks().Snapshot().Entity("shp_order");

        Assert.Equal("만든 날짜", order.Attribute("createdon").Title.For("ko"));
        Assert.Equal("활성", order.Attribute("statecode").OptionOf(0)!.Label.For("ko"));
        Assert.Equal([(1, 0), (2, 1)], order.Attribute("statuscode").Options.Select(option => (option.Value, option.State!.Value)));
        Assert.Equal(1, order.Attribute("statuscode").Default);
        Assert.Equal(AttributeOrigin.Engine, order.Attribute("versionnumber").Origin);
        Assert.Equal(AttributeOrigin.Custom, order.Attribute("shp_orderid").Origin);
    }

    [Fact]
    public void Lookups_become_relationships_seen_from_both_ends()
    {
        var snapshot = new SmallPacks().Snapshot();

        var order = snapshot.Entity("shp_order");
        var customer = order.ManyToOne.Where(relationship => relationship.ReferencingAttribute == "shp_customerid").ToList();
        Assert.Equal(["shp_customer_orders_contact", "shp_customer_orders_account"], customer.Select(relationship => relationship.Name));
        Assert.Equal(["shp_customerid_contact", "shp_customerid_account"], customer.Select(relationship => relationship.ReferencingNavigation));
        Assert.Contains(customer[0], snapshot.Entity("contact").OneToMany);
        Assert.Equal(DeleteBehavior.Restrict, customer[0].OnDelete);
        var parent = order.ManyToOne.Single(relationship => relationship.ReferencingAttribute == "shp_parentid");
        Assert.Equal(("shp_order_shp_parentid", "shp_parentid"), (parent.Name, parent.ReferencingNavigation));
        Assert.Contains(order.ManyToOne, relationship => relationship.Name == "lk_shp_order_createdby");
        Assert.Contains(order.ManyToOne, relationship => relationship.Name == "owner_shp_order_team");
        Assert.Contains(order.ManyToOne, relationship => relationship.Name == "business_unit_shp_order");
    }

    [Fact]
    public void The_regarding_lookup_of_an_activity_is_navigated_by_target_and_table()
    {
        var packs = new SmallPacks().Write("core", "entities/task/entity.json", """
            { "title": "Task", "x-entity": { "logicalName": "task", "entitySetName": "tasks", "ownership": "user", "primaryIdAttribute": "activityid", "primaryNameAttribute": "subject", "isActivity": true },
              "properties": { "subject": { "type": "string", "title": "Subject" },
                "regardingobjectid": { "title": "Regarding", "x-lookup": { "targets": ["account", "contact"], "relationship": { "account": "Account_Tasks", "contact": "Contact_Tasks" } } } },
              "x-states": [ { "value": 0, "label": "Open", "statuses": [ { "value": 2, "label": "Not started" }, { "value": 3, "label": "In progress" } ] },
                            { "value": 1, "label": "Completed", "statuses": [ { "value": 5, "label": "Completed" } ] } ] }
            """);

        var task = packs.Snapshot().Entity("task");

        var regarding = task.ManyToOne.Where(relationship => relationship.ReferencingAttribute == "regardingobjectid");
        Assert.Equal([("Account_Tasks", "regardingobjectid_account_task"), ("Contact_Tasks", "regardingobjectid_contact_task")], regarding.Select(relationship => (relationship.Name, relationship.ReferencingNavigation)));
        Assert.Equal("activityid", task.PrimaryIdAttribute);
        Assert.Equal(2, task.Attribute("statuscode").Default);
    }

    [Fact]
    public void Steps_roles_apps_and_messages_are_read()
    {
        var snapshot = new SmallPacks().Snapshot();

        var step = Assert.Single(snapshot.Entity("shp_order").Steps);
        Assert.Equal(("check", "shop/entities/shp_order/check.js", PluginStage.PreOperation, 10), (step.Name, step.Script, step.Stage, step.Rank));
        Assert.Equal(new PluginLimits(500), step.Limits);
        Assert.Equal("""{ "floor": 0 }""", step.Config);
        Assert.Equal(ScriptLanguage.JavaScript, snapshot.Scripts[step.Script].Language);
        Assert.Equal("entities/shp_order/check.js", snapshot.Scripts[step.Script].File);
        var role = Assert.Single(snapshot.Roles);
        Assert.Equal(PrivilegeDepth.Organization, role.DepthOf("shp_order", Privilege.Read));
        Assert.Equal(PrivilegeDepth.User, role.DepthOf("account", Privilege.Read));
        Assert.Equal(PrivilegeDepth.None, role.DepthOf("account", Privilege.Delete));
        Assert.Equal("판매", Assert.Single(Assert.Single(snapshot.Apps).Groups).Title.For("ko"));
        Assert.Equal("너무 많습니다.", snapshot.MessageText("shp_too_much", "Too much.", "ko"));
        Assert.Equal("Too much.", snapshot.MessageText("shp_too_much", "Too much.", "en"));
        Assert.Equal("Other.", snapshot.MessageText("shp_other", "Other.", "ko"));
    }

    [Fact]
    public void Seed_rows_hold_values_of_the_columns_types()
    {
        var seeds = new SmallPacks().Snapshot().Packs.Single(pack => pack.Id == "shop").Seeds;

        Assert.Equal([("data/10-contact.json", true), ("data/20-shp_order.json", false)], seeds.Select(seed => (seed.File, seed.Demo)));
        var row = Assert.Single(seeds[1].Rows);
        Assert.Equal(12.5m, row["shp_total"]);
        Assert.Equal(new DateTime(2026, 1, 31, 0, 30, 0, DateTimeKind.Utc), row["shp_placed"]);
        Assert.Equal(new DateOnly(2026, 2, 28), row["shp_due"]);
        Assert.Equal(2, row["shp_status"]);
        var customer = Assert.IsType<SeedReference>(row["shp_customerid"]);
        Assert.Equal(("contact", "anna@example.com"), (customer.Entity, customer.Key["emailaddress1"]));
    }

    [Fact]
    public void A_table_without_forms_and_views_gets_generated_ones()
    {
        var contact = new SmallPacks().Snapshot().Entity("contact");

        var form = Assert.Single(contact.Forms);
        Assert.Equal("main", form.Name);
        Assert.Equal(["fullname", "emailaddress1", "shp_vip"], form.Tabs[0].Sections[0].Fields.AsEnumerable());
        Assert.Equal(["ownerid", "statuscode"], form.Header.AsEnumerable());
        var view = Assert.Single(contact.Views);
        Assert.True(view.IsDefault);
        Assert.Equal(("statecode eq 0", "fullname asc"), (view.Filter, view.OrderBy));
        Assert.Equal(["fullname", "emailaddress1", "shp_vip", "createdon"], view.Columns.Select(column => column.Attribute));
        Assert.Equal("연락처", form.Title.For("ko"));
    }

    [Fact]
    public void Views_hand_their_expressions_to_whoever_has_a_parser()
    {
        var expressions = new SmallPacks().Compile().ViewExpressions;

        Assert.Equal(
            [("/filter", ViewExpressionKind.Filter, "statecode eq 0"), ("/orderby", ViewExpressionKind.OrderBy, "shp_number asc")],
            expressions.Select(expression => (expression.Pointer, expression.Kind, expression.Text)));
        Assert.All(expressions, expression => Assert.Equal("packs/shop/entities/shp_order/views/active.json", expression.File));
    }

    [Fact]
    public void A_view_whose_filter_names_no_column_is_found_by_the_parser()
    {
        var packs = new SmallPacks()
            .Replace("shop", "entities/shp_order/views/active.json", "statecode eq 0", "statuscod eq 0")
            .Replace("shop", "entities/shp_order/views/active.json", "shp_number asc", "shp_number upwards");

        var errors = MetadataChecks.ViewExpressions(packs.Compile(), new QueryTextParser());

        Assert.Equal(["/filter", "/orderby"], errors.Select(error => error.Pointer));
        Assert.All(errors, error => Assert.Equal("packs/shop/entities/shp_order/views/active.json", error.File));
        Assert.All(errors, error => Assert.NotEmpty(error.Hint));
    }

    [Fact]
    public void Packs_install_after_what_they_depend_on_whatever_the_order_they_come_in()
    {
        var packs = new SmallPacks()
            .Write("aaa", "pack.json", """{ "id": "aaa", "version": "1.0.0", "publisher": { "prefix": "aaa", "name": "A" }, "title": "A", "dependencies": { "shop": ">=1.0.0" } }""");

        var backwards = MetadataCompiler.Compile([.. packs.Files.Reverse()], 1).Snapshot!;

        Assert.Equal(["core", "shop", "aaa"], backwards.Packs.Select(pack => pack.Id));
    }

    [Fact]
    public void The_same_files_give_the_same_metadata_in_the_same_order()
    {
        var files = new SmallPacks().Files;

        Assert.Equal(Print(MetadataCompiler.Compile(files, 1).Snapshot!), Print(MetadataCompiler.Compile([.. files.Reverse()], 1).Snapshot!));

        static IEnumerable<string> Print(MetadataSnapshot snapshot) => snapshot.Entities.SelectMany(entity =>
            entity.Attributes.Select(attribute => $"{entity}.{attribute}")
                .Concat(entity.ManyToOne.Select(relationship => relationship.ToString()))
                .Concat(entity.OneToMany.Select(relationship => relationship.ToString()))
                .Concat(entity.Steps.Select(step => step.Name)));
    }

    [Fact]
    public void All_errors_come_at_once_and_one_mistake_is_one_error()
    {
        var packs = new SmallPacks()
            .Replace("shop", "entities/shp_order/entity.json", "\"maxLength\": 20", "\"maxlenght\": 20")
            .Replace("shop", "entities/shp_order/entity.json", "\"type\": \"number\", \"x-kind\": \"money\"", "\"type\": \"numer\"")
            .Replace("shop", "roles/clerk.json", "\"create\": \"user\"", "\"create\": \"all\"")
            .Write("shop", "app/sitemap.json", "{");

        var compilation = packs.Compile();

        Assert.Null(compilation.Snapshot);
        Assert.Equal(
            [
                ("packs/shop/app/sitemap.json", "1:2"),
                ("packs/shop/entities/shp_order/entity.json", "/properties/shp_number/maxlenght"),
                ("packs/shop/entities/shp_order/entity.json", "/properties/shp_total/type"),
                ("packs/shop/roles/clerk.json", "/privileges/shp_order/create"),
            ],
            compilation.Errors.Select(error => (error.File, error.Pointer)));
    }

    [Fact]
    public void A_broken_table_does_not_make_what_refers_to_it_wrong()
    {
        var errors = new SmallPacks().Write("shop", "entities/shp_order/entity.json", "{ \"title\": }").Compile().Errors;

        Assert.Equal(("packs/shop/entities/shp_order/entity.json", "1:12"), Assert.Single(errors.Select(error => (error.File, error.Pointer))));
    }
}
