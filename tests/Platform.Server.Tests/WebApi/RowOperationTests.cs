using System.Net;
using System.Text;
using System.Xml.Linq;
using Platform.Engine.Tests;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>Actions and functions about rows, over HTTP and on both databases.</summary>
public abstract class RowOperationTests(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(pack: "loyalty", database: database, packs: new ProjectPack().WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Two_accounts_are_merged_with_the_values_that_the_client_chose()
    {
        var (target, subordinate) = (await AccountAsync("Target"), await AccountAsync("Subordinate"));
        var contact = (await Http.CreateAsync("contacts", new Dictionary<string, object> { ["lastname"] = "Kim", ["parentcustomerid_account@odata.bind"] = $"accounts({subordinate})" })).Demand(HttpStatusCode.NoContent).EntityId;

        (await PostAsync("Merge", $$"""
            { "Target": { "@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": "{{target}}" },
              "Subordinate": { "@odata.id": "{{Http.BaseAddress}}accounts({{subordinate}})" },
              "UpdateContent": { "@odata.type": "Microsoft.Dynamics.CRM.account", "telephone1": "555", "primarycontactid@odata.bind": "/contacts({{contact}})" },
              "PerformParentingChecks": false }
            """)).Demand(HttpStatusCode.NoContent);

        var row = (await Http.ReadAsync($"accounts({target})?$select=telephone1,name,_primarycontactid_value")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(("555", "Target", contact), (row.GetProperty("telephone1").GetString(), row.GetProperty("name").GetString(), row.GetProperty("_primarycontactid_value").GetGuid()));
        Assert.Equal(target.ToString(), (await Http.ReadAsync($"contacts({contact})/_parentcustomerid_value/$value")).Text);
        Assert.Equal("1", (await Http.ReadAsync($"accounts({subordinate})/statecode/$value")).Text);

        foreach (var body in (string[])[
            "{}", """{ "Target": 5 }""",
            $$"""{ "Target": { "@odata.id": "accounts({{target}})" }, "Subordinate": { "@odata.id": "accounts({{target}})" } }""",
            $$"""{ "Target": { "@odata.id": "accounts({{target}})" }, "Subordinate": { "@odata.id": "contacts({{contact}})" } }""",
            $$"""{ "Target": { "@odata.id": "accounts({{target}})" }, "Subordinate": { "@odata.id": "accounts({{subordinate}})" }, "UpdateContent": { "@odata.type": "Microsoft.Dynamics.CRM.account", "nothing": 1 } }"""])
            (await PostAsync("Merge", body)).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync("Merge")).Demand(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task A_row_is_assigned_and_its_state_set_by_actions()
    {
        var account = await AccountAsync("A");
        await server.AddUserAsync("anna", "Worker");
        var anna = (await Http.ReadAsync("systemusers?$select=systemuserid&$filter=domainname eq 'anna'")).Body.GetProperty("value")[0].GetProperty("systemuserid").GetGuid();

        (await PostAsync("Assign", $$"""{ "Target": { "@odata.id": "accounts({{account}})" }, "Assignee": { "@odata.type": "Microsoft.Dynamics.CRM.systemuser", "systemuserid": "{{anna}}" } }""")).Demand(HttpStatusCode.NoContent);
        (await PostAsync("SetState", $$"""{ "EntityMoniker": { "@odata.id": "accounts({{account}})" }, "State": 1, "Status": -1 }""")).Demand(HttpStatusCode.NoContent);

        var row = (await Http.ReadAsync($"accounts({account})?$select=_ownerid_value,statecode,statuscode")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((anna, 1, 2), (row.GetProperty("_ownerid_value").GetGuid(), row.GetProperty("statecode").GetInt32(), row.GetProperty("statuscode").GetInt32()));
        (await PostAsync("SetState", $$"""{ "EntityMoniker": { "@odata.id": "accounts({{account}})" }, "State": 0, "Status": 2 }""")).Demand(HttpStatusCode.BadRequest);
        (await PostAsync("Assign", $$"""{ "Target": { "@odata.id": "accounts({{account}})" }, "Assignee": { "@odata.id": "accounts({{account}})" } }""")).Demand(HttpStatusCode.BadRequest);
        Assert.Equal("1", (await Http.ReadAsync($"accounts({account})/statecode/$value")).Text);
    }

    [Fact]
    public async Task Functions_count_propose_and_tell_rollups()
    {
        var account = await AccountAsync("A");
        await AccountAsync("B");
        var counts = (await Http.ReadAsync("RetrieveTotalRecordCount(EntityNames=['account','contact'])")).Demand(HttpStatusCode.OK).Body.GetProperty("EntityRecordCountCollection");
        Assert.Equal(["account", "contact"], counts.GetProperty("Keys").EnumerateArray().Select(key => key.GetString()!));
        Assert.Equal([2, 0], counts.GetProperty("Values").EnumerateArray().Select(value => value.GetInt32()));
        (await Http.ReadAsync("RetrieveTotalRecordCount(EntityNames=@p)?@p=[\"account\"]")).Demand(HttpStatusCode.OK);
        (await Http.ReadAsync("RetrieveTotalRecordCount(EntityNames=['nothing'])")).Demand(HttpStatusCode.NotFound);
        (await Http.ReadAsync("RetrieveTotalRecordCount(EntityNames='account')")).Demand(HttpStatusCode.BadRequest);

        (await Http.UpdateAsync($"accounts({account})", new { telephone1 = "555" })).Demand(HttpStatusCode.NoContent);
        var proposal = (await Http.ReadAsync($"InitializeFrom(EntityMoniker=@a,TargetEntityName='contact',TargetFieldType=Microsoft.Dynamics.CRM.TargetFieldType'ValidForCreate')?@a={{'@odata.id':'accounts({account})'}}")).Demand(HttpStatusCode.OK);
        Assert.Equal($"accounts({account})", proposal.Body.GetProperty("parentcustomerid_account@odata.bind").GetString());
        Assert.Equal("555", proposal.Body.GetProperty("telephone1").GetString());
        (await Http.AskAsync(HttpMethod.Post, "contacts", new StringContent("{\"lastname\":\"Kim\"," + proposal.Text[1..], Encoding.UTF8, "application/json"))).Demand(HttpStatusCode.NoContent);

        var contact = (await Http.ReadAsync("contacts?$select=contactid")).Body.GetProperty("value")[0].GetProperty("contactid").GetGuid();
        const string rollup = "loy_cards";
        (await Http.ReadAsync($"CalculateRollupField(Target=@t,FieldName='{rollup}')?@t={{\"@odata.id\":\"contacts({contact})\"}}")).Demand(HttpStatusCode.OK);
        var value = (await Http.ReadAsync($"CalculateRollupField(Target=@t,FieldName='{rollup}')?@t={{'@odata.id':'contacts({contact})'}}")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((contact, 0), (value.GetProperty("contactid").GetGuid(), value.GetProperty(rollup).GetInt32()));
        (await Http.ReadAsync($"CalculateRollupField(Target=@t,FieldName='lastname')?@t={{'@odata.id':'contacts({contact})'}}")).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_row_is_shared_by_actions_and_functions_tell_with_whom_and_how()
    {
        var account = await AccountAsync("A");
        await server.AddUserAsync("bo", "Basic User");
        var bo = (await Http.ReadAsync("systemusers?$select=systemuserid&$filter=domainname eq 'bo'")).Body.GetProperty("value")[0].GetProperty("systemuserid").GetGuid();
        var target = $$"""{ "@odata.type": "Microsoft.Dynamics.CRM.account", "accountid": "{{account}}" }""";
        var principal = $$"""{ "@odata.type": "Microsoft.Dynamics.CRM.systemuser", "systemuserid": "{{bo}}" }""";
        string Access(string mask) => $$"""{ "Target": {{target}}, "PrincipalAccess": { "AccessMask": {{mask}}, "Principal": {{principal}} } }""";
        async Task<string?> RightsAsync(string of) => (await Http.ReadAsync($"{of}/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={{'@odata.id':'accounts({account})'}}")).Demand(HttpStatusCode.OK).Body.GetProperty("AccessRights").GetString();

        (await PostAsync("GrantAccess", Access("\"ReadAccess, WriteAccess\""))).Demand(HttpStatusCode.NoContent);
        Assert.Equal("ReadAccess,WriteAccess", await RightsAsync($"systemusers({bo})"));
        (await PostAsync("ModifyAccess", Access("3"))).Demand(HttpStatusCode.NoContent);
        (await PostAsync("ModifyAccess", Access("\"ReadAccess\""))).Demand(HttpStatusCode.NoContent);
        var share = (await Http.ReadAsync($"RetrieveSharedPrincipalsAndAccess(Target=@t)?@t={{'@odata.id':'accounts({account})'}}")).Demand(HttpStatusCode.OK).Body.GetProperty("PrincipalAccesses").EnumerateArray().Single();
        Assert.Equal(("ReadAccess", bo, "#Microsoft.Dynamics.CRM.systemuser"), (share.GetProperty("AccessMask").GetString(), share.GetProperty("Principal").GetProperty("systemuserid").GetGuid(), share.GetProperty("Principal").GetProperty("@odata.type").GetString()));
        var stored = (await Http.ReadAsync($"principalobjectaccessset?$select=accessrightsmask,inheritedaccessrightsmask&$filter=principalid eq {bo}")).Demand(HttpStatusCode.OK).Body.GetProperty("value")[0];
        Assert.Equal((1, 0), (stored.GetProperty("accessrightsmask").GetInt32(), stored.GetProperty("inheritedaccessrightsmask").GetInt32()));

        foreach (var body in (string[])["{}", Access("\"Nothing\""), Access("1048576"), $$"""{ "Target": {{target}}, "PrincipalAccess": {} }""", $$"""{ "Target": {{target}}, "PrincipalAccess": { "AccessMask": "ReadAccess", "Principal": {{target}} } }"""])
            (await PostAsync("GrantAccess", body)).Demand(HttpStatusCode.BadRequest);
        (await Http.AskAsync(HttpMethod.Post, "principalobjectaccessset", new StringContent("{}", Encoding.UTF8, "application/json"))).Demand(HttpStatusCode.MethodNotAllowed);
        (await Http.ReadAsync("GrantAccess")).Demand(HttpStatusCode.MethodNotAllowed);
        (await PostAsync("RevokeAccess", $$"""{ "Target": {{target}}, "Revokee": {{principal}} }""")).Demand(HttpStatusCode.NoContent);
        Assert.Equal("None", await RightsAsync($"systemusers({bo})"));
        Assert.Empty((await Http.ReadAsync("principalobjectaccessset")).Body.GetProperty("value").EnumerateArray());
    }

    [Fact]
    public async Task Metadata_lists_the_actions_and_functions()
    {
        var document = XDocument.Parse((await Http.ReadAsync("$metadata")).Demand(HttpStatusCode.OK).Text);

        foreach (var action in (string[])["CreateMultiple", "UpdateMultiple", "UpsertMultiple", "DeleteMultiple", "Assign", "SetState", "Merge", "GrantAccess", "ModifyAccess", "RevokeAccess"])
            Assert.Single(document.Descendants(), element => element.Name.LocalName == "Action" && element.Attribute("Name")?.Value == action);
        foreach (var function in (string[])["RetrieveTotalRecordCount", "InitializeFrom", "CalculateRollupField", "RetrieveSharedPrincipalsAndAccess", "RetrievePrincipalAccess"])
            Assert.Single(document.Descendants(), element => element.Name.LocalName == "Function" && element.Attribute("Name")?.Value == function);
    }

    private async Task<Guid> AccountAsync(string name) => (await Http.CreateAsync("accounts", new { name })).Demand(HttpStatusCode.NoContent).EntityId;

    private Task<Answer> PostAsync(string path, string json) => Http.AskAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"));
}

public sealed class SqliteRowOperation() : RowOperationTests(TestDatabase.Sqlite);

public sealed class PostgreSqlRowOperation() : RowOperationTests(TestDatabase.PostgreSql);
