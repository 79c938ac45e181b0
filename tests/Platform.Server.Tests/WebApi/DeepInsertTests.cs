using System.Net;
using System.Text;
using Platform.Engine.Tests;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>POST of a row with others inside, over HTTP and on both databases.</summary>
public abstract class DeepInsertTests(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: new ProjectPack().WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Objects_and_lists_in_navigation_properties_become_rows_and_the_root_is_answered()
    {
        var red = (await Http.CreateAsync("tst_tags", new { tst_name = "red" })).Demand(HttpStatusCode.NoContent).EntityId;
        (await Http.CreateAsync("tst_projects", new { tst_name = "Keyed", tst_code = "K" })).Demand(HttpStatusCode.NoContent);
        var loose = (await Http.CreateAsync("tst_tasks", new { tst_name = "Loose" })).Demand(HttpStatusCode.NoContent).EntityId;

        var id = (await PostAsync("tst_projects", $$"""
            { "tst_name": "P",
              "tst_accountid": { "name": "A", "primarycontactid": { "lastname": "Kim", "entityimage": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==" },
                                 "contact_customer_accounts": [ { "lastname": "Lee", "@odata.type": "#Microsoft.Dynamics.CRM.contact" } ] },
              "tst_project_tasks": [ { "tst_name": "T0" }, { "tst_name": "T1" } ],
              "tst_project_tasks@odata.bind": [ "/tst_tasks({{loose}})" ],
              "tst_project_tags": [ { "tst_name": "new" } ],
              "tst_project_tags@odata.bind": [ "tst_tags({{red}})" ],
              "tst_predecessors@odata.bind": [ "/tst_projects(tst_code='K')" ] }
            """)).Demand(HttpStatusCode.NoContent).EntityId;

        Assert.Equal(["Loose", "T0", "T1"], await NamesAsync($"tst_projects({id})/tst_project_tasks?$orderby=tst_name"));
        Assert.Equal(["new", "red"], await NamesAsync($"tst_projects({id})/tst_project_tags?$orderby=tst_name"));
        Assert.Equal(["Keyed"], await NamesAsync($"tst_projects({id})/tst_predecessors"));
        var account = (await Http.ReadAsync($"tst_projects({id})/tst_accountid?$select=name,_primarycontactid_value")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal("A", account.GetProperty("name").GetString());
        (await Http.ReadAsync($"contacts({account.GetProperty("_primarycontactid_value").GetGuid()})/entityimage/$value?size=full")).Demand(HttpStatusCode.OK);
        Assert.Equal("1", (await Http.ReadAsync($"accounts({account.GetProperty("accountid").GetGuid()})/contact_customer_accounts/$count")).Text);
    }

    [Fact]
    public async Task A_member_that_is_wrong_is_named_with_its_way_and_nothing_is_written()
    {
        await RefusedAsync("""{ "tst_name": "P", "tst_project_tasks": [ { "tst_name": "T" }, { "tst_nam": "x" } ] }""", "tst_project_tasks[1]: ", "tst_nam");
        await RefusedAsync("""{ "tst_name": "P", "tst_accountid": { "name": "A", "contact_customer_accounts": [ { "lastname": 5 } ] } }""", "tst_accountid/contact_customer_accounts[0]: ", "lastname");
        await RefusedAsync("""{ "tst_name": "P", "tst_project_tasks": [ "T" ] }""", "tst_project_tasks[0]: ", "a text");
        await RefusedAsync("""{ "tst_name": "P", "tst_project_tasks": { "tst_name": "T" } }""", "tst_project_tasks", "a list of rows");
        await RefusedAsync("""{ "tst_name": "P", "tst_project_tasks@odata.bind": "/tst_tasks(0197a000-0000-7000-8000-000000000001)" }""", "tst_project_tasks", "a list of links");
        await RefusedAsync("""{ "tst_name": "P", "tst_project_tasks@odata.bind": [ "/tst_tags(0197a000-0000-7000-8000-000000000001)" ] }""", "tst_project_tasks", "tst_tag");
        await RefusedAsync("""{ "tst_name": "P", "tst_project_tasks": [ { "tst_name": "T", "tst_projectid@odata.bind": "/tst_projects(tst_code='K')" } ] }""", "tst_project_tasks[0]: ", "Leave");
        await RefusedAsync("""{ "tst_name": "P", "tst_project_tasks": [ { "tst_name": "" } ], "tst_project_tasks": [ { "tst_name": "T" } ] }""", "a second time", "tst_project_tasks");
        await RefusedAsync("""{ "tst_name": "P", "tst_project_tags": [ { "tst_name": "ok" }, { "tst_name": "%" } ] }""".Replace("%", new string('x', 5000), StringComparison.Ordinal), "tst_project_tags[1]: ", "length");
        await RefusedAsync($$"""{ "tst_name": "P", "tst_project_tasks": [ {{string.Join(',', Enumerable.Repeat("""{ "tst_name": "T" }""", 1001))}} ] }""", "tst_project_tasks[1000]: ", "1000");
        await RefusedAsync(Nested(9), "levels deep", "tst_successors[0]/");

        foreach (var set in (string[])["tst_projects", "tst_tasks", "tst_tags", "accounts", "contacts"]) Assert.Equal("0", (await Http.ReadAsync($"{set}/$count")).Text);

        async Task RefusedAsync(string body, params string[] words)
        {
            var refused = (await PostAsync("tst_projects", body)).Demand(HttpStatusCode.BadRequest);
            Assert.All(words, word => Assert.Contains(word, refused.ErrorMessage + refused.Text, StringComparison.Ordinal));
        }

        static string Nested(int levels) => levels == 0
            ? """{ "tst_name": "P" }"""
            : $$"""{ "tst_name": "P", "tst_successors": [ {{Nested(levels - 1)}} ] }""";
    }

    [Fact]
    public async Task A_row_that_is_there_takes_no_rows_along()
    {
        var id = (await Http.CreateAsync("tst_projects", new { tst_name = "P" })).Demand(HttpStatusCode.NoContent).EntityId;

        (await Http.UpdateAsync($"tst_projects({id})", new { tst_project_tasks = new[] { new { tst_name = "T" } } })).Demand(HttpStatusCode.NotImplemented);

        Assert.Equal("0", (await Http.ReadAsync("tst_tasks/$count")).Text);
    }

    private Task<Answer> PostAsync(string set, string json) => Http.AskAsync(HttpMethod.Post, set, new StringContent(json, Encoding.UTF8, "application/json"));

    private async Task<IEnumerable<string>> NamesAsync(string path) =>
        (await Http.ReadAsync(path)).Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("tst_name").GetString()!).ToArray();
}

public sealed class SqliteDeepInsert() : DeepInsertTests(TestDatabase.Sqlite);

public sealed class PostgreSqlDeepInsert() : DeepInsertTests(TestDatabase.PostgreSql);
