using System.Globalization;
using System.Net;
using System.Text;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>The limits that docs/web-api.md lists: each is told in words, with its number, and half of it is no matter.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private const string Crm = "Microsoft.Dynamics.CRM.";

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task What_is_over_a_limit_of_queries_is_refused_with_its_number()
    {
        var wrong = new List<string>();
        foreach (var (query, over, number) in new (Func<int, string> Query, int Over, string Number)[]
        {
            (many => $"$filter={Repeat("name eq 'x'", " or ", many)}", 501, "500"),
            (many => $"$filter={Repeat("not (", "", many - 1)}name eq 'x'{new string(')', many - 1)}", 52, "50"),
            (many => $"$filter=name in ({Repeat("'x'", ",", many)})", 1001, "1000"),
            (many => $"$filter=contains(name,'{new string('x', many)}')", 4001, "4000"),
            (many => $"$filter=length({Repeat("tolower(", "", many)}name{new string(')', many)}) eq 1", 41, "40"),
            (many => $"$filter={Repeat("parentaccountid/", "", many)}name eq 'x'", 9, "8"),
            (many => $"$expand={Repeat("account_parent_account($expand=", "", many - 1)}account_parent_account{new string(')', many - 1)}", 16, "15"),
            (many => $"$apply={Repeat("filter(statecode eq 0)", "/", many)}", 21, "20"),
            (many => $"$compute={Repeat("revenue mul 2 as x", ",", many, number => $"{number}")}", 51, "50"),
            (many => $"$search={Repeat("a", " ", many)}", 51, "50"),
            (many => $"tag={new string('x', many - "/api/data/v9.2/accounts?tag=".Length)}", 32_769, "32768"),
            (many => $"fetchXml=<fetch><entity name='account'><filter>{Repeat("<condition attribute='name' operator='null'/>", "", many)}</filter></entity></fetch>", 501, "500"),
            (many => $"fetchXml=<fetch><entity name='account'>{Repeat("<link-entity name='contact' from='parentcustomerid' to='accountid'/>", "", many)}</entity></fetch>", 16, "15"),
            (many => $"fetchXml=<fetch><entity name='account'><filter><condition attribute='name' operator='in'>{Repeat("<value>x</value>", "", many)}</condition></filter></entity></fetch>", 1001, "1000"),
            (many => $"fetchXml={Repeat("<fetch>", "", many)}", 51, "50"),
        })
        {
            var refused = await Http.ReadAsync($"accounts?{Escape(query(over))}");
            if (refused.Status != HttpStatusCode.BadRequest || !refused.Text.Contains(number, StringComparison.Ordinal)) wrong.Add($"{number}: {(int)refused.Status} {refused.Text}");
            // Half of it is no matter; what must be whole at the end (one <fetch>) is refused for something else.
            var taken = await Http.ReadAsync($"accounts?{Escape(query(over / 2))}");
            if (taken.Status != HttpStatusCode.OK && taken.Text.Contains(number, StringComparison.Ordinal)) wrong.Add($"half of {number}: {(int)taken.Status} {taken.Text}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Fact]
    public async Task What_is_over_a_limit_of_bodies_is_refused_and_nothing_is_written()
    {
        var row = """{ "@odata.type": "Microsoft.Dynamics.CRM.account", "name": "x" }""";
        foreach (var (path, body, status, number) in new[]
        {
            ("accounts", $$"""{ "name": "x", "description": "{{new string('x', 10 * 1024 * 1024)}}" }""", HttpStatusCode.RequestEntityTooLarge, "10485760"),
            ("accounts", $$"""{ "name": "x", "@odata.context": {{new string('[', 40)}}{{new string(']', 40)}} }""", HttpStatusCode.BadRequest, "32"),
            ("accounts", $"{Repeat("{ \"name\": \"x\", \"account_parent_account\": [", "", 9)}{{ \"name\": \"x\" }}{Repeat("] }", "", 9)}", HttpStatusCode.BadRequest, "8"),
            ("accounts", $$"""{ "name": "x", "contact_customer_accounts": [{{Repeat("""{ "lastname": "x" }""", ",", 1001)}}] }""", HttpStatusCode.BadRequest, "1000"),
            ($"accounts/{Crm}CreateMultiple", $$"""{ "Targets": [{{Repeat(row, ",", 1001)}}] }""", HttpStatusCode.BadRequest, "1000"),
            ("$batch", $$"""{ "requests": [{{Repeat("""{ "method": "POST", "url": "accounts", "body": { "name": "x" }, "id": """, ",", 1001, number => $"\"{number}\" }}")}}] }""", HttpStatusCode.BadRequest, "1000"),
            ("$batch", $$"""{ "requests": [ { "id": "1", "method": "POST", "url": "$batch", "body": { "requests": [] } } ] }""", HttpStatusCode.BadRequest, "batch"),
        })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            var refused = await Http.AskAsync(HttpMethod.Post, path, content);
            Assert.True(refused.Status == status && refused.Text.Replace(",", "", StringComparison.Ordinal).Contains(number, StringComparison.Ordinal), $"{path}, {number}: {(int)refused.Status} {refused.Text[..Math.Min(600, refused.Text.Length)]}");
        }
        Assert.Equal("0", (await Http.ReadAsync("accounts/$count")).Text);
    }

    private static string Repeat(string text, string between, int many, Func<int, string>? numbered = null) =>
        string.Join(between, Enumerable.Range(0, many).Select(number => text + numbered?.Invoke(number)));

    private static string Escape(string query)
    {
        var equals = query.IndexOf('=', StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"{query[..(equals + 1)]}{query[(equals + 1)..].Replace("%", "%25", StringComparison.Ordinal).Replace(" ", "+", StringComparison.Ordinal).Replace("&", "%26", StringComparison.Ordinal)}");
    }
}
