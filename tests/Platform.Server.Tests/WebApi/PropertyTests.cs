using System.Net;
using System.Text;
using Platform.Engine.Tests;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>Single columns of a row, over HTTP and on both databases.</summary>
public abstract class PropertyTests(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: new ProjectPack().WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Columns_of_every_sort_are_read_alone_as_json_and_as_text()
    {
        var account = (await Http.CreateAsync("accounts", new { name = "A" })).Demand(HttpStatusCode.NoContent).EntityId;
        var id = (await Http.CreateAsync("tst_projects", new Dictionary<string, object>
        {
            ["tst_name"] = "김 \"P\"", ["tst_no"] = 7, ["tst_rate"] = 12.5, ["tst_due"] = "2026-02-28", ["tst_kind"] = 2, ["tst_code"] = "K", ["tst_accountid@odata.bind"] = $"accounts({account})",
        })).Demand(HttpStatusCode.NoContent).EntityId;

        var name = (await Http.ReadAsync($"tst_projects({id})/tst_name")).Demand(HttpStatusCode.OK);
        Assert.Equal("김 \"P\"", name.Body.GetProperty("value").GetString());
        Assert.Equal($"{Http.BaseAddress}$metadata#tst_projects({id})/tst_name", name.Body.GetProperty("@odata.context").GetString());
        Assert.StartsWith("W/\"", name.Response.Headers.ETag!.ToString(), StringComparison.Ordinal);
        var text = (await Http.ReadAsync("tst_projects(tst_code='K')/tst_name/$value")).Demand(HttpStatusCode.OK);
        Assert.Equal(("text/plain", "김 \"P\""), (text.Response.Content.Headers.ContentType!.MediaType, text.Text));
        foreach (var (column, value) in ((string, string)[])[("tst_no", "7"), ("tst_rate", "12.50"), ("tst_due", "2026-02-28"), ("tst_kind", "2"), ("_tst_accountid_value", account.ToString()), ("tst_projectid", id.ToString())])
            Assert.Equal(value, (await Http.ReadAsync($"tst_projects({id})/{column}/$value")).Demand(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task A_column_is_written_and_emptied_alone_and_what_is_empty_has_no_content()
    {
        var id = (await Http.CreateAsync("tst_projects", new { tst_name = "Before", tst_no = 7, tst_code = "K" })).Demand(HttpStatusCode.NoContent).EntityId;

        (await PutAsync($"tst_projects({id})/tst_name", """{ "value": "After" }""")).Demand(HttpStatusCode.NoContent);
        (await PutAsync("tst_projects(tst_code='K')/tst_no", """{ "@odata.context": "x", "value": 8 }""")).Demand(HttpStatusCode.NoContent);
        Assert.Equal(("After", 8), (await RowAsync(id)) is var row ? (row.GetProperty("tst_name").GetString(), row.GetProperty("tst_no").GetInt32()) : default);

        var shown = (await PutAsync($"tst_projects({id})/tst_no", """{ "value": 9 }""", ("Prefer", "return=representation"))).Demand(HttpStatusCode.OK);
        Assert.Equal((9, "return=representation"), (shown.Body.GetProperty("value").GetInt32(), shown.Response.Headers.GetValues("Preference-Applied").Single()));

        (await Http.RemoveAsync($"tst_projects({id})/tst_no")).Demand(HttpStatusCode.NoContent);
        (await PutAsync($"tst_projects({id})/tst_code", """{ "value": null }""")).Demand(HttpStatusCode.NoContent);
        foreach (var path in (string[])["tst_no", "tst_no/$value", "tst_code"]) (await Http.ReadAsync($"tst_projects({id})/{path}")).Demand(HttpStatusCode.NoContent);
        Assert.Equal("After", (await RowAsync(id)).GetProperty("tst_name").GetString());
    }

    [Fact]
    public async Task What_no_client_may_write_or_does_not_fit_is_refused()
    {
        var id = (await Http.CreateAsync("tst_projects", new { tst_name = "P", tst_no = 7 })).Demand(HttpStatusCode.NoContent).EntityId;
        var path = $"tst_projects({id})";

        (await PutAsync($"{path}/tst_no", """{ "value": "seven" }""")).Demand(HttpStatusCode.BadRequest);
        (await PutAsync($"{path}/tst_no", """{ "tst_no": 8 }""")).Demand(HttpStatusCode.BadRequest);
        (await PutAsync($"{path}/tst_no", "{}")).Demand(HttpStatusCode.BadRequest);
        (await PutAsync($"{path}/tst_no", """{ "value": 8, "value": 9 }""")).Demand(HttpStatusCode.BadRequest);
        (await PutAsync($"{path}/tst_no", "8")).Demand(HttpStatusCode.BadRequest);
        (await PutAsync($"{path}/createdon", """{ "value": "2026-01-01T00:00:00Z" }""")).Demand(HttpStatusCode.BadRequest);
        (await PutAsync($"{path}/tst_projectid", $$"""{ "value": "{{Guid.CreateVersion7()}}" }""")).Demand(HttpStatusCode.BadRequest);
        (await PutAsync($"{path}/_tst_accountid_value", $$"""{ "value": "{{id}}" }""")).Demand(HttpStatusCode.BadRequest);
        (await PutAsync($"{path}/tst_no", """{ "value": 8 }""", ("If-Match", "W/\"1\""))).Demand(HttpStatusCode.PreconditionFailed);
        (await PutAsync($"tst_projects({Guid.CreateVersion7()})/tst_no", """{ "value": 8 }""")).Demand(HttpStatusCode.NotFound);
        (await Http.UpdateAsync($"{path}/tst_no", new { value = 8 })).Demand(HttpStatusCode.MethodNotAllowed);
        (await Http.RemoveAsync($"{path}/tst_no/$value")).Demand(HttpStatusCode.MethodNotAllowed);
        (await Http.ReadAsync($"{path}/tst_nothing")).Demand(HttpStatusCode.NotFound);
        (await Http.ReadAsync($"tst_projects({Guid.CreateVersion7()})/tst_no")).Demand(HttpStatusCode.NotFound);

        Assert.Equal(7, (await RowAsync(id)).GetProperty("tst_no").GetInt32());
    }

    private async Task<System.Text.Json.JsonElement> RowAsync(Guid id) => (await Http.ReadAsync($"tst_projects({id})?$select=tst_name,tst_no")).Demand(HttpStatusCode.OK).Body;

    private Task<Answer> PutAsync(string path, string json, params (string Name, string Value)[] headers) =>
        Http.AskAsync(HttpMethod.Put, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);
}

public sealed class SqliteProperty() : PropertyTests(TestDatabase.Sqlite);

public sealed class PostgreSqlProperty() : PropertyTests(TestDatabase.PostgreSql);
