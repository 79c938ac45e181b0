using System.Net;
using Platform.Engine.Tests;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>PATCH on rows that may not be there, over HTTP and on both databases.</summary>
public abstract class UpsertTests(TestDatabase database) : IAsyncLifetime
{
    private const string Keyed = "tst_projects(tst_code='C-1')";

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: new ProjectPack().WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_row_is_made_and_changed_with_the_same_answer_unless_the_row_is_asked_for()
    {
        var made = (await Http.UpdateAsync(Keyed, new { tst_name = "First" })).Demand(HttpStatusCode.NoContent);
        var changed = (await Http.UpdateAsync(Keyed, new { tst_name = "Second" })).Demand(HttpStatusCode.NoContent);
        Assert.Equal(made.EntityId, changed.EntityId);

        var seen = (await Http.UpdateAsync($"{Keyed}?$select=tst_name,tst_code", new { tst_name = "Third" }, Representation)).Demand(HttpStatusCode.OK);
        Assert.Equal("C-1", seen.Body.GetProperty("tst_code").GetString());
        Assert.False(seen.Response.Headers.Contains("OData-EntityId"));

        var id = Guid.CreateVersion7();
        var born = (await Http.UpdateAsync($"tst_projects({id})?$select=tst_name", new { tst_name = "Born" }, Representation)).Demand(HttpStatusCode.Created);
        Assert.Equal(id, born.Body.GetProperty("tst_projectid").GetGuid());
        Assert.Equal("return=representation", born.Response.Headers.GetValues("Preference-Applied").Single());
    }

    [Fact]
    public async Task A_new_row_takes_the_keys_values_from_the_url_unless_the_body_has_its_own()
    {
        var account = (await Http.CreateAsync("accounts", new { name = "A" })).Demand(HttpStatusCode.NoContent).EntityId;
        var row = (await Http.UpdateAsync($"tst_projects(_tst_accountid_value={account},tst_no=7)", new { tst_name = "By lookup" }, Representation)).Demand(HttpStatusCode.Created).Body;
        Assert.Equal((account, 7), (row.GetProperty("_tst_accountid_value").GetGuid(), row.GetProperty("tst_no").GetInt32()));

        var won = (await Http.UpdateAsync(Keyed, new { tst_name = "x", tst_code = "C-2" }, Representation)).Demand(HttpStatusCode.Created).Body;
        Assert.Equal("C-2", won.GetProperty("tst_code").GetString());
        (await Http.ReadAsync(Keyed)).Demand(HttpStatusCode.NotFound);
        var kept = (await Http.UpdateAsync("tst_projects(tst_code='C-2')", new { tst_code = "C-3" }, Representation)).Demand(HttpStatusCode.OK).Body;
        Assert.Equal("C-2", kept.GetProperty("tst_code").GetString());
    }

    [Fact]
    public async Task If_match_only_changes_and_if_none_match_only_makes()
    {
        (await Http.UpdateAsync(Keyed, new { tst_name = "x" }, ("If-Match", "*"))).Demand(HttpStatusCode.NotFound);
        (await Http.UpdateAsync($"tst_projects({Guid.CreateVersion7()})", new { tst_name = "x" }, ("If-Match", "*"))).Demand(HttpStatusCode.NotFound);
        (await Http.UpdateAsync($"tst_projects({Guid.CreateVersion7()})", new { tst_name = "x" }, ("If-Match", "W/\"1\""))).Demand(HttpStatusCode.NotFound);
        Assert.Equal("0", (await Http.ReadAsync("tst_projects/$count")).Text);

        var id = (await Http.UpdateAsync(Keyed, new { tst_name = "Made" }, ("If-None-Match", "*"))).Demand(HttpStatusCode.NoContent).EntityId;
        foreach (var path in (string[])[Keyed, $"tst_projects({id})"])
        {
            var refused = (await Http.UpdateAsync(path, new { tst_name = "x" }, ("If-None-Match", "*"))).Demand(HttpStatusCode.PreconditionFailed);
            Assert.Contains("matching key values", refused.ErrorMessage, StringComparison.Ordinal);
        }
        (await Http.UpdateAsync(Keyed, new { tst_name = "x" }, ("If-None-Match", "*"), ("If-Match", "*"))).Demand(HttpStatusCode.BadRequest);
        (await Http.UpdateAsync(Keyed, new { tst_name = "Changed" }, ("If-Match", "*"), ("If-None-Match", "null"))).Demand(HttpStatusCode.NoContent);

        Assert.Equal("Changed", (await Http.ReadAsync($"tst_projects({id})?$select=tst_name")).Body.GetProperty("tst_name").GetString());
    }

    [Fact]
    public async Task Clients_that_write_the_same_new_key_at_once_make_one_row()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(at => Http.UpdateAsync(Keyed, new { tst_name = $"P{at}" }, Representation)));

        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Created);
        Assert.Equal(15, answers.Count(answer => answer.Status == HttpStatusCode.OK));
        Assert.Equal("1", (await Http.ReadAsync("tst_projects/$count")).Text);
    }

    [Fact]
    public async Task An_image_comes_along_with_a_row_that_is_yet_to_be_made()
    {
        var id = Guid.CreateVersion7();
        const string dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

        (await Http.UpdateAsync($"contacts({id})", new { lastname = "Kim", entityimage = dot })).Demand(HttpStatusCode.NoContent);

        (await Http.ReadAsync($"contacts({id})/entityimage/$value?size=full")).Demand(HttpStatusCode.OK);
    }

    private static (string Name, string Value) Representation => ("Prefer", "return=representation");
}

public sealed class SqliteUpsert() : UpsertTests(TestDatabase.Sqlite);

public sealed class PostgreSqlUpsert() : UpsertTests(TestDatabase.PostgreSql);
