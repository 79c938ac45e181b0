using System.Net;
using System.Text.Json;
using Platform.Server.Start;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>Leads, opportunities and cases as a client written for Dynamics asks for them, on each database.</summary>
public abstract class StandardTableSuite(TestDatabase database) : IAsyncLifetime
{
    private const string Formatted = "@OData.Community.Display.V1.FormattedValue";

    private static readonly (string, string) Annotations = ("Prefer", "odata.include-annotations=\"*\"");

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(
        pack: "sales", database: database, packs: folder => TestFolder.Copy(Path.Combine(PackFolders.Found().Plugins, "service"), Path.Combine(folder, "service")));

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task An_opportunity_is_made_bound_expanded_filtered_and_won()
    {
        var account = await MakeAsync("accounts", ("name", "Contoso"));
        var lead = await MakeAsync("leads", ("subject", "Website"), ("firstname", "Joe"), ("lastname", "Andreshak"), ("companyname", "A. Datum"));
        var id = await MakeAsync("opportunities", ("name", "500 chairs"), ("estimatedvalue", 25000), ("estimatedclosedate", "2026-12-31"), ("customerid_account@odata.bind", $"/accounts({account})"), ("originatingleadid@odata.bind", $"/leads({lead})"));
        await MakeAsync("accounts", ("name", "Fabrikam"), ("opportunity_customer_accounts", new[] { new { name = "Made with its account" } }));

        var row = (await Http.ReadAsync($"opportunities({id})?$select=name,_customerid_value,statecode&$expand=customerid_account($select=name),parentaccountid($select=name),originatingleadid($select=fullname)", Annotations)).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(("Contoso", "Contoso", "Joe Andreshak"), (Text(row, "customerid_account", "name"), Text(row, "parentaccountid", "name"), Text(row, "originatingleadid", "fullname")));
        Assert.Equal(("account", "customerid_account"), (Text(row, "_customerid_value@Microsoft.Dynamics.CRM.lookuplogicalname"), Text(row, "_customerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty")));
        Assert.Equal(("Contoso", "Open"), (Text(row, $"_customerid_value{Formatted}"), Text(row, $"statecode{Formatted}")));
        foreach (var filter in new[] { $"_customerid_value eq {account}", "customerid_account/name eq 'Contoso'", $"originatingleadid/leadid eq {lead}", "statecode eq 0 and estimatedvalue gt 20000" })
            Assert.Equal(id, Assert.Single((await RowsAsync($"opportunities?$select=opportunityid&$filter={filter}")).EnumerateArray()).GetProperty("opportunityid").GetGuid());
        Assert.Equal(1, (await RowsAsync("accounts?$filter=opportunity_customer_accounts/any(o:o/name eq 'Made with its account')")).GetArrayLength());
        Assert.Equal(1, (await RowsAsync($"leads({lead})/opportunity_originating_lead")).GetArrayLength());

        (await Http.UpdateAsync($"opportunities({id})", new { statecode = 1, statuscode = 3 })).Demand(HttpStatusCode.NoContent);

        row = (await Http.ReadAsync($"opportunities({id})?$select=actualvalue,actualclosedate,statuscode", Annotations)).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((25000m, "Won"), (row.GetProperty("actualvalue").GetDecimal(), Text(row, $"statuscode{Formatted}")));
        Assert.Matches("^20[0-9]{2}-[0-9]{2}-[0-9]{2}$", Text(row, "actualclosedate"));
        (await Http.UpdateAsync($"opportunities({id})", new { statecode = 1, statuscode = 4 })).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_lead_is_qualified_and_its_opportunity_won_and_lost_by_the_actions_of_dynamics()
    {
        var lead = await MakeAsync("leads", ("subject", "Website"), ("firstname", "Joe"), ("lastname", "Andreshak"), ("companyname", "A. Datum"), ("emailaddress1", "joe@example.com"), ("estimatedamount", 900), ("address1_city", "서울"));
        var qualify = $"leads({lead})/Microsoft.Dynamics.CRM.QualifyLead";
        var made = (await Http.CallAsync(qualify, """{"CreateAccount":true,"CreateContact":true,"CreateOpportunity":true,"Status":3}""")).Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray().ToList();
        Assert.Equal(["#Microsoft.Dynamics.CRM.account", "#Microsoft.Dynamics.CRM.contact", "#Microsoft.Dynamics.CRM.opportunity"], made.Select(row => Text(row, "@odata.type")));
        var (account, contact, opportunity) = (made[0].GetProperty("accountid").GetGuid(), made[1].GetProperty("contactid").GetGuid(), made[2].GetProperty("opportunityid").GetGuid());
        var row = (await Http.ReadAsync($"opportunities({opportunity})?$select=name,estimatedvalue,_originatingleadid_value,_customerid_value&$expand=parentaccountid($select=name,address1_city),parentcontactid($select=fullname,emailaddress1,_parentcustomerid_value)")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(("Website", 900m, lead, account), (Text(row, "name"), row.GetProperty("estimatedvalue").GetDecimal(), row.GetProperty("_originatingleadid_value").GetGuid(), row.GetProperty("_customerid_value").GetGuid()));
        Assert.Equal(("A. Datum", "서울", "Joe Andreshak", "joe@example.com", account), (Text(row, "parentaccountid", "name"), Text(row, "parentaccountid", "address1_city"), Text(row, "parentcontactid", "fullname"), Text(row, "parentcontactid", "emailaddress1"), row.GetProperty("parentcontactid").GetProperty("_parentcustomerid_value").GetGuid()));
        row = (await Http.ReadAsync($"leads({lead})?$select=statecode,statuscode,_qualifyingopportunityid_value,_parentcontactid_value")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((1, 3, opportunity, contact), (row.GetProperty("statecode").GetInt32(), row.GetProperty("statuscode").GetInt32(), row.GetProperty("_qualifyingopportunityid_value").GetGuid(), row.GetProperty("_parentcontactid_value").GetGuid()));
        Assert.Equal("이미 종료된 잠재 고객입니다.", (await Http.CallAsync(qualify, """{"CreateAccount":true,"CreateContact":false,"CreateOpportunity":false,"Status":3}""", ("Accept-Language", "ko"))).Demand(HttpStatusCode.BadRequest).ErrorMessage);
        Assert.Equal(1, (await RowsAsync("accounts?$filter=name eq 'A. Datum'")).GetArrayLength());

        (await Http.CallAsync("WinOpportunity", $$"""{"Status":3,"OpportunityClose":{"subject":"Won it","opportunityid@odata.bind":"/opportunities({{opportunity}})","actualrevenue":850.5,"actualend":"2026-03-05T10:00:00Z"} }""")).Demand(HttpStatusCode.NoContent);
        row = (await Http.ReadAsync($"opportunities({opportunity})?$select=statecode,statuscode,actualvalue,actualclosedate&$expand=Opportunity_OpportunityClose($select=subject,actualrevenue,statecode)")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((1, 3, 850.5m, "2026-03-05"), (row.GetProperty("statecode").GetInt32(), row.GetProperty("statuscode").GetInt32(), row.GetProperty("actualvalue").GetDecimal(), Text(row, "actualclosedate")));
        var close = Assert.Single(row.GetProperty("Opportunity_OpportunityClose").EnumerateArray());
        Assert.Equal(("Won it", 850.5m, 1), (Text(close, "subject"), close.GetProperty("actualrevenue").GetDecimal(), close.GetProperty("statecode").GetInt32()));

        // Closed is closed, and not lost without being open again.
        var lose = $$"""{"Status":5,"OpportunityClose":{"@odata.type":"Microsoft.Dynamics.CRM.opportunityclose","opportunityid":{"@odata.type":"Microsoft.Dynamics.CRM.opportunity","opportunityid":"{{opportunity}}"} } }""";
        Assert.Equal("The opportunity is closed already.", (await Http.CallAsync("LoseOpportunity", lose)).Demand(HttpStatusCode.BadRequest).ErrorMessage);
        (await Http.UpdateAsync($"opportunities({opportunity})", new { statecode = 2 })).Demand(HttpStatusCode.BadRequest);
        (await Http.UpdateAsync($"opportunities({opportunity})", new { statecode = 0 })).Demand(HttpStatusCode.NoContent);
        (await Http.CallAsync("LoseOpportunity", lose)).Demand(HttpStatusCode.NoContent);
        row = (await Http.ReadAsync($"opportunities({opportunity})?$select=statecode,statuscode,actualvalue&$expand=Opportunity_OpportunityClose($select=subject)")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((2, 5, JsonValueKind.Null, 2), (row.GetProperty("statecode").GetInt32(), row.GetProperty("statuscode").GetInt32(), row.GetProperty("actualvalue").ValueKind, row.GetProperty("Opportunity_OpportunityClose").GetArrayLength()));
        Assert.Equal("OpportunityClose names no opportunity.", (await Http.CallAsync("WinOpportunity", """{"Status":3,"OpportunityClose":{}}""")).Demand(HttpStatusCode.BadRequest).ErrorMessage);
        (await Http.CallAsync("WinOpportunity", """{"Status":3}""")).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_case_is_closed_with_its_resolution_once_its_activities_are()
    {
        var account = await MakeAsync("accounts", ("name", "Contoso"));
        var id = await MakeAsync("incidents", ("title", "Leak"), ("customerid_account@odata.bind", $"/accounts({account})"));
        var task = await MakeAsync("tasks", ("subject", "Call back"), ("regardingobjectid_incident_task@odata.bind", $"/incidents({id})"));
        var close = $$"""{"Status":1000,"IncidentResolution":{"subject":"Explained","timespent":30,"incidentid@odata.bind":"/incidents({{id}})"} }""";

        Assert.Equal("The case has open activities.", (await Http.CallAsync("CloseIncident", close)).Demand(HttpStatusCode.BadRequest).ErrorMessage);
        (await Http.UpdateAsync($"tasks({task})", new { statecode = 1 })).Demand(HttpStatusCode.NoContent);
        (await Http.CallAsync("CloseIncident", close)).Demand(HttpStatusCode.NoContent);

        var row = (await Http.ReadAsync($"incidents({id})?$select=statecode,statuscode&$expand=Incident_IncidentResolutions($select=subject,timespent,statecode,resolutiontypecode)")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((1, 1000), (row.GetProperty("statecode").GetInt32(), row.GetProperty("statuscode").GetInt32()));
        var resolution = Assert.Single(row.GetProperty("Incident_IncidentResolutions").EnumerateArray());
        Assert.Equal(("Explained", 30, 1, 1000), (Text(resolution, "subject"), resolution.GetProperty("timespent").GetInt32(), resolution.GetProperty("statecode").GetInt32(), resolution.GetProperty("resolutiontypecode").GetInt32()));
        Assert.Equal("The case is closed already.", (await Http.CallAsync("CloseIncident", close)).Demand(HttpStatusCode.BadRequest).ErrorMessage);
    }

    [Fact]
    public async Task A_case_is_numbered_resolved_and_has_activities_and_refuses_the_contact_of_another_account()
    {
        var (account, other) = (await MakeAsync("accounts", ("name", "Contoso")), await MakeAsync("accounts", ("name", "Fabrikam")));
        var contact = await MakeAsync("contacts", ("lastname", "Kim"), ("parentcustomerid_account@odata.bind", $"/accounts({other})"));
        var id = await MakeAsync("incidents", ("title", "Leak"), ("customerid_account@odata.bind", $"/accounts({account})"));
        await MakeAsync("incidents", ("title", "Question"), ("customerid_contact@odata.bind", $"/contacts({contact})"));
        await MakeAsync("tasks", ("subject", "Call back"), ("regardingobjectid_incident_task@odata.bind", $"/incidents({id})"));
        await MakeAsync("annotations", ("subject", "Photo"), ("objectid_incident@odata.bind", $"/incidents({id})"));

        var refused = (await Http.UpdateAsync($"incidents({id})", new Dictionary<string, object> { ["primarycontactid@odata.bind"] = $"/contacts({contact})" }, ("Accept-Language", "ko"))).Demand(HttpStatusCode.BadRequest);
        Assert.StartsWith("연락처가", refused.ErrorMessage, StringComparison.Ordinal);
        (await Http.CreateAsync("incidents", new { title = "Nobody's" })).Demand(HttpStatusCode.BadRequest);
        (await Http.UpdateAsync($"incidents({id})", new { statecode = 1, statuscode = 1000 })).Demand(HttpStatusCode.NoContent);

        var row = (await Http.ReadAsync($"incidents({id})?$select=ticketnumber,statuscode&$expand=Incident_Tasks($select=subject),Incident_Annotation($select=subject)", Annotations)).Demand(HttpStatusCode.OK).Body;
        Assert.Matches("^CAS-01000-[A-Z0-9]{6}$", Text(row, "ticketnumber"));
        Assert.Equal(("Information Provided", "Call back", "Photo"), (Text(row, $"statuscode{Formatted}"), Text(row.GetProperty("Incident_Tasks")[0], "subject"), Text(row.GetProperty("Incident_Annotation")[0], "subject")));
        Assert.Equal("Question", Text((await RowsAsync($"contacts({contact})/incident_customer_contacts?$select=title"))[0], "title"));
        var fetch = Uri.EscapeDataString("""<fetch><entity name="incident"><attribute name="title"/><link-entity name="account" from="accountid" to="customerid" alias="a"><attribute name="name"/></link-entity></entity></fetch>""");
        Assert.Equal(("Leak", "Contoso"), (Text((await RowsAsync($"incidents?fetchXml={fetch}"))[0], "title"), Text((await RowsAsync($"incidents?fetchXml={fetch}"))[0], "a.name")));
    }

    [Fact]
    public async Task The_definitions_have_the_names_of_Dataverse()
    {
        foreach (var (table, schema, set, name, customer) in new[]
        {
            ("lead", "Lead", "leads", "fullname", "lead_customer_accounts"), ("opportunity", "Opportunity", "opportunities", "name", "opportunity_customer_accounts"), ("incident", "Incident", "incidents", "title", "incident_customer_accounts"),
        })
        {
            var definition = (await Http.ReadAsync($"EntityDefinitions(LogicalName='{table}')?$select=SchemaName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,LogicalCollectionName&$expand=Attributes($select=LogicalName,SchemaName),ManyToOneRelationships")).Demand(HttpStatusCode.OK).Body;
            Assert.Equal((schema, set, $"{table}id", name), (Text(definition, "SchemaName"), Text(definition, "EntitySetName"), Text(definition, "PrimaryIdAttribute"), Text(definition, "PrimaryNameAttribute")));
            Assert.Contains(definition.GetProperty("Attributes").EnumerateArray(), attribute => Text(attribute, "SchemaName") == "CustomerId");
            var relationship = definition.GetProperty("ManyToOneRelationships").EnumerateArray().Single(known => Text(known, "SchemaName") == customer);
            Assert.Equal(("customerid", "customerid_account", customer, "Cascade"), (
                Text(relationship, "ReferencingAttribute"), Text(relationship, "ReferencingEntityNavigationPropertyName"), Text(relationship, "ReferencedEntityNavigationPropertyName"), Text(relationship, "CascadeConfiguration", "Assign")));
        }

        var states = (await Http.ReadAsync("EntityDefinitions(LogicalName='incident')/Attributes(LogicalName='statuscode')/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$select=LogicalName&$expand=OptionSet")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(
            [(1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (6, 2), (1000, 1), (2000, 2)],
            states.GetProperty("OptionSet").GetProperty("Options").EnumerateArray().Select(option => (option.GetProperty("Value").GetInt32(), option.GetProperty("State").GetInt32())).Order());
        var metadata = await Http.GetStringAsync(new Uri("/api/data/v9.2/$metadata", UriKind.Relative));
        foreach (var piece in (string[])["<EntityType Name=\"opportunity\"", "<NavigationProperty Name=\"customerid_account\" Type=\"mscrm.account\"", "<NavigationProperty Name=\"regardingobjectid_lead_task\" Type=\"mscrm.lead\""])
            Assert.Contains(piece, metadata, StringComparison.Ordinal);
    }

    private static string Text(JsonElement element, params string[] path) => path.Aggregate(element, (at, name) => at.GetProperty(name)).GetString()!;

    private async Task<Guid> MakeAsync(string set, params (string Name, object Value)[] values) =>
        (await Http.CreateAsync(set, values.ToDictionary(value => value.Name, value => value.Value))).Demand(HttpStatusCode.NoContent).EntityId;

    private async Task<JsonElement> RowsAsync(string path) => (await Http.ReadAsync(path)).Demand(HttpStatusCode.OK).Body.GetProperty("value");
}

public sealed class SqliteStandardTables() : StandardTableSuite(TestDatabase.Sqlite);

public sealed class PostgreSqlStandardTables() : StandardTableSuite(TestDatabase.PostgreSql);
