using System.Net;
using System.Text.Json;
using Platform.Engine.Tests;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>How a query would be answered, told over HTTP and on both databases.</summary>
public abstract class ExplainTests(TestDatabase database) : IAsyncLifetime
{
    private const string Explain = "platform.explain";

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: new ProjectPack()
        .Write("entities/tst_plain/entity.json", Table("tst_plain", ""))
        .Write("entities/tst_indexed/entity.json", Table("tst_indexed", """, "x-indexes": [ { "name": "tst_indexed_tst_kind_tst_at", "attributes": ["tst_kind", "tst_at"] } ]"""))
        .Write("entities/tst_plain/steps.json", """{ "steps": [ { "name": "watch", "script": "watch.js", "message": "RetrieveMultiple", "stage": "PreValidation", "rank": 7 } ] }""")
        .Write("entities/tst_plain/watch.js", "context.trace('read');").WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_list_tells_its_statement_plan_rights_steps_and_cost_instead_of_its_rows()
    {
        var answer = (await Http.ReadAsync("tst_plains?$select=tst_name&$filter=tst_kind eq 3&$orderby=tst_at&$count=true", ("Prefer", Explain))).Demand(HttpStatusCode.OK);
        Assert.Equal(Explain, answer.Response.Headers.GetValues("Preference-Applied").Single());
        var told = answer.Body;
        Assert.Equal("tst_plain", told.GetProperty("entity").GetString());
        Assert.StartsWith("SELECT ", told.GetProperty("sql").GetString(), StringComparison.Ordinal);
        Assert.Contains("3", told.GetProperty("sqlParameters").EnumerateArray().Select(value => value.GetString()));
        Assert.Contains("count(*)", told.GetProperty("countSql").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(told.GetProperty("plan").EnumerateArray());
        Assert.True(told.GetProperty("estimatedCost").GetDouble() > 0 && told.GetProperty("costBudget").GetDouble() > 1_000_000);
        Assert.Equal("tst_plain Organization all", Rights(told));
        var step = told.GetProperty("steps")[0];
        Assert.Equal(("watch", "PreValidation", 7), (step.GetProperty("name").GetString(), step.GetProperty("stage").GetString(), step.GetProperty("rank").GetInt32()));
        Assert.False(told.TryGetProperty("value", out _));

        // The same by its address, for numbers, FetchXML, groups and rows behind a row.
        Assert.Equal(told.GetProperty("sql").GetString(), (await Http.ReadAsync("tst_plains/$explain?$select=tst_name&$filter=tst_kind eq 3&$orderby=tst_at&$count=true")).Demand(HttpStatusCode.OK).Body.GetProperty("sql").GetString());
        foreach (var path in new[] { "tst_plains/$count", "tst_plains?$apply=groupby((tst_kind),aggregate($count as n))", "tst_plains?fetchXml=<fetch><entity name='tst_plain'/></fetch>", $"accounts({Guid.CreateVersion7()})/contact_customer_accounts" })
            Assert.True((await Http.ReadAsync(path, ("Prefer", Explain))).Status is HttpStatusCode.OK or HttpStatusCode.NotFound, path);
        (await Http.AskAsync(HttpMethod.Post, "tst_plains/$explain", null)).Demand(HttpStatusCode.MethodNotAllowed);
        (await Http.ReadAsync("tst_plains/$explain?$filter=nothing eq 1")).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_index_that_it_proposes_takes_scan_and_sort_away()
    {
        await FillAsync("tst_plains");
        await FillAsync("tst_indexeds");
        const string Query = "?$select=tst_name&$filter=tst_kind eq 3&$orderby=tst_at desc&$top=10";

        var told = (await Http.ReadAsync($"tst_plains/$explain{Query}")).Demand(HttpStatusCode.OK).Body;
        var index = told.GetProperty("suggestedIndexes")[0];
        Assert.Equal(("tst_plain", "tst_plain_tst_kind_tst_at", "tst_kind, tst_at"), (index.GetProperty("entity").GetString(), index.GetProperty("name").GetString(), string.Join(", ", index.GetProperty("attributes").EnumerateArray())));
        Assert.Contains("'tst_kind'", index.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.True(told.GetProperty("sorts").GetBoolean());

        var better = (await Http.ReadAsync($"tst_indexeds/$explain{Query}")).Demand(HttpStatusCode.OK).Body;
        Assert.Empty(better.GetProperty("suggestedIndexes").EnumerateArray());
        if (database == TestDatabase.Sqlite) Assert.False(better.GetProperty("sorts").GetBoolean());
        Assert.True(better.GetProperty("estimatedCost").GetDouble() < told.GetProperty("estimatedCost").GetDouble());

        // A table that is joined by a column without an index.
        var joined = (await Http.ReadAsync($"tst_plains/$explain?fetchXml={Uri.EscapeDataString("<fetch><entity name='tst_plain'><link-entity name='tst_indexed' from='tst_no' to='tst_no' link-type='any'/></entity></fetch>")}")).Demand(HttpStatusCode.OK).Body;
        Assert.True(joined.GetProperty("estimatedCost").GetDouble() > 0);
    }

    [Fact]
    public async Task What_a_user_may_read_is_told_as_it_is_asked()
    {
        await server.AddUserAsync("anna", "Basic User");
        using var anna = await server.ClientAsync("anna");
        var told = (await anna.ReadAsync("accounts/$explain?$filter=primarycontactid/fullname eq 'Kim'&$expand=contact_customer_accounts")).Demand(HttpStatusCode.OK).Body;

        Assert.Equal("account User of the caller and the caller's teams, and shared ones; contact User of the caller and the caller's teams, and shared ones", Rights(told));
        Assert.Contains("ownerid", told.GetProperty("sql").GetString(), StringComparison.Ordinal);
        Assert.Equal("contact", told.GetProperty("expanded")[0].GetString());
        (await anna.ReadAsync("tst_plains/$explain")).Demand(HttpStatusCode.Forbidden);
    }

    private async Task FillAsync(string set)
    {
        var type = $"Microsoft.Dynamics.CRM.{set[..^1]}";
        var rows = Enumerable.Range(0, 1000).Select(number => new Dictionary<string, object> { ["@odata.type"] = type, ["tst_name"] = $"Row {number}", ["tst_kind"] = number % 50, ["tst_no"] = number, ["tst_at"] = "2026-01-31T09:30:00Z" });
        (await Http.CreateAsync($"{set}/Microsoft.Dynamics.CRM.CreateMultiple", new Dictionary<string, object> { ["Targets"] = rows })).Demand(HttpStatusCode.OK);
    }

    private static string Rights(JsonElement told) =>
        string.Join("; ", told.GetProperty("rowFilters").EnumerateArray().Select(filter => $"{filter.GetProperty("entity")} {filter.GetProperty("depth")} {filter.GetProperty("rows")}").Order());

    private static string Table(string name, string more) => $$"""
        { "title": "Log", "type": "object", "x-entity": { "logicalName": "{{name}}", "entitySetName": "{{name}}s", "ownership": "organization", "primaryNameAttribute": "tst_name" },
          "properties": { "tst_name": { "type": "string", "title": "Name" }, "tst_kind": { "type": "integer", "title": "Kind" }, "tst_no": { "type": "integer", "title": "Number" }, "tst_at": { "type": "string", "format": "date-time", "title": "At" } }{{more}} }
        """;
}

public sealed class SqliteExplainTests() : ExplainTests(TestDatabase.Sqlite);

public sealed class PostgreSqlExplainTests() : ExplainTests(TestDatabase.PostgreSql);
