using System.Net;
using System.Text;
using Platform.Engine.Tests;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>Actions about many rows, over HTTP and on both databases.</summary>
public abstract class BulkTests(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: new ProjectPack().WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Rows_are_made_changed_upserted_and_deleted_in_one_request_each()
    {
        var made = (await SendAsync("CreateMultiple", Row(""" "tst_name": "a", "tst_code": "A" """), Row(""" "tst_name": "b", "tst_project_tasks": [ { "tst_name": "T" } ] """))).Demand(HttpStatusCode.OK).Body;
        Assert.Equal($"{Http.BaseAddress}$metadata#Microsoft.Dynamics.CRM.CreateMultipleResponse", made.GetProperty("@odata.context").GetString());
        var ids = made.GetProperty("Ids").EnumerateArray().Select(id => id.GetGuid()).ToList();
        Assert.Equal("1", (await Http.ReadAsync($"tst_projects({ids[1]})/tst_project_tasks/$count")).Text);

        (await SendAsync("UpdateMultiple", Row($""" "tst_projectid": "{ids[1]}", "tst_name": "b2" """), Row(""" "@odata.id": "tst_projects(tst_code='A')", "tst_name": "a2", "tst_code": "X" """))).Demand(HttpStatusCode.NoContent);
        Assert.Equal(["a2", "b2"], await NamesAsync());
        (await Http.ReadAsync("tst_projects(tst_code='A')")).Demand(HttpStatusCode.OK);

        var upserts = (string[])[Row(""" "@odata.id": "tst_projects(tst_code='A')", "tst_name": "a3" """), Row(""" "@odata.id": "tst_projects(tst_code='N')", "tst_name": "n" """), Row($""" "tst_projectid": "{Guid.CreateVersion7()}", "tst_name": "z" """)];
        var results = (await SendAsync("UpsertMultiple", upserts, ("Prefer", "return=representation"))).Demand(HttpStatusCode.OK).Body.GetProperty("Results").EnumerateArray().ToList();
        Assert.Equal([false, true, true], results.Select(result => result.GetProperty("RecordCreated").GetBoolean()));
        Assert.Equal(ids[0], results[0].GetProperty("Target").GetProperty("tst_projectid").GetGuid());
        (await SendAsync("UpsertMultiple", upserts)).Demand(HttpStatusCode.NoContent);
        Assert.Equal(["a3", "b2", "n", "z"], await NamesAsync());

        (await SendAsync("DeleteMultiple", Row($""" "tst_projectid": "{ids[1]}" """), Row(""" "@odata.id": "tst_projects(tst_code='N')" """))).Demand(HttpStatusCode.NoContent);
        Assert.Equal(["a3", "z"], await NamesAsync());
    }

    [Fact]
    public async Task A_row_that_is_wrong_is_named_by_its_place_and_none_is_written()
    {
        var fits = Row(""" "tst_name": "fits" """);
        await RefusedAsync("CreateMultiple", "Targets[1]: ", fits, Row(""" "tst_nam": "x" """));
        await RefusedAsync("CreateMultiple", "Targets[1]: ", fits, Row($""" "tst_name": "{new string('x', 5000)}" """));
        await RefusedAsync("CreateMultiple", "Targets[1]/tst_project_tasks[0]: ", fits, Row(""" "tst_name": "x", "tst_project_tasks": [ { "tst_name": 5 } ] """));
        await RefusedAsync("CreateMultiple", "Targets[1]: ", fits, """{ "tst_name": "no type" }""");
        await RefusedAsync("CreateMultiple", "Targets[1]: ", fits, """{ "@odata.type": "Microsoft.Dynamics.CRM.tst_tag", "tst_name": "other type" }""");
        await RefusedAsync("CreateMultiple", "Targets[1]: ", fits, "5");
        await RefusedAsync("UpdateMultiple", "Targets[0]: ", fits);
        await RefusedAsync("UpsertMultiple", "Targets[0]: ", fits);
        await RefusedAsync("DeleteMultiple", "Targets[0]: ", fits);
        await RefusedAsync("CreateMultiple", "1 to 1000");
        await RefusedAsync("CreateMultiple", "1 to 1000", [.. Enumerable.Repeat(fits, 1001)]);
        (await PostAsync("tst_projects/Microsoft.Dynamics.CRM.CreateMultiple", """{ "Target": [] }""")).Demand(HttpStatusCode.BadRequest);
        (await PostAsync("tst_projects/Microsoft.Dynamics.CRM.CreateMultiple", "{}")).Demand(HttpStatusCode.BadRequest);
        (await PostAsync("tst_projects/Microsoft.Dynamics.CRM.CreateMultiple", "[]")).Demand(HttpStatusCode.BadRequest);
        (await PostAsync("audits/Microsoft.Dynamics.CRM.CreateMultiple", """{ "Targets": [ { "@odata.type": "Microsoft.Dynamics.CRM.audit" } ] }""")).Demand(HttpStatusCode.MethodNotAllowed);
        (await Http.ReadAsync("tst_projects/Microsoft.Dynamics.CRM.CreateMultiple")).Demand(HttpStatusCode.MethodNotAllowed);
        (await SendAsync("DeleteMultiple", Row($""" "tst_projectid": "{Guid.CreateVersion7()}" """))).Demand(HttpStatusCode.NotFound);

        Assert.Empty(await NamesAsync());

        async Task RefusedAsync(string action, string words, params string[] rows) =>
            Assert.Contains(words, (await SendAsync(action, rows)).Demand(HttpStatusCode.BadRequest).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_thousand_rows_go_in_one_request()
    {
        var made = (await SendAsync("CreateMultiple", [.. Enumerable.Range(0, 1000).Select(at => Row($""" "tst_name": "P{at}" """))])).Demand(HttpStatusCode.OK).Body;

        Assert.Equal(1000, made.GetProperty("Ids").GetArrayLength());
        Assert.Equal("1000", (await Http.ReadAsync("tst_projects/$count")).Text);
    }

    private static string Row(string members) => $$"""{ "@odata.type": "Microsoft.Dynamics.CRM.tst_project", {{members}} }""";

    private Task<Answer> SendAsync(string action, params string[] rows) => SendAsync(action, rows, []);

    private Task<Answer> SendAsync(string action, string[] rows, params (string Name, string Value)[] headers) =>
        PostAsync($"tst_projects/Microsoft.Dynamics.CRM.{action}", $$"""{ "Targets": [ {{string.Join(", ", rows)}} ] }""", headers);

    private Task<Answer> PostAsync(string path, string json, params (string Name, string Value)[] headers) =>
        Http.AskAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    private async Task<IEnumerable<string>> NamesAsync() =>
        (await Http.ReadAsync("tst_projects?$select=tst_name&$orderby=tst_name")).Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("tst_name").GetString()!).ToArray();
}

public sealed class SqliteBulk() : BulkTests(TestDatabase.Sqlite);

public sealed class PostgreSqlBulk() : BulkTests(TestDatabase.PostgreSql);
