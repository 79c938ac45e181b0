using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>FetchXML and <c>$apply</c> as clients of Dataverse send them.</summary>
public sealed class FetchTests : IAsyncLifetime
{
    private const string All = "odata.include-annotations=\"*\"";
    private const string Contacts = "<link-entity name='contact' from='parentcustomerid' to='accountid' alias='c'";

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        foreach (var (name, revenue, code) in new[] { ("Contoso", 1200.5m, 3), ("Fabrikam", 80m, 3), ("Northwind", 20m, 10) })
        {
            var account = (await Http.CreateAsync("accounts", new { name, revenue, customertypecode = code })).Demand(HttpStatusCode.NoContent).EntityId;
            (await Http.CreateAsync("contacts", new Dictionary<string, object> { ["firstname"] = "Of " + name, ["lastname"] = "Kim", ["parentcustomerid_account@odata.bind"] = $"/accounts({account})" })).Demand(HttpStatusCode.NoContent);
        }
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Rows_come_with_columns_of_links_and_annotations()
    {
        var answer = (await FetchAsync($"<fetch top='1' returntotalrecordcount='true'><entity name='account'><attribute name='name' alias='n'/><attribute name='revenue'/><order attribute='name'/>{Contacts}><attribute name='parentcustomerid'/><attribute name='firstname' alias='f'/></link-entity></entity></fetch>", All)).Demand(HttpStatusCode.OK).Body;

        Assert.EndsWith("$metadata#accounts(revenue,_transactioncurrencyid_value,n,c.parentcustomerid,f)", answer.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        Assert.Equal((3, false, false), (answer.GetProperty("@Microsoft.Dynamics.CRM.totalrecordcount").GetInt32(), answer.GetProperty("@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded").GetBoolean(), answer.GetProperty("@Microsoft.Dynamics.CRM.morerecords").GetBoolean()));
        var row = answer.GetProperty("value")[0];
        Assert.True(row.TryGetProperty("@odata.etag", out _) && row.TryGetProperty("accountid", out _));
        Assert.Equal(("Contoso", "Of Contoso", "Contoso", "account"), (row.GetProperty("n").GetString(), row.GetProperty("f").GetString(),
            row.GetProperty("c.parentcustomerid@OData.Community.Display.V1.FormattedValue").GetString(), row.GetProperty("c.parentcustomerid@Microsoft.Dynamics.CRM.lookuplogicalname").GetString()));
    }

    [Fact]
    public async Task Pages_go_on_with_the_cookie_as_clients_of_Dataverse_send_it()
    {
        var (names, cookie) = (new List<string>(), "");
        for (var page = 1; page <= 3; page++)
        {
            var answer = (await FetchAsync(new XElement("fetch", new XAttribute("count", 1), new XAttribute("page", page), cookie.Length == 0 ? null : new XAttribute("paging-cookie", cookie),
                XElement.Parse("<entity name='account'><attribute name='name'/><order attribute='name' descending='true'/><link-entity name='contact' from='parentcustomerid' to='accountid'/></entity>")).ToString())).Demand(HttpStatusCode.OK).Body;
            names.Add(answer.GetProperty("value")[0].GetProperty("name").GetString()!);
            Assert.Equal(page < 3, answer.TryGetProperty("@Microsoft.Dynamics.CRM.morerecords", out _));
            if (page == 3) break;
            var outer = XElement.Parse(answer.GetProperty("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie").GetString()!);
            Assert.Equal((page + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), outer.Attribute("pagenumber")!.Value);
            cookie = Uri.UnescapeDataString(Uri.UnescapeDataString(outer.Attribute("pagingcookie")!.Value));
            if (page == 1) (await Http.CreateAsync("accounts", new { name = "Zeta" })).Demand(HttpStatusCode.NoContent);
        }
        Assert.Equal(["Northwind", "Fabrikam", "Contoso"], names);
        // Without a cookie, pages are counted.
        var second = (await FetchAsync("<fetch count='2' page='2'><entity name='account'><attribute name='name'/><order attribute='name'/></entity></fetch>")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(["Northwind", "Zeta"], Names(second, "name"));
        Assert.Equal(2, (await FetchAsync("<fetch><entity name='account'><attribute name='name'/></entity></fetch>", "odata.maxpagesize=2")).Body.GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task Groups_have_formatted_values_and_no_key()
    {
        var rows = (await FetchAsync("<fetch aggregate='true'><entity name='account'><attribute name='customertypecode' groupby='true' alias='type'/><attribute name='createdon' groupby='true' dategrouping='year' alias='year'/><attribute name='revenue' aggregate='sum' alias='total'/><attribute name='accountid' aggregate='count' alias='n'/><order alias='total' descending='true'/></entity></fetch>", All)).Demand(HttpStatusCode.OK).Body.GetProperty("value");

        Assert.Equal(["1280.50", "20.00"], rows.EnumerateArray().Select(row => row.GetProperty("total").GetDecimal().ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(
            ["type@OData.Community.Display.V1.FormattedValue", "type", "year@OData.Community.Display.V1.FormattedValue", "year", "total@OData.Community.Display.V1.FormattedValue", "total", "n@OData.Community.Display.V1.FormattedValue", "n"],
            rows[0].EnumerateObject().Select(member => member.Name));
        Assert.Equal(("Customer", rows[0].GetProperty("year").GetInt32().ToString(System.Globalization.CultureInfo.InvariantCulture), "1,280.50"),
            (rows[0].GetProperty("type@OData.Community.Display.V1.FormattedValue").GetString(), rows[0].GetProperty("year@OData.Community.Display.V1.FormattedValue").GetString(), rows[0].GetProperty("total@OData.Community.Display.V1.FormattedValue").GetString()!.TrimStart('$')));
    }

    [Fact]
    public async Task Apply_answers_with_groups_their_formatted_values_count_and_pages()
    {
        const string apply = "$apply=groupby((customertypecode,primarycontactid/fullname),aggregate(revenue with sum as total,$count as n))";
        var answer = (await Http.ReadAsync($"accounts?{apply}&$orderby=total&$count=true", ("Prefer", "odata.include-annotations=\"OData.Community.Display.V1.FormattedValue\",odata.maxpagesize=1"))).Demand(HttpStatusCode.OK).Body;

        Assert.EndsWith("$metadata#accounts(customertypecode,contact_fullname,total,n)", answer.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        Assert.Equal(("Supplier", 20m, 2), (Label(answer), answer.GetProperty("value")[0].GetProperty("total").GetDecimal(), answer.GetProperty("@odata.count").GetInt32()));
        var second = (await Http.ReadAsync(answer.GetProperty("@odata.nextLink").GetString()!, ("Prefer", All))).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((1280.5m, false), (second.GetProperty("value")[0].GetProperty("total").GetDecimal(), second.TryGetProperty("@odata.nextLink", out _)));
        Assert.Equal("2", (await Http.ReadAsync($"accounts/$count?{apply}")).Demand(HttpStatusCode.OK).Text);
        var contact = (await Http.ReadAsync("contacts?$select=contactid,_parentcustomerid_value&$filter=firstname eq 'Of Contoso'")).Body.GetProperty("value")[0];
        var owners = (await Http.ReadAsync($"accounts({contact.GetProperty("_parentcustomerid_value")})/contact_customer_accounts?$apply=groupby((_parentcustomerid_value),aggregate($count as n))", ("Prefer", All))).Demand(HttpStatusCode.OK).Body.GetProperty("value");
        Assert.Equal((1, "Contoso", "account"), (owners[0].GetProperty("n").GetInt32(), owners[0].GetProperty("_parentcustomerid_value@OData.Community.Display.V1.FormattedValue").GetString(), owners[0].GetProperty("_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname").GetString()));
        (await Http.ReadAsync($"accounts({contact.GetProperty("_parentcustomerid_value")})/contact_customer_accounts/$ref?$apply=aggregate($count as n)")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync($"accounts({contact.GetProperty("_parentcustomerid_value")})?$apply=aggregate($count as n)")).Demand(HttpStatusCode.BadRequest);

        static string? Label(JsonElement answer) => answer.GetProperty("value")[0].GetProperty("customertypecode@OData.Community.Display.V1.FormattedValue").GetString();
    }

    [Fact]
    public async Task A_batch_takes_FetchXML_that_is_longer_than_a_URL()
    {
        var fetch = $"<fetch><entity name='account'><attribute name='name'/><filter><condition attribute='name' operator='in'><value>Contoso</value>{string.Concat(Enumerable.Repeat($"<value>{new string('x', 100)}</value>", 350))}</condition></filter></entity></fetch>";
        var batch = JsonSerializer.Serialize(new { requests = new[] { new { id = "1", method = "GET", url = "accounts?fetchXml=" + Uri.EscapeDataString(fetch).Replace("%3C", "<", StringComparison.Ordinal).Replace("%3E", ">", StringComparison.Ordinal) } } });

        var answer = (await Http.AskAsync(HttpMethod.Post, "$batch", new StringContent(batch, Encoding.UTF8, "application/json"))).Demand(HttpStatusCode.OK).Body.GetProperty("responses")[0];

        Assert.Equal(["Contoso"], Names(answer.GetProperty("body"), "name"));
    }

    [Fact]
    public async Task What_cannot_be_understood_is_refused_with_its_place()
    {
        (string Fetch, string Message)[] cases =
        [
            ("<fetch><entity name='account'>", "cannot be read"),
            ("<!DOCTYPE f [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><fetch><entity name='account'><attribute name='&x;'/></entity></fetch>", "has a document type"),
            ("<entity name='account'/>", "<entity> (line 1, column 2) is not what FetchXML begins with"),
            ("<fetch><entity name='acount'/></fetch>", "names the table 'acount'"),
            ("<fetch><entity name='contact'/></fetch>", "about 'contact', the address about 'account'"),
            ("<fetch><entity name='account'><attribute name='nmae'/></entity></fetch>", "<attribute> (line 1, column 32) names the column 'nmae'"),
            ("<fetch><entity name='account'><attribut name='name'/></entity></fetch>", "cannot stand in <entity>"),
            ("<fetch maxrows='5'><entity name='account'/></fetch>", "has no attribute 'maxrows'"),
            ("<fetch top='5' page='2'><entity name='account'/></fetch>", "has top and a page"),
            ("<fetch><entity name='account'><filter><condition attribute='name' operator='equals' value='x'/></filter></entity></fetch>", "operator 'equals'"),
            ("<fetch><entity name='account'><filter><condition attribute='revenue' operator='gt' value='much'/></filter></entity></fetch>", "expects"),
            ("<fetch><entity name='account'><filter><condition attribute='revenue' operator='like' value='5'/></filter></entity></fetch>", "no text"),
            ("<fetch><entity name='account'><filter><condition entityname='x' attribute='name' operator='null'/></filter></entity></fetch>", "the link 'x'"),
            ("<fetch><entity name='account'><link-entity name='contact' from='firstname' to='accountid'/></entity></fetch>", "another type"),
            ("<fetch><entity name='account'><link-entity name='contact' from='contactid' to='primarycontactid' link-type='left'/></entity></fetch>", "link-type='left'"),
            ($"<fetch><entity name='account'>{string.Concat(Enumerable.Repeat("<link-entity name='contact' from='contactid' to='primarycontactid'/>", 16))}</entity></fetch>", "16th link"),
            ("<fetch aggregate='true'><entity name='account'><attribute name='name' aggregate='sum' alias='s'/></entity></fetch>", "is for a number"),
            ("<fetch aggregate='true'><entity name='account'><attribute name='name'/></entity></fetch>", "no alias"),
            ($"<fetch><entity name='account'>{string.Concat(Enumerable.Repeat("<filter>", 60))}{string.Concat(Enumerable.Repeat("</filter>", 60))}</entity></fetch>", "nested more than"),
        ];
        var wrong = new List<string>();
        foreach (var (fetch, message) in cases)
        {
            var answer = await FetchAsync(fetch);
            if (answer.Status != HttpStatusCode.BadRequest || !answer.ErrorMessage.Contains(message, StringComparison.Ordinal)) wrong.Add($"{fetch}: {(int)answer.Status} {answer.Text}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Contains("Did you mean 'name'?", (await FetchAsync("<fetch><entity name='account'><attribute name='nmae'/></entity></fetch>")).Text, StringComparison.Ordinal);
        (await FetchAsync("<fetch datasource='retained'><entity name='account'/></fetch>")).Demand(HttpStatusCode.NotImplemented);
        (await Http.ReadAsync("accounts?$top=1&fetchXml=" + Uri.EscapeDataString("<fetch><entity name='account'/></fetch>"))).Demand(HttpStatusCode.BadRequest);
    }

    private Task<Answer> FetchAsync(string fetch, string? prefer = null) =>
        Http.ReadAsync("accounts?fetchXml=" + Uri.EscapeDataString(fetch), prefer is null ? [] : [("Prefer", prefer)]);

    private static IEnumerable<string?> Names(JsonElement answer, string name) => answer.GetProperty("value").EnumerateArray().Select(row => row.GetProperty(name).GetString());
}
