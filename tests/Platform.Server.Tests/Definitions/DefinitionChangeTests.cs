using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Definitions;

/// <summary>Tables, columns, relationships, keys and choices made, changed and deleted over the Web API, as clients of Dataverse do it.</summary>
public sealed class DefinitionChangeTests : IAsyncLifetime
{
    private const string Crm = "Microsoft.Dynamics.CRM.";

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(packs: ShopMetadata.WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_table_made_through_the_metadata_API_takes_rows_in_the_next_request()
    {
        var made = (await Http.CreateAsync("EntityDefinitions", BankAccount())).Demand(HttpStatusCode.NoContent);
        var url = made.Response.Headers.GetValues("OData-EntityId").Single();
        Assert.Matches(@"/api/data/v9\.2/EntityDefinitions\([0-9a-f-]{36}\)$", url);

        (await Http.CreateAsync("new_bankaccounts", new { new_accountname = "Savings" })).Demand(HttpStatusCode.NoContent);
        var definition = (await Http.ReadAsync(url)).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(("new_bankaccount", "new_BankAccount", false, "new_accountname"), (
            definition.GetProperty("LogicalName").GetString(), definition.GetProperty("SchemaName").GetString(),
            definition.GetProperty("IsManaged").GetBoolean(), definition.GetProperty("PrimaryNameAttribute").GetString()));
        Assert.Equal(["Bank account", "은행 계좌"], definition.GetProperty("DisplayName").GetProperty("LocalizedLabels").EnumerateArray().Select(label => label.GetProperty("Label").GetString()));
        Assert.True(definition.GetProperty("HasNotes").GetBoolean());
        var rows = (await Http.ReadAsync("new_bankaccounts?$select=new_accountname")).Demand(HttpStatusCode.OK).Body.GetProperty("value");
        var note = await Http.CreateAsync("annotations", new Dictionary<string, object>
        {
            ["subject"] = "First", ["objectid_new_bankaccount@odata.bind"] = $"/new_bankaccounts({rows[0].GetProperty("new_bankaccountid").GetString()})",
        });
        note.Demand(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Columns_of_every_type_are_made_read_back_and_filled()
    {
        (await Http.CreateAsync("EntityDefinitions", BankAccount())).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("GlobalOptionSetDefinitions", Json($$"""
            { "@odata.type": "{{Crm}}OptionSetMetadata", "Name": "new_branch", "OptionSetType": "Picklist", "DisplayName": {{Label("Branch", "지점")}},
              "Options": [ { "Label": {{Label("Seoul", "서울")}} }, { "Value": 7, "Label": {{Label("Busan", "부산")}} } ] }
            """))).Demand(HttpStatusCode.NoContent);
        foreach (var column in new[]
        {
            Column("String", "new_Iban", "\"MaxLength\": 34, \"FormatName\": { \"Value\": \"Text\" }"),
            Column("String", "new_Mail", "\"MaxLength\": 100, \"FormatName\": { \"Value\": \"Email\" }"),
            Column("String", "new_Number", "\"MaxLength\": 20, \"AutoNumberFormat\": \"B-{SEQNUM:4}\""),
            Column("Memo", "new_Notes", "\"MaxLength\": 5000, \"Format\": \"TextArea\""),
            Column("Integer", "new_Cards", "\"MinValue\": 0, \"MaxValue\": 9"),
            Column("BigInt", "new_Serial", "\"SourceType\": 0"),
            Column("Decimal", "new_Rate", "\"Precision\": 4, \"MinValue\": 0, \"MaxValue\": 100"),
            Column("Double", "new_Score", "\"Precision\": 2"),
            Column("Money", "new_Balance", "\"Precision\": 2, \"PrecisionSource\": 2"),
            Column("Boolean", "new_Open", $"\"DefaultValue\": true, \"OptionSet\": {{ \"TrueOption\": {{ \"Value\": 1, \"Label\": {Label("Open", "열림")} }}, \"FalseOption\": {{ \"Value\": 0, \"Label\": {Label("Closed", "닫힘")} }} }}"),
            Column("DateTime", "new_Opened", "\"Format\": \"DateOnly\", \"DateTimeBehavior\": { \"Value\": \"DateOnly\" }"),
            Column("DateTime", "new_Visited", "\"Format\": \"DateAndTime\", \"DateTimeBehavior\": { \"Value\": \"TimeZoneIndependent\" }"),
            Column("Picklist", "new_Kind", $"\"DefaultFormValue\": 1, \"OptionSet\": {{ \"@odata.type\": \"{Crm}OptionSetMetadata\", \"IsGlobal\": false, \"Options\": [ {{ \"Value\": 1, \"Label\": {Label("Private", "개인")} }}, {{ \"Value\": 2, \"Label\": {Label("Business", "기업")} }} ] }}"),
            Column("File", "new_Contract", "\"MaxSizeInKB\": 2048"),
            Column("Image", "new_Photo", "\"MaxSizeInKB\": 1024"),
            Column("GeoPoint", "new_Place", "\"SourceType\": 0"),
            Column("Picklist", "new_Branch", "\"GlobalOptionSet@odata.bind\": \"/GlobalOptionSetDefinitions(Name='new_branch')\""),
            Column("MultiSelectPicklist", "new_Services", $"\"OptionSet\": {{ \"Options\": [ {{ \"Value\": 1, \"Label\": {Label("Card", "카드")} }}, {{ \"Value\": 2, \"Label\": {Label("Loan", "대출")} }} ] }}"),
        })
        {
            (await Http.CreateAsync("EntityDefinitions(LogicalName='new_bankaccount')/Attributes", column)).Demand(HttpStatusCode.NoContent);
        }

        (await Http.CreateAsync("new_bankaccounts", new Dictionary<string, object>
        {
            ["new_accountname"] = "A", ["new_iban"] = "DE1", ["new_mail"] = "a@example.com", ["new_cards"] = 2, ["new_serial"] = 9007199254740993, ["new_rate"] = 1.2345m, ["new_score"] = 0.5,
            ["new_balance"] = 10.25m, ["new_opened"] = "2026-01-31", ["new_visited"] = "2026-01-31T09:30:00Z", ["new_kind"] = 2, ["new_branch"] = 7, ["new_services"] = "1,2",
        })).Demand(HttpStatusCode.NoContent);
        var row = (await Http.ReadAsync("new_bankaccounts?$select=new_number,new_open,new_rate,new_services,new_branch&$filter=new_kind eq 2", ("Prefer", "odata.include-annotations=\"*\""), ("Accept-Language", "ko"))).Demand(HttpStatusCode.OK).Body.GetProperty("value")[0];
        Assert.Equal(("B-1000", true, 1.2345m, "1,2", "부산"), (
            row.GetProperty("new_number").GetString(), row.GetProperty("new_open").GetBoolean(), row.GetProperty("new_rate").GetDecimal(), row.GetProperty("new_services").GetString(),
            row.GetProperty("new_branch@OData.Community.Display.V1.FormattedValue").GetString()));
        Assert.Equal(2048, (await Http.ReadAsync($"EntityDefinitions(LogicalName='new_bankaccount')/Attributes(LogicalName='new_contract')/{Crm}FileAttributeMetadata/MaxSizeInKB")).Demand(HttpStatusCode.OK).Body.GetProperty("value").GetInt32());
        var kind = (await Http.ReadAsync($"EntityDefinitions(LogicalName='new_bankaccount')/Attributes(LogicalName='new_kind')/{Crm}PicklistAttributeMetadata?$select=SchemaName,DefaultFormValue&$expand=OptionSet")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(("new_Kind", 1, 2), (kind.GetProperty("SchemaName").GetString(), kind.GetProperty("DefaultFormValue").GetInt32(), kind.GetProperty("OptionSet").GetProperty("Options").GetArrayLength()));
    }

    [Fact]
    public async Task A_definition_that_was_read_is_changed_and_put_back_whole()
    {
        const string url = "EntityDefinitions(LogicalName='shp_order')/Attributes(LogicalName='shp_number')";
        var read = JsonNode.Parse((await Http.ReadAsync(url)).Demand(HttpStatusCode.OK).Text)!.AsObject();
        (await PutAsync(url, read, merge: true)).Demand(HttpStatusCode.NoContent);
        Assert.DoesNotContain("shp_number", await CustomizationAsync(), StringComparison.Ordinal);

        read["DisplayName"]!["LocalizedLabels"] = new JsonArray(new JsonObject { ["Label"] = "Order no.", ["LanguageCode"] = 1033 });
        (await PutAsync(url, read, merge: true)).Demand(HttpStatusCode.NoContent);

        var changed = (await Http.ReadAsync(url)).Demand(HttpStatusCode.OK).Body.GetProperty("DisplayName").GetProperty("LocalizedLabels").EnumerateArray().Select(label => label.GetProperty("Label").GetString()).ToList();
        Assert.Equal("Order no.", changed[0]);
        var table = JsonNode.Parse((await Http.ReadAsync("EntityDefinitions(LogicalName='shp_order')")).Demand(HttpStatusCode.OK).Text)!.AsObject();
        table["DisplayName"]!["LocalizedLabels"] = new JsonArray(new JsonObject { ["Label"] = "구매", ["LanguageCode"] = 1042 });
        (await PutAsync("EntityDefinitions(LogicalName='shp_order')", table, merge: true)).Demand(HttpStatusCode.NoContent);
        var labels = (await Http.ReadAsync("EntityDefinitions(LogicalName='shp_order')?$select=DisplayName")).Demand(HttpStatusCode.OK).Body.GetProperty("DisplayName").GetProperty("LocalizedLabels");
        Assert.Equal([(1033, "Order"), (1042, "구매")], labels.EnumerateArray().Select(label => (label.GetProperty("LanguageCode").GetInt32(), label.GetProperty("Label").GetString()!)));
        (await Http.CreateAsync("PublishXml", Json("""{ "ParameterXml": "<importexportxml><entities><entity>shp_order</entity></entities></importexportxml>" }"""))).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("PublishAllXml", new { })).Demand(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Relationships_and_keys_are_made_used_and_deleted()
    {
        (await Http.CreateAsync("EntityDefinitions", BankAccount())).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("RelationshipDefinitions", Json($$"""
            { "@odata.type": "{{Crm}}OneToManyRelationshipMetadata", "SchemaName": "new_Account_BankAccounts", "ReferencedEntity": "account", "ReferencedAttribute": "accountid", "ReferencingEntity": "new_bankaccount",
              "CascadeConfiguration": { "Assign": "NoCascade", "Delete": "Restrict", "Merge": "NoCascade", "Reparent": "NoCascade", "Share": "NoCascade", "Unshare": "NoCascade" },
              "Lookup": { "@odata.type": "{{Crm}}LookupAttributeMetadata", "SchemaName": "new_OwnerAccountId", "DisplayName": {{Label("Account", "거래처")}}, "RequiredLevel": { "Value": "None" } } }
            """))).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("RelationshipDefinitions", Json($$"""
            { "@odata.type": "{{Crm}}ManyToManyRelationshipMetadata", "SchemaName": "new_bankaccount_contacts", "Entity1LogicalName": "new_bankaccount", "Entity2LogicalName": "contact", "IntersectEntityName": "new_bankaccount_contact" }
            """))).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("EntityDefinitions(LogicalName='new_bankaccount')/Keys", Json($$"""
            { "SchemaName": "new_NameKey", "DisplayName": {{Label("Name", "이름")}}, "KeyAttributes": ["new_accountname"] }
            """))).Demand(HttpStatusCode.NoContent);

        const string pairs = "RelationshipDefinitions(SchemaName='new_bankaccount_contacts')";
        var read = JsonNode.Parse((await Http.ReadAsync($"{pairs}/{Crm}ManyToManyRelationshipMetadata")).Demand(HttpStatusCode.OK).Text)!;
        (await PutAsync(pairs, read, merge: false)).Demand(HttpStatusCode.NoContent);
        read["Entity2AssociatedMenuConfiguration"]!["Label"] = Json(Label("Holders", "예금주"));
        (await PutAsync(pairs, read, merge: true)).Demand(HttpStatusCode.NoContent);
        var menu = (await Http.ReadAsync($"{pairs}/{Crm}ManyToManyRelationshipMetadata")).Demand(HttpStatusCode.OK).Body.GetProperty("Entity1AssociatedMenuConfiguration").GetProperty("Label").GetProperty("LocalizedLabels");
        Assert.Equal(["Holders", "예금주"], menu.EnumerateArray().Select(label => label.GetProperty("Label").GetString()));
        read["Entity1LogicalName"] = "account";
        Assert.Contains("does not change", (await PutAsync(pairs, read, merge: true)).Demand(HttpStatusCode.BadRequest).Text, StringComparison.Ordinal);

        var account = (await Http.CreateAsync("accounts", new { name = "Bank" })).Demand(HttpStatusCode.NoContent).EntityId;
        (await Http.CreateAsync("new_bankaccounts", new Dictionary<string, object> { ["new_accountname"] = "S1", ["new_owneraccountid@odata.bind"] = $"/accounts({account})" })).Demand(HttpStatusCode.NoContent);
        (await Http.ReadAsync("new_bankaccounts(new_accountname='S1')")).Demand(HttpStatusCode.OK);
        Assert.NotEqual(HttpStatusCode.NoContent, (await Http.AskAsync(HttpMethod.Delete, $"accounts({account})", null)).Status);
        (await Http.CreateAsync("new_bankaccounts", new { new_accountname = "S1" })).Demand(HttpStatusCode.PreconditionFailed);

        (await Http.AskAsync(HttpMethod.Delete, "EntityDefinitions(LogicalName='new_bankaccount')/Keys(LogicalName='new_namekey')", null)).Demand(HttpStatusCode.NoContent);
        (await Http.AskAsync(HttpMethod.Delete, "RelationshipDefinitions(SchemaName='new_Account_BankAccounts')", null)).Demand(HttpStatusCode.NoContent);
        (await Http.AskAsync(HttpMethod.Delete, "RelationshipDefinitions(SchemaName='new_bankaccount_contacts')", null)).Demand(HttpStatusCode.NoContent);
        (await Http.AskAsync(HttpMethod.Delete, $"accounts({account})", null)).Demand(HttpStatusCode.NoContent);
        (await Http.AskAsync(HttpMethod.Delete, "EntityDefinitions(LogicalName='new_bankaccount')", null)).Demand(HttpStatusCode.NoContent);
        (await Http.ReadAsync("new_bankaccounts")).Demand(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_key_that_rows_break_fails_by_name_serves_nobody_and_is_active_once_they_are_mended()
    {
        const string key = "EntityDefinitions(LogicalName='new_bankaccount')/Keys(LogicalName='new_namekey')";
        (await Http.CreateAsync("EntityDefinitions", BankAccount())).Demand(HttpStatusCode.NoContent);
        var first = (await Http.CreateAsync("new_bankaccounts", new { new_accountname = "S1" })).Demand(HttpStatusCode.NoContent).EntityId;
        var second = (await Http.CreateAsync("new_bankaccounts", new { new_accountname = "s1" })).Demand(HttpStatusCode.NoContent).EntityId;

        (await Http.CreateAsync("EntityDefinitions(LogicalName='new_bankaccount')/Keys", Json($$"""
            { "SchemaName": "new_NameKey", "DisplayName": {{Label("Name", "이름")}}, "KeyAttributes": ["new_accountname"] }
            """))).Demand(HttpStatusCode.NoContent);

        var failed = await UntilAsync("Failed");
        Assert.Contains($"{first}, {second}", failed.GetProperty("EntityKeyIndexFailure").GetString(), StringComparison.Ordinal);
        var build = Assert.Single((await Http.ReadAsync(new Uri(server.Address, "/api/platform/builds").ToString())).Demand(HttpStatusCode.OK).Body.EnumerateArray());
        Assert.Equal(("key.new_bankaccount.new_namekey", "failed"), (build.GetProperty("name").GetString(), build.GetProperty("state").GetString()));
        var refused = (await Http.ReadAsync("new_bankaccounts(new_accountname='S1')")).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("not active: Failed", refused.Text, StringComparison.Ordinal);

        (await Http.AskAsync(HttpMethod.Delete, $"new_bankaccounts({second})", null)).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("ReactivateEntityKey", Json("""{ "EntityLogicalName": "new_bankaccount", "EntityKeyLogicalName": "new_namekey" }"""))).Demand(HttpStatusCode.NoContent);
        await UntilAsync("Active");
        (await Http.ReadAsync("new_bankaccounts(new_accountname='S1')")).Demand(HttpStatusCode.OK);
        (await Http.CreateAsync("ReactivateEntityKey", Json("""{ "EntityLogicalName": "new_bankaccount", "EntityKeyLogicalName": "new_other" }"""))).Demand(HttpStatusCode.NotFound);

        async Task<JsonElement> UntilAsync(string status)
        {
            var found = (await Http.ReadAsync(key)).Demand(HttpStatusCode.OK).Body;
            for (var tries = 0; tries < 500 && found.GetProperty("EntityKeyIndexStatus").GetString() != status; tries++)
            {
                await Task.Delay(20);
                found = (await Http.ReadAsync(key)).Demand(HttpStatusCode.OK).Body;
            }
            Assert.Equal(status, found.GetProperty("EntityKeyIndexStatus").GetString());
            return found;
        }
    }

    [Fact]
    public async Task Values_of_choices_are_added_renamed_ordered_and_deleted()
    {
        var added = (await Http.CreateAsync("InsertOptionValue", Json($$"""{ "OptionSetName": "shp_region", "Label": {{Label("West", "서부")}} }"""))).Demand(HttpStatusCode.OK).Body.GetProperty("NewOptionValue").GetInt32();
        Assert.Equal(100_000_000, added);
        (await Http.CreateAsync("UpdateOptionValue", Json($$"""{ "OptionSetName": "shp_region", "Value": 1, "Label": {{Label("Far north", "극북")}}, "MergeLabels": true }"""))).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("OrderOption", Json($$"""{ "OptionSetName": "shp_region", "Values": [{{added}}, 1, 2] }"""))).Demand(HttpStatusCode.NoContent);
        Assert.Equal([(added, "West"), (1, "Far north"), (2, "South")], await OptionsAsync());
        (await Http.CreateAsync("DeleteOptionValue", Json($$"""{ "OptionSetName": "shp_region", "Value": {{added}} }"""))).Demand(HttpStatusCode.NoContent);
        Assert.Equal([(1, "Far north"), (2, "South")], await OptionsAsync());
        Assert.True((await Http.CreateAsync("CanBeReferenced", Json("""{ "EntityName": "account" }"""))).Demand(HttpStatusCode.OK).Body.GetProperty("CanBeReferenced").GetBoolean());
    }

    public static TheoryData<string, string, HttpStatusCode, string> Wrong => new()
    {
        { "EntityDefinitions", "{ }", HttpStatusCode.BadRequest, "SchemaName" },
        { "EntityDefinitions", """{ "SchemaName": "new_\ud800" }""", HttpStatusCode.BadRequest, "surrogate" },
        { "EntityDefinitions", """{ "SchemaName": "new_A", "SchemaName": "new_B" }""", HttpStatusCode.BadRequest, "SchemaName" },
        { "EntityDefinitions(LogicalName='account')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "SchemaName": "new_A", "RequiredLevel": { "Value": "Banana" }, "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "RequiredLevel" },
        { "EntityDefinitions", "[]", HttpStatusCode.BadRequest, "not a JSON object" },
        { "EntityDefinitions", """{ "SchemaName": "Bank" }""", HttpStatusCode.BadRequest, "not a valid SchemaName" },
        { "EntityDefinitions", """{ "SchemaName": "new_Bank" }""", HttpStatusCode.BadRequest, "DisplayName" },
        { "EntityDefinitions", """{ "SchemaName": "new_Bank", "DisplayName": { "LocalizedLabels": [ { "Label": "Bank", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "exactly one primary name" },
        { "EntityDefinitions", """{ "SchemaName": "shp_order", "DisplayName": { "LocalizedLabels": [ { "Label": "Bank", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "exists already" },
        { "EntityDefinitions", """{ "SchemaName": "new_Bank", "DisplayName": { "LocalizedLabels": [ { "Label": "Bank", "LanguageCode": 99999 } ] } }""", HttpStatusCode.BadRequest, "LanguageCode" },
        { "EntityDefinitions(LogicalName='nothing')/Attributes", "{ }", HttpStatusCode.NotFound, "nothing" },
        { "EntityDefinitions(LogicalName='account')/Attributes", """{ "SchemaName": "new_A" }""", HttpStatusCode.BadRequest, "DisplayName" },
        { "EntityDefinitions(LogicalName='account')/Attributes", """{ "SchemaName": "new_A", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "@odata.type" },
        { "EntityDefinitions(LogicalName='account')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "SchemaName": "new_A", "MaxLength": 99999, "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "from 1 to 4000" },
        { "EntityDefinitions(LogicalName='account')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.LookupAttributeMetadata", "SchemaName": "new_A", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "together with its relationship" },
        { "EntityDefinitions(LogicalName='account')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.PicklistAttributeMetadata", "SchemaName": "new_A", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] }, "GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='none')" }""", HttpStatusCode.NotFound, "none" },
        { "EntityDefinitions(LogicalName='account')/Keys", """{ "SchemaName": "new_key", "KeyAttributes": ["nothing"], "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "nothing" },
        { "RelationshipDefinitions", """{ "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", "SchemaName": "new_x", "ReferencedEntity": "acount", "ReferencingEntity": "contact" }""", HttpStatusCode.NotFound, "acount" },
        { "EntityDefinitions(LogicalName='account')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "SchemaName": "new_A", "MaxLenght": 50, "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "Did you mean 'MaxLength'?" },
        { "EntityDefinitions", """{ "SchemaName": "new_Bank", "DisplayName": { "localizedLabels": [ { "Label": "Bank", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "Did you mean 'LocalizedLabels'?" },
        { "EntityDefinitions", "", HttpStatusCode.BadRequest, "the request has no body" },
        { "EntityDefinitions", """{ "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "SchemaName": "new_Bank" }""", HttpStatusCode.BadRequest, "is no table" },
        { "EntityDefinitions(LogicalName='account')/Keys", """{ "@odata.type": "Microsoft.Dynamics.CRM.EntityMetadata", "SchemaName": "new_key", "KeyAttributes": ["name"] }""", HttpStatusCode.BadRequest, "is no key" },
        { "EntityDefinitions", """{ "SchemaName": "new_Bank", "DisplayName": { "LocalizedLabels": [ { "Label": "Bank", "LanguageCode": 127 } ] } }""", HttpStatusCode.BadRequest, "LanguageCode" },
        { "EntityDefinitions(LogicalName='account')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.PicklistAttributeMetadata", "SchemaName": "new_A", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] }, "GlobalOptionSet@odata.bind": "/" }""", HttpStatusCode.BadRequest, "no link to a global choice" },
        { "EntityDefinitions(LogicalName='account')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.DateTimeAttributeMetadata", "SchemaName": "new_A", "DateTimeBehavior": { "Value": "Banana" }, "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "Banana" },
        { "RelationshipDefinitions", """{ "SchemaName": "new_x" }""", HttpStatusCode.BadRequest, "@odata.type" },
        { "EntityDefinitions(LogicalName='account')/LogicalName", "{ }", HttpStatusCode.MethodNotAllowed, "POST" },
        { "InsertOptionValue", """{ "OptionSetName": "nothing" }""", HttpStatusCode.NotFound, "nothing" },
        { "DeleteOptionValue", """{ "OptionSetName": "shp_region", "Value": 99 }""", HttpStatusCode.BadRequest, "no value 99" },
        { "PublishXml", """{ "ParameterXml": "<nothing" }""", HttpStatusCode.BadRequest, "cannot be read" },
        { "RelationshipDefinitions", """{ "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", "SchemaName": "new_x", "ReferencedEntity": "account", "ReferencingEntity": "teammembership", "Lookup": { "SchemaName": "new_xid", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } } }""", HttpStatusCode.BadRequest, "'teammembership' holds the pairs of an N:N relationship: it takes no columns" },
        { "RelationshipDefinitions", """{ "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", "SchemaName": "new_x", "ReferencedEntity": "teammembership", "ReferencingEntity": "account", "Lookup": { "SchemaName": "new_xid", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } } }""", HttpStatusCode.BadRequest, "'teammembership' holds the pairs of an N:N relationship: it takes no lookups" },
        { "RelationshipDefinitions", """{ "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", "SchemaName": "new_x", "ReferencedEntity": "account", "ReferencingEntity": "systemuserroles", "Lookup": { "SchemaName": "new_xid", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } } }""", HttpStatusCode.BadRequest, "'systemuserroles' holds the pairs of an N:N relationship: it takes no columns" },
        { "RelationshipDefinitions", """{ "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", "SchemaName": "new_x", "ReferencedEntity": "systemuserroles", "ReferencingEntity": "account", "Lookup": { "SchemaName": "new_xid", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } } }""", HttpStatusCode.BadRequest, "'systemuserroles' holds the pairs of an N:N relationship: it takes no lookups" },
        { "RelationshipDefinitions", """{ "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata", "SchemaName": "new_x", "ReferencedEntity": "account", "ReferencingEntity": "audit", "Lookup": { "SchemaName": "new_xid", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } } }""", HttpStatusCode.BadRequest, "'audit' is written by the platform only: it takes no columns" },
        { "RelationshipDefinitions", """{ "@odata.type": "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata", "SchemaName": "new_pairs", "Entity1LogicalName": "account", "Entity2LogicalName": "teamroles" }""", HttpStatusCode.BadRequest, "'teamroles' holds the pairs of an N:N relationship: it takes no N:N relationships" },
        { "EntityDefinitions(LogicalName='teammembership')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "SchemaName": "new_A", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "'teammembership' holds the pairs" },
        { "EntityDefinitions(LogicalName='activitypointer')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "SchemaName": "new_A", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "'activitypointer' is written by the platform only" },
        { "EntityDefinitions(LogicalName='principalobjectaccess')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "SchemaName": "new_A", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "'principalobjectaccess' is written by the platform only" },
        { "EntityDefinitions(LogicalName='audit')/Attributes", """{ "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata", "SchemaName": "new_A", "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "'audit' is written by the platform only" },
        { "EntityDefinitions(LogicalName='systemuserroles')/Keys", """{ "SchemaName": "new_key", "KeyAttributes": ["roleid"], "DisplayName": { "LocalizedLabels": [ { "Label": "A", "LanguageCode": 1033 } ] } }""", HttpStatusCode.BadRequest, "it takes no keys" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_told_and_nothing_changes(string path, string body, HttpStatusCode status, string sentence)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = (await Http.AskAsync(HttpMethod.Post, path, content)).Demand(status);

        Assert.Contains(sentence, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"customization\"", (await Http.ReadAsync(new Uri(server.Address, "/api/platform/packs").ToString())).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_packs_bring_stays_and_what_is_used_names_its_users()
    {
        var managed = (await Http.AskAsync(HttpMethod.Delete, "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')", null)).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("belongs to the pack 'core'", managed.Text, StringComparison.Ordinal);
        var phone = JsonNode.Parse((await Http.ReadAsync("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='telephone1')")).Demand(HttpStatusCode.OK).Text)!.AsObject();
        phone["MaxLength"] = 60;
        (await PutAsync("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='telephone1')", phone, merge: true)).Demand(HttpStatusCode.NoContent);
        (await Http.AskAsync(HttpMethod.Delete, "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='telephone1')", null)).Demand(HttpStatusCode.BadRequest);
        Assert.Equal(60, (await Http.ReadAsync("EntityDefinitions(LogicalName='account')/Attributes(LogicalName='telephone1')")).Demand(HttpStatusCode.OK).Body.GetProperty("MaxLength").GetInt32());
        (await Http.AskAsync(HttpMethod.Delete, "EntityDefinitions(LogicalName='account')", null)).Demand(HttpStatusCode.BadRequest);
        (await Http.CreateAsync("EntityDefinitions", BankAccount())).Demand(HttpStatusCode.NoContent);
        var used = (await Http.AskAsync(HttpMethod.Delete, "EntityDefinitions(LogicalName='new_bankaccount')/Attributes(LogicalName='new_accountname')", null)).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("new_accountname", used.Text, StringComparison.Ordinal);
        (await Http.ReadAsync("new_bankaccounts?$select=new_accountname")).Demand(HttpStatusCode.OK);
        using var patch = new StringContent("{ }", Encoding.UTF8, "application/json");
        (await Http.AskAsync(HttpMethod.Patch, "EntityDefinitions(LogicalName='account')", patch)).Demand(HttpStatusCode.MethodNotAllowed);
        // The compiler says it of each place, and the answer once.
        (await Http.CreateAsync("EntityDefinitions(LogicalName='new_bankaccount')/Attributes", Json($$"""{ "@odata.type": "{{Crm}}StringAttributeMetadata", "SchemaName": "new_Iban", "DisplayName": {{Label("IBAN", "IBAN")}} }"""))).Demand(HttpStatusCode.NoContent);
        foreach (var key in new[] { "new_one", "new_two" })
            (await Http.CreateAsync("EntityDefinitions(LogicalName='new_bankaccount')/Keys", Json($$"""{ "SchemaName": "{{key}}", "KeyAttributes": ["new_iban"], "DisplayName": {{Label("Key", "키")}} }"""))).Demand(HttpStatusCode.NoContent);
        var twice = (await Http.AskAsync(HttpMethod.Delete, "EntityDefinitions(LogicalName='new_bankaccount')/Attributes(LogicalName='new_iban')", null)).Demand(HttpStatusCode.BadRequest).Body.GetProperty("error").GetProperty("message").GetString()!;
        Assert.Equal(twice.Split(". ").Distinct().Count(), twice.Split(". ").Length);
        Assert.Equal("'attribute/new_bankaccount/new_iban' is taken out, but 2 places refer to it.", twice);
        var system = (await Http.AskAsync(HttpMethod.Delete, "EntityDefinitions(LogicalName='new_bankaccount')/Attributes(LogicalName='createdon')", null)).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("the system gives to tables", system.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_administrators_who_make_the_same_at_once_one_makes_it_and_the_others_are_told()
    {
        (await Http.CreateAsync("EntityDefinitions", BankAccount())).Demand(HttpStatusCode.NoContent);
        foreach (var (path, bodies) in new[]
        {
            ("EntityDefinitions(LogicalName='new_bankaccount')/Keys", Same(columns => $$"""{ "SchemaName": "new_same", "KeyAttributes": [{{columns}}], "DisplayName": {{Label("Key", "키")}} }""")),
            ("RelationshipDefinitions", Same(_ => $$"""{ "@odata.type": "{{Crm}}ManyToManyRelationshipMetadata", "SchemaName": "new_pairs", "Entity1LogicalName": "new_bankaccount", "Entity2LogicalName": "account" }""")),
        })
        {
            var answers = await Task.WhenAll(bodies.Select(body => Http.CreateAsync(path, Json(body))));

            Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
            Assert.All(answers.Where(answer => answer.Status != HttpStatusCode.NoContent), answer => Assert.Contains("exists already", answer.Demand(HttpStatusCode.BadRequest).Text, StringComparison.Ordinal));
        }

        static string[] Same(Func<string, string> body) => [body("\"new_accountname\""), body("\"new_accountname\", \"createdon\""), body("\"createdon\""), body("\"new_accountname\"")];
    }

    [Theory]
    [InlineData("PATCH", "EntityDefinitions", "GET, HEAD, POST")]
    [InlineData("DELETE", "EntityDefinitions(LogicalName='account')/Attributes", "GET, HEAD, POST")]
    [InlineData("POST", "EntityDefinitions(LogicalName='account')", "GET, HEAD, PUT, DELETE")]
    [InlineData("PATCH", "EntityDefinitions(LogicalName='account')/Attributes(LogicalName='name')", "GET, HEAD, PUT, DELETE")]
    [InlineData("POST", "GlobalOptionSetDefinitions(Name='shp_region')", "GET, HEAD, PUT, DELETE")]
    [InlineData("PATCH", "RelationshipDefinitions(SchemaName='account_primary_contact')", "GET, HEAD, PUT, DELETE")]
    [InlineData("PUT", "EntityDefinitions(LogicalName='account')/LogicalName", "GET, HEAD")]
    [InlineData("POST", "EntityDefinitions/$count", "GET, HEAD")]
    public async Task A_method_that_a_definition_does_not_take_is_answered_with_those_that_it_takes(string method, string path, string allowed)
    {
        using var content = new StringContent("{ }", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(new(method), path) { Content = content };
        using var answer = await Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal(allowed, string.Join(", ", answer.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("apply", """{ "packs": [ { "files": {} } ] }""", "'packs[0]' lacks 'origin'.")]
    [InlineData("apply", """{ "packs": 7 }""", "'packs' is not of the form")]
    [InlineData("plan", """{ "pcaks": [] }""", "'pcaks' is unknown")]
    [InlineData("plan", """{ "packs": [ { "origin": "a", "files": { "pack.json": {} } } ] }""", "'packs[0].files['pack.json']' is not of the form")]
    [InlineData("plan", """{ "resolveAll": "me" }""", "'resolveAll' is not of the form")]
    [InlineData("plan", """{ "packs": [], "packs": [] }""", "Duplicate property 'packs'")]
    [InlineData("plan", """{ "packs": [ { "origin": "a", "files": { "pack.json": "", "pack.json": "" } } ] }""", "Duplicate property 'pack.json'")]
    [InlineData("plan", "[]", "the body is not of the form")]
    [InlineData("plan", "null", "the body is null")]
    [InlineData("plan", """{ "packs": [null] }""", "a pack is null")]
    [InlineData("plan", """{ "packs": [ { "origin": "a", "files": { "pack.json": null } } ] }""", "'pack.json' of 'a' is null")]
    [InlineData("plan", """{ "uninstall": [null] }""", "take out is null")]
    [InlineData("plan", "{ \"packs\": ", "LineNumber: 0")]
    [InlineData("purge", "{}", "lacks 'name'")]
    [InlineData("customize", """{ "put": { "attribute/contact/new_rank": 7 } }""", "is not of the form")]
    [InlineData("customize", """{ "put": { "attribute/contact/rank": { "type": "string", "title": "A" } } }""", "does not begin with a prefix")]
    [InlineData("customize", """{ "put": { "app/": { "title": "A" } } }""", "There is no component")]
    public async Task A_body_that_cannot_be_read_is_told_in_words_of_its_sender(string path, string body, string sentence)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        var answer = await Http.AskAsync(HttpMethod.Post, new Uri(server.Address, $"/api/platform/{path}").ToString(), content);

        Assert.InRange((int)answer.Status, 400, 404);
        var message = answer.Body.GetProperty("error").GetProperty("message").GetString()!;
        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.DoesNotContain("Platform.OData", message, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_may_begin_with_the_mark_of_utf_8()
    {
        static ByteArrayContent Marked(string body) => new([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(body)]) { Headers = { ContentType = new("application/json") } };
        using var plan = Marked("{ }");
        (await Http.AskAsync(HttpMethod.Post, new Uri(server.Address, "/api/platform/plan").ToString(), plan)).Demand(HttpStatusCode.OK);
        using var choice = Marked($$"""{ "@odata.type": "{{Crm}}OptionSetMetadata", "Name": "new_size", "DisplayName": {{Label("Size", "크기")}}, "Options": [ { "Value": 1, "Label": {{Label("S", "소")}} } ] }""");
        (await Http.AskAsync(HttpMethod.Post, "GlobalOptionSetDefinitions", choice)).Demand(HttpStatusCode.NoContent);
        using var row = Marked("""{ "name": "Marked" }""");
        (await Http.AskAsync(HttpMethod.Post, "accounts", row)).Demand(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Everything_that_was_read_can_be_put_back_and_changes_nothing()
    {
        foreach (var name in new[] { "account", "contact", "task", "activitypointer", "audit", "shp_order" })
        {
            var table = $"EntityDefinitions(LogicalName='{name}')";
            (await PutAsync(table, JsonNode.Parse((await Http.ReadAsync(table)).Demand(HttpStatusCode.OK).Text)!, merge: false)).Demand(HttpStatusCode.NoContent);
            foreach (var column in await ItemsAsync($"{table}/Attributes"))
                (await PutAsync($"{table}/Attributes({column.GetProperty("MetadataId").GetString()})", JsonNode.Parse(column.GetRawText())!, merge: false)).Demand(HttpStatusCode.NoContent);
            foreach (var relationship in await ItemsAsync($"{table}/ManyToOneRelationships?$filter=IsCustomRelationship eq true or ReferencedEntity eq 'account'"))
                Assert.Contains((await PutAsync($"RelationshipDefinitions({relationship.GetProperty("MetadataId").GetString()})", JsonNode.Parse(relationship.GetRawText())!, merge: false)).Status, new[] { HttpStatusCode.NoContent, HttpStatusCode.BadRequest });
        }

        var customization = await CustomizationAsync();
        Assert.True(customization.Length == 0, customization);
    }

    [Theory]
    [InlineData("""{ "put": { "attribute/contact/new_rank": null } }""")]
    [InlineData("""{ "remove": [null] }""")]
    [InlineData("""{ "labels": [null] }""")]
    [InlineData("""{ "put": { "attribute/contact/new_rank": { "type": "string", "title": "\ud800" } } }""")]
    [InlineData("""{ "put": { "attribute/contact/new_rank": { "type": "string", "title": "A", "title": "B" } } }""")]
    public async Task A_hostile_customization_is_a_bad_request(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        (await Http.AskAsync(HttpMethod.Post, new Uri(server.Address, "/api/platform/customize").ToString(), content)).Demand(HttpStatusCode.BadRequest);
    }

    private async Task<List<JsonElement>> ItemsAsync(string url) => [.. (await Http.ReadAsync(url)).Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray()];

    private async Task<Answer> PutAsync(string url, JsonNode body, bool merge)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await Http.AskAsync(HttpMethod.Put, url, content, ("MSCRM.MergeLabels", merge ? "true" : "false"));
    }

    private async Task<string> CustomizationAsync() => (await Http.ReadAsync(new Uri(server.Address, "/api/platform/packs").ToString())).Demand(HttpStatusCode.OK).Body
        .EnumerateArray().FirstOrDefault(pack => pack.GetProperty("origin").GetString() == "customization") is { ValueKind: JsonValueKind.Object } customization ? customization.GetRawText() : "";

    private async Task<List<(int, string)>> OptionsAsync() =>
        [.. (await Http.ReadAsync("GlobalOptionSetDefinitions(Name='shp_region')")).Demand(HttpStatusCode.OK).Body.GetProperty("Options").EnumerateArray()
            .Select(option => (option.GetProperty("Value").GetInt32(), option.GetProperty("Label").GetProperty("LocalizedLabels")[0].GetProperty("Label").GetString()!))];

    private static JsonNode BankAccount() => Json($$"""
        { "@odata.type": "{{Crm}}EntityMetadata", "SchemaName": "new_BankAccount", "OwnershipType": "UserOwned", "IsActivity": false, "HasActivities": true, "HasNotes": true,
          "DisplayName": {{Label("Bank account", "은행 계좌")}}, "DisplayCollectionName": {{Label("Bank accounts", "은행 계좌")}}, "Description": {{Label("Where money is.", "돈이 있는 곳.")}},
          "Attributes": [ { "@odata.type": "{{Crm}}StringAttributeMetadata", "SchemaName": "new_AccountName", "IsPrimaryName": true, "AttributeType": "String", "FormatName": { "Value": "Text" }, "MaxLength": 100,
                            "RequiredLevel": { "Value": "None", "CanBeChanged": true, "ManagedPropertyLogicalName": "canmodifyrequirementlevelsettings" }, "DisplayName": {{Label("Name", "이름")}} } ] }
        """);

    private static JsonNode Column(string type, string schemaName, string rest) => Json($$"""
        { "@odata.type": "{{Crm}}{{type}}AttributeMetadata", "SchemaName": "{{schemaName}}", "DisplayName": {{Label(schemaName[4..], "열")}}, "RequiredLevel": { "Value": "None" }, {{rest}} }
        """);

    private static string Label(string english, string korean) => $$"""
        { "@odata.type": "{{Crm}}Label", "LocalizedLabels": [ { "@odata.type": "{{Crm}}LocalizedLabel", "Label": "{{english}}", "LanguageCode": 1033 }, { "@odata.type": "{{Crm}}LocalizedLabel", "Label": "{{korean}}", "LanguageCode": 1042 } ] }
        """;

    private static JsonNode Json(string text) => JsonNode.Parse(text)!;
}
