using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Records;

/// <summary>Records through the Web API. One suite, run on each database: what a client sees must not tell which one it is.</summary>
public abstract class RecordSuite(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("$filter=name eq 'a%00b'")]
    [InlineData("$filter=contains(name,'%00')")]
    [InlineData("$filter=name in ('%ED%A0%80','%00')")]
    [InlineData("$filter=name gt '%00'&$top=0")]
    [InlineData("$search=N%00O")]
    [InlineData("$search=%22%ED%A0%80%22")]
    [InlineData("$filter=Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['%00'])")]
    public async Task A_text_with_characters_that_no_text_has_is_looked_for_and_not_found(string query)
    {
        (await Http.CreateAsync("accounts", new { name = "Nordwind" })).Demand(HttpStatusCode.NoContent);

        Assert.Equal(0, (await Http.ReadAsync($"accounts?$select=name&{query}")).Demand(HttpStatusCode.OK).Body.GetProperty("value").GetArrayLength());
    }

    [Theory]
    [InlineData("lastusedincampaign gt 9999-12-31T23:59:59.9999999Z", 0)]
    [InlineData("lastusedincampaign le 9999-12-31T23:59:59.9999999Z", 1)]
    [InlineData("lastusedincampaign eq 9999-12-31T23:59:59.5Z", 0)]
    [InlineData("accountid in (1e309,0197a000-0000-7000-8000-000000000212,)", -1)]
    [InlineData("entityimage in ('AA==')", -1)]
    [InlineData("revenue add duration'PT1S' eq 1", -1)]
    public async Task Values_at_the_end_of_what_there_is_are_compared_and_lists_that_are_none_refused(string filter, int found)
    {
        (await Http.CreateAsync("accounts", new { name = "Nordwind", lastusedincampaign = "9999-12-31T23:59:59Z" })).Demand(HttpStatusCode.NoContent);

        var answer = (await Http.ReadAsync($"accounts?$select=name&$filter={Uri.EscapeDataString(filter)}")).Demand(found < 0 ? HttpStatusCode.BadRequest : HttpStatusCode.OK);

        if (found >= 0) Assert.Equal(found, answer.Body.GetProperty("value").GetArrayLength());
        else Assert.DoesNotContain("System.", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_created_row_is_read_back_with_its_values()
    {
        var created = (await Http.CreateAsync("accounts", new { name = "Nordwind", numberofemployees = 42, revenue = 1234567.89m, creditonhold = true })).Demand(HttpStatusCode.NoContent);

        var row = (await Http.ReadAsync($"accounts({created.EntityId})?$select=name,numberofemployees,revenue,creditonhold,createdon,statecode")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(created.EntityId, row.GetProperty("accountid").GetGuid());
        Assert.Equal("Nordwind", row.GetProperty("name").GetString());
        Assert.Equal(42, row.GetProperty("numberofemployees").GetInt32());
        Assert.Equal(1234567.89m, row.GetProperty("revenue").GetDecimal());
        Assert.True(row.GetProperty("creditonhold").GetBoolean());
        Assert.Equal(0, row.GetProperty("statecode").GetInt32());
        Assert.EndsWith("Z", row.GetProperty("createdon").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("W/\"", row.GetProperty("@odata.etag").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_may_choose_the_id()
    {
        var id = Guid.CreateVersion7();

        var created = (await Http.CreateAsync("accounts", new { accountid = id, name = "Chosen" })).Demand(HttpStatusCode.NoContent);

        Assert.Equal(id, created.EntityId);
        (await Http.CreateAsync("accounts", new { accountid = id, name = "Again" })).Demand(HttpStatusCode.PreconditionFailed);
        Assert.Equal("Chosen", (await NameOfAsync(id)));
    }

    [Fact]
    public async Task Create_answers_the_row_when_asked_for_the_representation()
    {
        var created = (await Http.CreateAsync("accounts?$select=name", new { name = "Shown" }, ("Prefer", "return=representation"))).Demand(HttpStatusCode.Created);

        Assert.Equal("Shown", created.Body.GetProperty("name").GetString());
        Assert.Equal("return=representation", created.Response.Headers.GetValues("Preference-Applied").Single());
    }

    [Fact]
    public async Task An_update_changes_what_it_names_and_nothing_else()
    {
        var id = await CreateAccountAsync("Before", telephone: "02-1234");

        (await Http.UpdateAsync($"accounts({id})", new { name = "After" }, ("If-Match", "*"))).Demand(HttpStatusCode.NoContent);

        var row = (await Http.ReadAsync($"accounts({id})?$select=name,telephone1")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal("After", row.GetProperty("name").GetString());
        Assert.Equal("02-1234", row.GetProperty("telephone1").GetString());
    }

    [Fact]
    public async Task An_update_with_null_clears_a_value()
    {
        var id = await CreateAccountAsync("Cleared", telephone: "02-1234");

        (await Http.UpdateAsync($"accounts({id})", new { telephone1 = (string?)null })).Demand(HttpStatusCode.NoContent);

        var row = (await Http.ReadAsync($"accounts({id})?$select=telephone1")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(JsonValueKind.Null, row.GetProperty("telephone1").ValueKind);
    }

    [Fact]
    public async Task An_update_answers_the_row_when_asked_for_the_representation()
    {
        var id = await CreateAccountAsync("Before");

        var updated = (await Http.UpdateAsync($"accounts({id})?$select=name", new { name = "After" }, ("Prefer", "return=representation"))).Demand(HttpStatusCode.OK);

        Assert.Equal("After", updated.Body.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_stale_etag_is_refused_and_the_row_keeps_the_other_change()
    {
        var id = await CreateAccountAsync("First");
        var etag = await EtagOfAsync(id);
        (await Http.UpdateAsync($"accounts({id})", new { name = "Second" }, ("If-Match", etag))).Demand(HttpStatusCode.NoContent);

        var refused = (await Http.UpdateAsync($"accounts({id})", new { name = "Third" }, ("If-Match", etag))).Demand(HttpStatusCode.PreconditionFailed);

        Assert.Equal("0x80060882", refused.ErrorCode);
        Assert.Equal("Second", await NameOfAsync(id));
        (await Http.RemoveAsync($"accounts({id})", ("If-Match", etag))).Demand(HttpStatusCode.PreconditionFailed);
        Assert.Equal("Second", await NameOfAsync(id));
    }

    [Fact]
    public async Task An_unchanged_row_is_not_sent_again()
    {
        var id = await CreateAccountAsync("Same");
        var etag = await EtagOfAsync(id);

        (await Http.ReadAsync($"accounts({id})", ("If-None-Match", etag))).Demand(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_deleted_row_is_gone()
    {
        var id = await CreateAccountAsync("Gone");

        (await Http.RemoveAsync($"accounts({id})")).Demand(HttpStatusCode.NoContent);

        var missing = (await Http.ReadAsync($"accounts({id})")).Demand(HttpStatusCode.NotFound);
        Assert.Equal("0x80040217", missing.ErrorCode);
        (await Http.RemoveAsync($"accounts({id})")).Demand(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_lookup_is_bound_read_and_cleared()
    {
        var contact = (await Http.CreateAsync("contacts", new { lastname = "Kim" })).Demand(HttpStatusCode.NoContent).EntityId;
        var created = (await Http.CreateAsync("accounts", new Dictionary<string, object?> { ["name"] = "Bound", ["primarycontactid@odata.bind"] = $"/contacts({contact})" })).Demand(HttpStatusCode.NoContent);

        var path = $"accounts({created.EntityId})?$select=name,_primarycontactid_value";
        var row = (await Http.ReadAsync(path, ("Prefer", "odata.include-annotations=\"*\""))).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(contact, row.GetProperty("_primarycontactid_value").GetGuid());
        Assert.Equal("contact", row.GetProperty("_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname").GetString());

        (await Http.UpdateAsync($"accounts({created.EntityId})", new Dictionary<string, object?> { ["primarycontactid@odata.bind"] = null })).Demand(HttpStatusCode.NoContent);
        row = (await Http.ReadAsync(path)).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(JsonValueKind.Null, row.GetProperty("_primarycontactid_value").ValueKind);
    }

    [Fact]
    public async Task A_polymorphic_lookup_says_what_it_points_to()
    {
        var account = await CreateAccountAsync("Parent");
        var contact = (await Http.CreateAsync("contacts", new Dictionary<string, object?> { ["lastname"] = "Lee", ["parentcustomerid_account@odata.bind"] = $"/accounts({account})" })).Demand(HttpStatusCode.NoContent);

        var row = (await Http.ReadAsync($"contacts({contact.EntityId})?$select=_parentcustomerid_value", ("Prefer", "odata.include-annotations=\"*\""))).Demand(HttpStatusCode.OK).Body;

        Assert.Equal(account, row.GetProperty("_parentcustomerid_value").GetGuid());
        Assert.Equal("account", row.GetProperty("_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname").GetString());
        Assert.Equal("Parent", row.GetProperty("_parentcustomerid_value@OData.Community.Display.V1.FormattedValue").GetString());
    }

    [Theory]
    [InlineData("name eq 'Alpha'", "Alpha")]
    [InlineData("name ne 'Alpha'", "Beta,Gamma")]
    [InlineData("numberofemployees gt 10", "Beta,Gamma")]
    [InlineData("numberofemployees ge 10 and numberofemployees lt 30", "Alpha,Beta")]
    [InlineData("numberofemployees eq 10 or name eq 'Gamma'", "Alpha,Gamma")]
    [InlineData("not (name eq 'Beta')", "Alpha,Gamma")]
    [InlineData("contains(name,'amm')", "Gamma")]
    [InlineData("startswith(name,'Be')", "Beta")]
    [InlineData("endswith(name,'ta')", "Beta")]
    [InlineData("telephone1 eq null", "Beta,Gamma")]
    [InlineData("telephone1 ne null", "Alpha")]
    [InlineData("name eq 'alpha'", "Alpha")]
    public async Task A_filter_finds_its_rows(string filter, string expected)
    {
        await CreateAccountAsync("Alpha", employees: 10, telephone: "1");
        await CreateAccountAsync("Beta", employees: 20);
        await CreateAccountAsync("Gamma", employees: 30);

        var page = (await Http.ReadAsync($"accounts?$select=name&$orderby=name&$filter={Uri.EscapeDataString(filter)}")).Demand(HttpStatusCode.OK);

        Assert.Equal(expected, string.Join(',', Names(page)));
    }

    [Fact]
    public async Task Pages_follow_each_other_and_hold_every_row_once()
    {
        for (var number = 0; number < 5; number++) await CreateAccountAsync("Page", employees: number);

        var found = new List<int>();
        var next = "accounts?$select=numberofemployees&$orderby=name desc&$count=true";
        var pages = 0;
        while (next is not null)
        {
            var page = (await Http.ReadAsync(next, ("Prefer", "odata.maxpagesize=2"))).Demand(HttpStatusCode.OK).Body;
            if (pages++ == 0) Assert.Equal(5, page.GetProperty("@odata.count").GetInt32());
            found.AddRange(page.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("numberofemployees").GetInt32()));
            next = page.TryGetProperty("@odata.nextLink", out var link) ? link.GetString() : null;
        }

        Assert.Equal(3, pages);
        Assert.Equal([0, 1, 2, 3, 4], found.Order());
    }

    [Fact]
    public async Task Top_and_order_choose_the_first_rows()
    {
        foreach (var name in (string[])["B", "C", "A"]) await CreateAccountAsync(name);

        var page = (await Http.ReadAsync("accounts?$select=name&$orderby=name desc&$top=2")).Demand(HttpStatusCode.OK);

        Assert.Equal(["C", "B"], Names(page));
        Assert.False(page.Body.TryGetProperty("@odata.nextLink", out _));
    }

    [Fact]
    public async Task Expressions_of_compute_stand_beside_the_columns_and_can_be_filtered_sorted_and_paged()
    {
        foreach (var (name, revenue) in new[] { ("Contoso", 1200.55m), ("Fabrikam", 80m), ("Northwind", 20m), ("None", (decimal?)null) })
        {
            var account = (await Http.CreateAsync("accounts", new { name, revenue })).Demand(HttpStatusCode.NoContent).EntityId;
            (await Http.CreateAsync("contacts", new Dictionary<string, object> { ["firstname"] = "Of", ["lastname"] = name, ["parentcustomerid_account@odata.bind"] = $"/accounts({account})" })).Demand(HttpStatusCode.NoContent);
        }

        const string computed = "$compute=revenue mul 2 as twice,revenue mul 2 add 0.125 as more,concat(toupper(name),'!') as loud,revenue gt 100 as big,year(createdon) as year";
        var page = (await Http.ReadAsync($"accounts?{computed}&$select=name,loud,more,big&$filter=twice gt 30 and contains(loud,'O')&$orderby=more desc&$count=true",
            ("Prefer", "odata.maxpagesize=2,odata.include-annotations=\"*\""))).Demand(HttpStatusCode.OK).Body;
        Assert.EndsWith("$metadata#accounts(name,loud,more,big)", page.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, page.GetProperty("@odata.count").GetInt32());
        var row = page.GetProperty("value")[0];
        Assert.Equal(("CONTOSO!", 2401.225m, true, "2,401.2250"), (row.GetProperty("loud").GetString(), row.GetProperty("more").GetDecimal(), row.GetProperty("big").GetBoolean(), row.GetProperty("more@OData.Community.Display.V1.FormattedValue").GetString()));
        Assert.False(row.TryGetProperty("twice", out _));

        var names = new List<string?>();
        for (var url = $"accounts?{computed}&$select=loud&$orderby=twice desc,loud"; url is not null;)
        {
            var some = (await Http.ReadAsync(url, ("Prefer", "odata.maxpagesize=1"))).Demand(HttpStatusCode.OK).Body;
            names.AddRange(some.GetProperty("value").EnumerateArray().Select(item => item.GetProperty("loud").GetString()));
            url = some.TryGetProperty("@odata.nextLink", out var next) ? next.GetString() : null;
        }
        Assert.Equal(["CONTOSO!", "FABRIKAM!", "NORTHWIND!", "NONE!"], names);

        // Without $select, or with a star, all columns and all expressions; also of one row, behind a lookup and in a list.
        var whole = (await Http.ReadAsync($"accounts?{computed}&$filter=name eq 'None'")).Demand(HttpStatusCode.OK).Body.GetProperty("value")[0];
        Assert.Equal((JsonValueKind.Null, "NONE!", "None"), (whole.GetProperty("twice").ValueKind, whole.GetProperty("loud").GetString(), whole.GetProperty("name").GetString()));
        Assert.InRange(whole.GetProperty("year").GetInt32(), 2025, 9999);
        var one = (await Http.ReadAsync(
            $"accounts({whole.GetProperty("accountid").GetString()})?$compute=length(name) as letters&$select=letters&$expand=contact_customer_accounts($compute=concat(firstname,concat(' ',parentcustomerid_account/name)) as whose;$select=whose;$orderby=whose)")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((4, "Of None", false), (one.GetProperty("letters").GetInt32(), one.GetProperty("contact_customer_accounts")[0].GetProperty("whose").GetString(), one.TryGetProperty("name", out _)));
        var behind = (await Http.ReadAsync("contacts?$select=lastname&$orderby=lastname&$top=1&$expand=parentcustomerid_account($compute=revenue div 4 as quarter;$select=quarter)")).Demand(HttpStatusCode.OK).Body.GetProperty("value")[0];
        Assert.Equal(300.1375m, behind.GetProperty("parentcustomerid_account").GetProperty("quarter").GetDecimal());
        Assert.Equal("3", (await Http.ReadAsync("accounts/$count?$compute=revenue add 1 as more&$filter=more ne null")).Demand(HttpStatusCode.OK).Text.TrimStart('\uFEFF'));
        Assert.Equal(4, (await Http.ReadAsync("accounts?$apply=compute(length(name) as letters)")).Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray().Count(item => item.GetProperty("letters").GetInt32() > 3));

        foreach (var (wrong, word) in new[]
        {
            ("$compute=nope add 1 as x", "nope"), ("$compute=name as name", "name"), ("$compute=revenue as x,name as x", "x"), ("$compute=", "$compute"), ("$compute=revenue add 'a' as x", "x"),
            ("$compute=revenue add 1 as x&$select=y", "y"), ("$compute=revenue add 1 as x&$filter=y eq 1", "y"), ("$compute=revenue add 1 as x&$orderby=y", "y"), ("$compute=null as x", "x"), ("$compute=revenue add 1", "as"),
        })
        {
            var refused = (await Http.ReadAsync($"accounts?{wrong}")).Demand(HttpStatusCode.BadRequest);
            Assert.Contains(word, refused.Body.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Formatted_values_come_when_asked_for_in_the_language_asked_for()
    {
        var id = await CreateAccountAsync("Formatted");

        var english = (await Http.ReadAsync($"accounts({id})?$select=statecode", ("Prefer", "odata.include-annotations=\"*\""))).Demand(HttpStatusCode.OK).Body;
        var korean = (await Http.ReadAsync($"accounts({id})?$select=statecode", ("Prefer", "odata.include-annotations=\"*\""), ("Accept-Language", "ko"))).Demand(HttpStatusCode.OK).Body;
        var plain = (await Http.ReadAsync($"accounts({id})?$select=statecode")).Demand(HttpStatusCode.OK).Body;

        const string annotation = "statecode@OData.Community.Display.V1.FormattedValue";
        Assert.Equal("Active", english.GetProperty(annotation).GetString());
        Assert.Equal("활성", korean.GetProperty(annotation).GetString());
        Assert.False(plain.TryGetProperty(annotation, out _));
    }

    [Fact]
    public async Task Settings_of_the_user_decide_language_and_time_zone_where_the_request_says_nothing()
    {
        var user = (await Http.ReadAsync("WhoAmI()")).Demand(HttpStatusCode.OK).Body.GetProperty("UserId").GetGuid();
        var id = (await Http.CreateAsync("tasks", new { subject = "Late", scheduledend = "2026-11-25T20:30:00Z" })).Demand(HttpStatusCode.NoContent).EntityId;
        (await Http.UpdateAsync($"usersettingscollection({user})", new { timezonecode = 230, uilanguageid = 1042 })).Demand(HttpStatusCode.NoContent);

        Assert.Equal("2026. 11. 26. 오전 5:30", await EndAsync());
        Assert.Equal("11/26/2026 5:30 AM", await EndAsync(("Accept-Language", "en")));
        Assert.Equal("1", (await Http.ReadAsync("tasks/$count?$filter=Microsoft.Dynamics.CRM.On(PropertyName='scheduledend',PropertyValue='2026-11-26')")).Demand(HttpStatusCode.OK).Text);
        var settings = (await Http.ReadAsync($"usersettingscollection({user})?$select=timezonecode,uilanguageid")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((user, 230, 1042), (settings.GetProperty("systemuserid").GetGuid(), settings.GetProperty("timezonecode").GetInt32(), settings.GetProperty("uilanguageid").GetInt32()));

        async Task<string?> EndAsync(params (string, string)[] headers) =>
            (await Http.ReadAsync($"tasks({id})?$select=scheduledend", [("Prefer", "odata.include-annotations=\"*\""), .. headers])).Demand(HttpStatusCode.OK)
                .Body.GetProperty("scheduledend@OData.Community.Display.V1.FormattedValue").GetString();
    }

    [Theory]
    [InlineData("'; DROP TABLE account; --")]
    [InlineData("\" OR 1=1 --")]
    [InlineData("x'); DELETE FROM systemuser; --")]
    [InlineData("%_\\$1 {0} 한글 🦊")]
    public async Task SQL_in_a_text_is_stored_and_found_as_text(string text)
    {
        var id = await CreateAccountAsync(text);

        Assert.Equal(text, await NameOfAsync(id));
        var found = (await Http.ReadAsync($"accounts?$select=name&$filter=name eq '{Uri.EscapeDataString(text.Replace("'", "''", StringComparison.Ordinal))}'")).Demand(HttpStatusCode.OK);
        Assert.Equal([text], Names(found));
        var contained = (await Http.ReadAsync($"accounts?$select=name&$filter=contains(name,'{Uri.EscapeDataString(text.Replace("'", "''", StringComparison.Ordinal))}')")).Demand(HttpStatusCode.OK);
        Assert.Equal([text], Names(contained));
    }

    [Fact]
    public async Task Writes_at_the_same_time_are_all_there()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => CreateAccountAsync("Crowd", employees: number)));

        var page = (await Http.ReadAsync("accounts?$select=numberofemployees&$filter=name eq 'Crowd'&$count=true")).Demand(HttpStatusCode.OK).Body;

        Assert.Equal(40, page.GetProperty("@odata.count").GetInt32());
        Assert.Equal(40, page.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("numberofemployees").GetInt32()).Distinct().Count());
    }

    [Fact]
    public async Task Of_two_updates_on_the_same_version_one_wins()
    {
        var id = await CreateAccountAsync("Contested");
        var etag = await EtagOfAsync(id);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Http.UpdateAsync($"accounts({id})", new { name = $"Winner {number}" }, ("If-Match", etag))));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.NoContent);
        Assert.Equal(7, answers.Count(answer => answer.Status == HttpStatusCode.PreconditionFailed));
    }

    private static string[] Names(Answer page) =>
        [.. page.Body.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("name").GetString()!)];

    private async Task<Guid> CreateAccountAsync(string name, int? employees = null, string? telephone = null) =>
        (await Http.CreateAsync("accounts", new { name, numberofemployees = employees, telephone1 = telephone })).Demand(HttpStatusCode.NoContent).EntityId;

    private async Task<string?> NameOfAsync(Guid id) =>
        (await Http.ReadAsync($"accounts({id})?$select=name")).Demand(HttpStatusCode.OK).Body.GetProperty("name").GetString();

    private async Task<string> EtagOfAsync(Guid id) =>
        (await Http.ReadAsync($"accounts({id})?$select=name")).Demand(HttpStatusCode.OK).Body.GetProperty("@odata.etag").GetString()!;
}

public sealed class SqliteRecords() : RecordSuite(TestDatabase.Sqlite);

public sealed class PostgreSqlRecords() : RecordSuite(TestDatabase.PostgreSql);
