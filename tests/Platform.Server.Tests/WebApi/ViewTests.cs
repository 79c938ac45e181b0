using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>Views: as the queries of lists, as rows of <c>savedqueries</c>, and as those that users keep.</summary>
public sealed class ViewTests : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        foreach (var (name, revenue, city, state) in new[] { ("Contoso", 1200.5m, "Seoul", 0), ("Fabrikam", 80m, "Busan", 0), ("Northwind", 20m, null, 1), ("100% [Ltd]", 5m, "seoul_1", 0) })
        {
            var account = (await Http.CreateAsync("accounts", new { name, revenue, address1_city = city })).Demand(HttpStatusCode.NoContent).EntityId;
            if (state == 1) (await Http.UpdateAsync($"accounts({account})", new { statecode = 1 })).Demand(HttpStatusCode.NoContent);
            var contact = (await Http.CreateAsync("contacts", new Dictionary<string, object> { ["firstname"] = "Of " + name, ["lastname"] = "Kim", ["parentcustomerid_account@odata.bind"] = $"/accounts({account})" })).Demand(HttpStatusCode.NoContent).EntityId;
            if (name != "Fabrikam") (await Http.UpdateAsync($"accounts({account})", new Dictionary<string, object> { ["primarycontactid@odata.bind"] = $"/contacts({contact})" })).Demand(HttpStatusCode.NoContent);
        }
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_list_is_asked_for_by_a_view_and_what_the_request_says_beside_it()
    {
        var active = await ViewAsync("account", "active");

        var list = (await Http.ReadAsync($"accounts?savedQuery={active}&$count=true", ("Prefer", "odata.maxpagesize=2"))).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(["100% [Ltd]", "Contoso"], Names(list));
        Assert.Equal(3, list.GetProperty("@odata.count").GetInt32());
        Assert.True(list.GetProperty("value")[1].TryGetProperty("telephone1", out _) && !list.GetProperty("value")[1].TryGetProperty("createdon", out _));
        var next = list.GetProperty("@odata.nextLink").GetString()!;
        Assert.Equal(["Fabrikam"], Names((await Http.ReadAsync(next, ("Prefer", "odata.maxpagesize=2"))).Demand(HttpStatusCode.OK).Body));

        var narrowed = (await Http.ReadAsync($"accounts?savedQuery={active}&$select=name,createdon&$filter=revenue gt 50 or name eq 'x'&$orderby=name desc")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(["Fabrikam", "Contoso"], Names(narrowed));
        Assert.False(narrowed.GetProperty("value")[0].TryGetProperty("telephone1", out _));
        Assert.Equal("3", (await Http.ReadAsync($"accounts/$count?savedQuery={active}")).Demand(HttpStatusCode.OK).Text);

        var contoso = (await Http.ReadAsync("accounts?$select=accountid&$filter=name eq 'Contoso'")).Body.GetProperty("value")[0].GetProperty("accountid").GetGuid();
        Assert.Single((await Http.ReadAsync($"accounts({contoso})/contact_customer_accounts?savedQuery={await ViewAsync("contact", "active")}")).Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray());

        (await Http.ReadAsync($"contacts?savedQuery={active}")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync($"accounts({contoso})?savedQuery={active}")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync("accounts?savedQuery=nonsense")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync($"accounts?savedQuery={active}&savedQuery={active}")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync($"accounts?savedQuery={Guid.CreateVersion7()}")).Demand(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Views_are_rows_of_savedqueries_in_the_language_of_the_caller()
    {
        var rows = (await Http.ReadAsync("savedqueries?$select=name,isdefault&$filter=returnedtypecode eq 'account' and querytype eq 0&$orderby=name desc&$count=true")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(["My active accounts", "Inactive accounts", "All accounts", "Active accounts"], Names(rows));
        Assert.Equal((4, "name,isdefault,savedqueryid"), (rows.GetProperty("@odata.count").GetInt32(), string.Join(',', rows.GetProperty("value")[0].EnumerateObject().Select(member => member.Name).OrderBy(name => name == "savedqueryid"))));
        var one = (await Http.ReadAsync("savedqueries?$filter=returnedtypecode eq 'account'&$top=1&$count=true")).Body;
        Assert.Equal((1, 4), (one.GetProperty("value").GetArrayLength(), one.GetProperty("@odata.count").GetInt32()));

        var mine = (await Http.ReadAsync($"savedqueries({await ViewAsync("account", "my-active")})", ("Accept-Language", "ko"))).Demand(HttpStatusCode.OK).Body;
        Assert.Equal("내 활성 거래처", mine.GetProperty("name").GetString());
        Assert.True(mine.GetProperty("ismanaged").GetBoolean());
        var fetch = XElement.Parse(mine.GetProperty("fetchxml").GetString()!);
        Assert.Equal(["eq", "eq-userid"], fetch.Descendants("condition").Select(condition => condition.Attribute("operator")!.Value));
        Assert.Equal(["name", "260"], XElement.Parse(mine.GetProperty("layoutxml").GetString()!).Descendants("cell").First().Attributes().Select(attribute => attribute.Value));
        Assert.Equal(["100% [Ltd]", "Contoso", "Fabrikam"], Names((await FetchAsync(fetch.ToString())).Body));

        (await Http.ReadAsync("savedqueries?$skip=1")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync("savedqueries?$filter=nothing eq 1")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync($"savedqueries({Guid.CreateVersion7()})")).Demand(HttpStatusCode.NotFound);
        // Every view that is shipped can be said in FetchXML.
        Assert.DoesNotContain((await Http.ReadAsync("savedqueries?$select=fetchxml,uniquename")).Body.GetProperty("value").EnumerateArray(), view => view.GetProperty("fetchxml").ValueKind == JsonValueKind.Null);
        Assert.Contains("<EntityType Name=\"savedquery\">", (await Http.ReadAsync("$metadata")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_view_asks_the_same_in_FetchXML_as_in_OData_and_back()
    {
        foreach (var (condition, expected) in new[]
        {
            ("<filter><condition attribute='revenue' operator='gt' value='50.25'/><condition attribute='address1_city' operator='eq' value='seoul'/></filter>", "Contoso"),
            ("<filter type='or'><condition attribute='address1_city' operator='null'/><filter><condition attribute='revenue' operator='le' value='80'/><condition attribute='statecode' operator='ne' value='1'/></filter></filter>", "100% [Ltd], Fabrikam, Northwind"),
            ("<filter><condition attribute='name' operator='like' value='%[%]%'/></filter>", "100% [Ltd]"),
            ("<filter><condition attribute='name' operator='like' value='[a-f]_b%'/></filter>", "Fabrikam"),
            ("<filter><condition attribute='name' operator='not-like' value='[^c-f]%'/><condition attribute='name' operator='like' value='%o%o'/></filter>", "Contoso"),
            ("<filter><condition attribute='name' operator='like' value='%&apos;[a-z]%'/></filter>", ""),
            ("<link-entity name='contact' from='contactid' to='primarycontactid' alias='p'><filter><condition attribute='createdon' operator='today'/><condition attribute='firstname' operator='like' value='[O]f [a-z0-9]%'/></filter></link-entity>", "100% [Ltd], Contoso, Northwind"),
            ("<filter><link-entity name='contact' from='parentcustomerid' to='accountid' link-type='any'><filter><condition attribute='firstname' operator='like' value='_f [c-d]%'/><condition attribute='createdon' operator='last-x-hours' value='9'/></filter></link-entity></filter>", "Contoso"),
            ("<filter><condition attribute='name' operator='like' value='Fab%'/><condition attribute='name' operator='not-like' value='%x%'/></filter>", "Fabrikam"),
            ("<filter><condition attribute='address1_city' operator='not-begin-with' value='seoul'/></filter>", "Fabrikam, Northwind"),
            ("<filter><condition attribute='name' operator='in'><value>Contoso</value><value>o'Neil</value></condition></filter>", "Contoso"),
            ("<filter><condition attribute='statecode' operator='not-in'><value>0</value></condition></filter>", "Northwind"),
            ("<filter><condition attribute='createdon' operator='last-x-days' value='3'/><condition attribute='ownerid' operator='eq-userid'/><condition attribute='createdon' operator='on-or-after' value='2020-01-31'/></filter>", "100% [Ltd], Contoso, Fabrikam, Northwind"),
            ("<filter><condition attribute='createdon' operator='olderthan-x-months' value='3'/></filter>", ""),
            ("<filter><condition attribute='name' operator='ne' valueof='address1_city'/><condition attribute='revenue' operator='between'><value>10</value><value>100</value></condition></filter>", "Fabrikam, Northwind"),
            ("<link-entity name='contact' from='contactid' to='primarycontactid' alias='p'><filter><condition attribute='firstname' operator='begins-with' value='Of'/></filter></link-entity>", "100% [Ltd], Contoso, Northwind"),
            ("<link-entity name='contact' from='contactid' to='primarycontactid' alias='p' link-type='outer'/><filter><condition entityname='p' attribute='firstname' operator='null'/></filter>", "Fabrikam"),
            ("<filter><link-entity name='contact' from='parentcustomerid' to='accountid' link-type='any'><filter><condition attribute='firstname' operator='ends-with' value='soft'/></filter></link-entity></filter>", ""),
            ("<filter><link-entity name='contact' from='parentcustomerid' to='accountid' link-type='not any'><filter><condition attribute='firstname' operator='eq' value='Of Contoso'/></filter></link-entity></filter>", "100% [Ltd], Fabrikam, Northwind"),
        })
        {
            var fetch = $"<fetch><entity name='account'><attribute name='name'/><order attribute='name'/>{condition}</entity></fetch>";
            Assert.Equal(expected, string.Join(", ", Names((await FetchAsync(fetch)).Body)));
            var view = (await Http.CreateAsync("savedqueries", new { name = "A view", returnedtypecode = "account", fetchxml = fetch })).Demand(HttpStatusCode.NoContent).EntityId;
            Assert.Equal((condition, expected), (condition, string.Join(", ", Names((await Http.ReadAsync($"accounts?savedQuery={view}")).Demand(HttpStatusCode.OK).Body))));
            var row = (await Http.ReadAsync($"savedqueries({view})")).Demand(HttpStatusCode.OK).Body;
            var back = row.GetProperty("fetchxml").GetString();
            Assert.True(back is not null, $"{condition} became {row.GetProperty("filter")}");
            Assert.Equal((back, expected), (back, string.Join(", ", Names((await FetchAsync(back!)).Body))));
            (await Http.RemoveAsync($"savedqueries({view})")).Demand(HttpStatusCode.NoContent);
        }
        foreach (var (fetch, status) in new[]
        {
            ("<fetch aggregate='true'><entity name='account'><attribute name='accountid' aggregate='count' alias='n'/></entity></fetch>", HttpStatusCode.NotImplemented),
            ("<fetch><entity name='account'><link-entity name='contact' from='contactid' to='primarycontactid' alias='p'><attribute name='firstname'/></link-entity></entity></fetch>", HttpStatusCode.NotImplemented),
            ("<fetch><entity name='account'><link-entity name='contact' from='parentcustomerid' to='accountid' alias='p'/></entity></fetch>", HttpStatusCode.NotImplemented),
            ("<fetch><entity name='contact'/></fetch>", HttpStatusCode.BadRequest),
            ("<fetch><entity name='account'><attribute name='nam'/></entity></fetch>", HttpStatusCode.BadRequest),
            ("<fetch", HttpStatusCode.BadRequest),
        })
            (await Http.CreateAsync("savedqueries", new { name = "A view", returnedtypecode = "account", fetchxml = fetch })).Demand(status);
    }

    [Fact]
    public async Task Administrators_make_change_and_delete_views_over_the_web_api()
    {
        const string Layout = "<grid name='resultset' object='1' jump='name'><row name='result' id='accountid'><cell name='name' width='300'/><cell name='revenue'/></row></grid>";
        const string Fetch = "<fetch><entity name='account'><attribute name='name'/><filter><condition attribute='revenue' operator='gt' value='50'/></filter><order attribute='revenue' descending='true'/></entity></fetch>";
        var view = (await Http.CreateAsync("savedqueries", new { name = "Large accounts", returnedtypecode = "account", querytype = 0, isdefault = true, fetchxml = Fetch, layoutxml = Layout })).Demand(HttpStatusCode.NoContent).EntityId;
        Assert.Equal(["Contoso", "Fabrikam"], Names((await Http.ReadAsync($"accounts?savedQuery={view}")).Demand(HttpStatusCode.OK).Body));
        var defaults = (await Http.ReadAsync("savedqueries?$select=name,uniquename,ismanaged&$filter=returnedtypecode eq 'account' and isdefault eq true")).Body.GetProperty("value");
        Assert.Equal(("Large accounts", "large-accounts", false, 1), (defaults[0].GetProperty("name").GetString(), defaults[0].GetProperty("uniquename").GetString(), defaults[0].GetProperty("ismanaged").GetBoolean(), defaults.GetArrayLength()));

        (await Http.UpdateAsync($"savedqueries({view})", new { name = "Small accounts", fetchxml = Fetch.Replace("'gt'", "'lt'", StringComparison.Ordinal) })).Demand(HttpStatusCode.NoContent);
        var list = (await Http.ReadAsync($"accounts?savedQuery={view}")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(["Northwind", "100% [Ltd]"], Names(list));
        Assert.True(list.GetProperty("value")[0].TryGetProperty("revenue", out _), "The layout stays.");
        (await Http.UpdateAsync($"savedqueries({view})", new { isdefault = false })).Demand(HttpStatusCode.BadRequest);

        // A view of a pack is changed by the customization, and never deleted.
        var all = await ViewAsync("account", "all");
        (await Http.UpdateAsync($"savedqueries({all})", new { name = "Every account", isdefault = true })).Demand(HttpStatusCode.NoContent);
        Assert.Equal("Every account", (await Http.ReadAsync($"savedqueries({all})?$select=name")).Body.GetProperty("name").GetString());
        (await Http.RemoveAsync($"savedqueries({all})")).Demand(HttpStatusCode.BadRequest);
        (await Http.RemoveAsync($"savedqueries({view})")).Demand(HttpStatusCode.NoContent);
        (await Http.ReadAsync($"savedqueries({view})")).Demand(HttpStatusCode.NotFound);

        foreach (var body in new object[] { new { }, new { name = "X", fetchxml = Fetch }, new { name = "X", returnedtypecode = "acount", fetchxml = Fetch }, new { name = "X", returnedtypecode = "account", fetchxml = Fetch, layoutxml = "<grid/>" }, new { name = "X", returnedtypecode = "account", fetchxml = Fetch, layoutxml = Layout.Replace("revenue", "nothing", StringComparison.Ordinal) } })
            Assert.InRange((int)(await Http.CreateAsync("savedqueries", body)).Status, 400, 404);
        (await Http.AskAsync(HttpMethod.Put, $"savedqueries({all})", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"))).Demand(HttpStatusCode.MethodNotAllowed);
        await server.AddUserAsync("anna", "Basic User");
        using var anna = await server.ClientAsync("anna");
        (await anna.ReadAsync($"savedqueries({all})")).Demand(HttpStatusCode.OK);
        (await anna.CreateAsync("savedqueries", new { name = "X", returnedtypecode = "account", fetchxml = Fetch })).Demand(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_change_of_a_view_says_what_it_cannot_do_and_holds_for_the_version_and_the_language_that_were_read()
    {
        var active = await ViewAsync("account", "active");
        var address = $"savedqueries({active})";
        foreach (var (body, sentence) in new (object, string)[]
        {
            (new { nmae = "X" }, "'nmae'"), (new { description = "X" }, "'description'"), (new { ismanaged = false }, "'ismanaged' of a view cannot be set"), (new { filter = "name eq 'x'" }, "'filter' of a view cannot be set"),
            (new { statecode = 1 }, "'statecode'"), (new { returnedtypecode = "contact" }, "'returnedtypecode'"), (new { uniquename = "other" }, "'uniquename'"), (new { querytype = 64 }, "'querytype'"), (new { savedqueryid = Guid.Empty }, "'savedqueryid'"), (new { name = "" }, "has a name"), (new { name = 5 }, "'name'"),
        })
            Assert.Contains(sentence, (await Http.UpdateAsync(address, body)).Demand(HttpStatusCode.BadRequest).ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("'ismanaged'", (await Http.CreateAsync("savedqueries", new { name = "X", returnedtypecode = "account", fetchxml = "<fetch><entity name='account'><attribute name='name'/></entity></fetch>", ismanaged = true })).Demand(HttpStatusCode.BadRequest).ErrorMessage, StringComparison.Ordinal);

        // The name is that of the caller's language; others keep theirs.
        (await Http.UpdateAsync(address, new { name = "활성 고객" }, ("Accept-Language", "ko"))).Demand(HttpStatusCode.NoContent);
        var english = (await Http.ReadAsync(address)).Demand(HttpStatusCode.OK);
        Assert.Equal(("Active accounts", "활성 고객"), (english.Body.GetProperty("name").GetString()![..15], (await Http.ReadAsync($"{address}?$select=name", ("Accept-Language", "ko"))).Body.GetProperty("name").GetString()));
        (await Http.UpdateAsync(address, new { name = "Customers" })).Demand(HttpStatusCode.NoContent);
        Assert.Equal("활성 고객", (await Http.ReadAsync($"{address}?$select=name", ("Accept-Language", "ko"))).Body.GetProperty("name").GetString());

        // What was read since may have changed; what is read now may be sent back.
        (await Http.UpdateAsync(address, new { name = "Late" }, ("If-Match", english.Response.Headers.ETag!.ToString()))).Demand(HttpStatusCode.PreconditionFailed);
        (await Http.UpdateAsync(address, new { name = "New" }, ("If-None-Match", "*"))).Demand(HttpStatusCode.PreconditionFailed);
        var now = (await Http.ReadAsync(address)).Demand(HttpStatusCode.OK);
        (await Http.UpdateAsync(address, now.Body, ("If-Match", now.Response.Headers.ETag!.ToString()))).Demand(HttpStatusCode.NoContent);
        (await Http.UpdateAsync(address, new { name = "Any" }, ("If-Match", "*"))).Demand(HttpStatusCode.NoContent);
        Assert.Equal("Any", (await Http.ReadAsync($"{address}?$select=name")).Body.GetProperty("name").GetString());
        (await Http.AskAsync(HttpMethod.Delete, address, null, ("If-Match", "W/\"definitions-0\""))).Demand(HttpStatusCode.PreconditionFailed);
    }

    [Fact]
    public async Task Users_keep_views_of_their_own_and_ask_by_them()
    {
        await server.AddUserAsync("anna", "Basic User");
        await server.AddUserAsync("ben", "Basic User");
        using var anna = await server.ClientAsync("anna");
        using var ben = await server.ClientAsync("ben");
        (await anna.CreateAsync("accounts", new { name = "Of Anna", revenue = 10 })).Demand(HttpStatusCode.NoContent);
        const string Fetch = "<fetch count='1'><entity name='account'><attribute name='name'/><order attribute='name'/><link-entity name='contact' from='contactid' to='primarycontactid' link-type='outer' alias='p'><attribute name='firstname' alias='first'/></link-entity></entity></fetch>";
        var view = (await anna.CreateAsync("userqueries", new { name = "Mine", fetchxml = Fetch })).Demand(HttpStatusCode.NoContent).EntityId;

        Assert.Equal("account", (await anna.ReadAsync($"userqueries({view})?$select=returnedtypecode")).Demand(HttpStatusCode.OK).Body.GetProperty("returnedtypecode").GetString());
        Assert.Equal(["Of Anna"], Names((await anna.ReadAsync($"accounts?userQuery={view}")).Demand(HttpStatusCode.OK).Body));
        (await ben.ReadAsync($"accounts?userQuery={view}")).Demand(HttpStatusCode.NotFound);
        // The rows are those that the one who asks may read; pages go on by links.
        var (names, address) = (new List<string>(), $"accounts?userQuery={view}");
        while (true)
        {
            var page = (await Http.ReadAsync(address)).Demand(HttpStatusCode.OK).Body;
            names.Add($"{Names(page).Single()}/{page.GetProperty("value")[0].GetProperty("first")}");
            if (!page.TryGetProperty("@odata.nextLink", out var next)) break;
            address = next.GetString()!;
        }
        Assert.Equal(["100% [Ltd]/Of 100% [Ltd]", "Contoso/Of Contoso", "Fabrikam/", "Northwind/Of Northwind", "Of Anna/"], names);
        Assert.Equal("5", (await Http.ReadAsync($"accounts/$count?userQuery={view}")).Demand(HttpStatusCode.OK).Text);

        (await anna.ReadAsync($"contacts?userQuery={view}")).Demand(HttpStatusCode.BadRequest);
        (await anna.ReadAsync($"accounts?userQuery={view}&$top=1")).Demand(HttpStatusCode.BadRequest);
        (await anna.ReadAsync($"accounts?userQuery={view}&savedQuery={await ViewAsync("account", "active")}")).Demand(HttpStatusCode.BadRequest);
        (await anna.ReadAsync($"accounts?fetchXml=<fetch><entity name='account'/></fetch>&userQuery={view}")).Demand(HttpStatusCode.BadRequest);
        (await anna.ReadAsync("accounts?userQuery=x")).Demand(HttpStatusCode.BadRequest);
        (await anna.CreateAsync("userqueries", new { name = "Broken", fetchxml = "<fetch><entity name='acount'/></fetch>" })).Demand(HttpStatusCode.BadRequest);
        (await anna.CreateAsync("userqueries", new { name = "Other", returnedtypecode = "contact", fetchxml = Fetch })).Demand(HttpStatusCode.BadRequest);
        (await anna.UpdateAsync($"userqueries({view})", new { returnedtypecode = "contact" })).Demand(HttpStatusCode.BadRequest);
        (await anna.UpdateAsync($"userqueries({view})", new { fetchxml = "<fetch><entity name='contact'/></fetch>" })).Demand(HttpStatusCode.NoContent);
        Assert.Equal("contact", (await anna.ReadAsync($"userqueries({view})?$select=returnedtypecode")).Body.GetProperty("returnedtypecode").GetString());
    }

    private async Task<Guid> ViewAsync(string entity, string name) =>
        (await Http.ReadAsync($"savedqueries?$select=savedqueryid&$filter=returnedtypecode eq '{entity}' and uniquename eq '{name}'")).Demand(HttpStatusCode.OK).Body.GetProperty("value")[0].GetProperty("savedqueryid").GetGuid();

    private async Task<Answer> FetchAsync(string fetch) => (await Http.ReadAsync($"accounts?fetchXml={Uri.EscapeDataString(fetch)}")).Demand(HttpStatusCode.OK);

    private static IEnumerable<string> Names(JsonElement list) => [.. list.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("name").GetString()!)];
}
