using System.Net;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>Duplicate detection as clients of Dataverse ask for it.</summary>
public sealed class DuplicateTests : IAsyncLifetime
{
    private static readonly (string, string) Detect = ("MSCRM.SuppressDuplicateDetection", "false");

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_row_like_one_that_is_there_is_refused_where_the_request_wants_that()
    {
        var contoso = (await Http.CreateAsync("accounts", new { name = "Contoso" }, Detect)).Demand(HttpStatusCode.NoContent).EntityId;

        var refused = (await Http.CreateAsync("accounts", new { name = "CONTOSO" }, Detect)).Demand(HttpStatusCode.PreconditionFailed);
        Assert.Equal(("0x80040333", "A record was not created or updated because a duplicate of the current record already exists."), (refused.ErrorCode, refused.ErrorMessage));
        (await Http.CreateAsync("accounts", new { name = "Contoso", emailaddress1 = "a@example.com" })).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("accounts", new { name = "Contoso" }, ("MSCRM.SuppressDuplicateDetection", "true"))).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("accounts", new { name = "Contoso" }, ("MSCRM.SuppressDuplicateDetection", "no"))).Demand(HttpStatusCode.BadRequest);
        // Empty values are like no others; a row is not its own duplicate, and only what changes is asked about.
        var fabrikam = (await Http.CreateAsync("accounts", new { name = "Fabrikam" }, Detect)).Demand(HttpStatusCode.NoContent).EntityId;
        (await Http.UpdateAsync($"accounts({fabrikam})", new { name = "Fabrikam", telephone1 = "1" }, Detect, ("If-Match", "*"))).Demand(HttpStatusCode.NoContent);
        (await Http.UpdateAsync($"accounts({fabrikam})", new { emailaddress1 = "A@example.com" }, Detect, ("If-Match", "*"))).Demand(HttpStatusCode.PreconditionFailed);
        (await Http.UpdateAsync($"accounts({fabrikam})", new { name = "Contoso" }, Detect)).Demand(HttpStatusCode.PreconditionFailed);
        (await Http.UpdateAsync($"accounts({contoso})", new { telephone1 = "2" }, Detect)).Demand(HttpStatusCode.NoContent);
        (await Http.AskAsync(HttpMethod.Put, $"accounts({fabrikam})/name", System.Net.Http.Json.JsonContent.Create(new { value = "Contoso" }), Detect)).Demand(HttpStatusCode.PreconditionFailed);
        (await Http.UpdateAsync($"accounts({Guid.CreateVersion7()})", new { name = "contoso" }, Detect)).Demand(HttpStatusCode.PreconditionFailed);
        // In rows that come along and in many rows, all or nothing; inactive rows do not count for these rules.
        (await Http.CreateAsync("contacts", new Dictionary<string, object> { ["lastname"] = "Kim", ["parentcustomerid_account"] = new { name = "Contoso" } }, Detect)).Demand(HttpStatusCode.PreconditionFailed);
        var targets = new Dictionary<string, object> { ["Targets"] = new[] { "New", "Contoso" }.Select(name => new Dictionary<string, object> { ["@odata.type"] = "Microsoft.Dynamics.CRM.account", ["name"] = name }) };
        (await Http.CreateAsync("accounts/Microsoft.Dynamics.CRM.CreateMultiple", targets, Detect)).Demand(HttpStatusCode.PreconditionFailed);
        Assert.Equal("0", (await Http.ReadAsync("accounts/$count?$filter=name eq 'New'")).Text);
        (await Http.UpdateAsync($"accounts({fabrikam})", new { statecode = 1 })).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("accounts", new { name = "Fabrikam" }, Detect)).Demand(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task Rules_are_rows_that_hold_when_they_are_published()
    {
        (await Http.CreateAsync("contacts", new { firstname = "Anna", lastname = "Kim", telephone1 = "+82 2 555 0199" })).Demand(HttpStatusCode.NoContent);
        var rule = (await Http.CreateAsync("duplicaterules", new { name = "Accounts called like a contact", baseentityname = "account", matchingentityname = "contact", iscasesensitive = true })).Demand(HttpStatusCode.NoContent).EntityId;
        async Task<Answer> ConditionAsync(object row) => await Http.CreateAsync("duplicateruleconditions", row);
        Dictionary<string, object?> Condition(string left, string right, int? operatorcode = null, int? operatorparam = null) => new() { ["baseattributename"] = left, ["matchingattributename"] = right, ["operatorcode"] = operatorcode ?? 0, ["operatorparam"] = operatorparam, ["regardingobjectid@odata.bind"] = $"/duplicaterules({rule})" };
        (await ConditionAsync(Condition("telephone1", "telephone1", 2, 4))).Demand(HttpStatusCode.NoContent);
        (await ConditionAsync(Condition("name", "fullname", 1, 4))).Demand(HttpStatusCode.NoContent);

        (await Http.CreateAsync("accounts", new { name = "Anna Ltd", telephone1 = "0199" }, Detect)).Demand(HttpStatusCode.NoContent);
        (await Http.UpdateAsync($"duplicaterules({rule})", new { statecode = 1 })).Demand(HttpStatusCode.NoContent);
        (await Http.CreateAsync("accounts", new { name = "Anna Inc", telephone1 = "02-0199" }, Detect)).Demand(HttpStatusCode.PreconditionFailed);
        (await Http.UpdateAsync($"duplicaterules({rule})", new { baseentityname = "contact" })).Demand(HttpStatusCode.BadRequest);
        var empty = (await Http.CreateAsync("duplicaterules", new { name = "Empty", baseentityname = "account", matchingentityname = "account" })).Demand(HttpStatusCode.NoContent).EntityId;
        (await Http.UpdateAsync($"duplicaterules({empty})", new { statecode = 1 })).Demand(HttpStatusCode.BadRequest);
        // A text that is shorter than the part is alike as a whole only.
        (await Http.CreateAsync("accounts", new { name = "Ann", telephone1 = "0199" }, Detect)).Demand(HttpStatusCode.NoContent);
        foreach (var other in new object[] { new { name = "Anna One", telephone1 = "02-0198" }, new { name = "ANNA Two", telephone1 = "0199" }, new { name = "Anna Three" } })
            (await Http.CreateAsync("accounts", other, Detect)).Demand(HttpStatusCode.NoContent);

        // Who may not read the row is not told that it is there.
        await server.AddUserAsync("anna", "Basic User");
        using var anna = await server.ClientAsync("anna");
        (await anna.CreateAsync("accounts", new { name = "Anna Inc", telephone1 = "02-0199" }, Detect)).Demand(HttpStatusCode.NoContent);
        (await anna.CreateAsync("duplicaterules", new { name = "Mine", baseentityname = "account", matchingentityname = "account" })).Demand(HttpStatusCode.Forbidden);

        foreach (var wrong in new object[] { Condition("nam", "fullname"), Condition("name", "nothing"), Condition("name", "birthdate"), Condition("name", "fullname", 1), Condition("revenue", "annualincome", 1, 3), Condition("name", "fullname", 7) })
            (await ConditionAsync(wrong)).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("account", (await Http.CreateAsync("duplicaterules", new { name = "X", baseentityname = "acount", matchingentityname = "account" })).Demand(HttpStatusCode.BadRequest).Text, StringComparison.Ordinal);
        (await Http.RemoveAsync($"duplicaterules({rule})")).Demand(HttpStatusCode.NoContent);
        Assert.Equal("0", (await Http.ReadAsync($"duplicateruleconditions/$count?$filter=_regardingobjectid_value eq {rule}")).Text);
    }
}
