using System.Net;
using Platform.Engine.Tests;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Records;

/// <summary>Rows named by the values of a key instead of their id, over HTTP and on both databases.</summary>
public abstract class AlternateKeyTests(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: new ProjectPack().WriteTo);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Theory]
    [InlineData("GOLD", "'GOLD'")]
    [InlineData("GOLD", "'gold'")]
    [InlineData("O'Neil, Bo (x=1)", "'O''Neil, Bo (x=1)'")]
    [InlineData("a/b", "'a%2Fb'")]
    [InlineData("a%2Fb", "'a%252Fb'")]
    [InlineData("100% & 김?+#", "'100%25%20%26%20%EA%B9%80%3F%2B%23'")]
    public async Task A_text_key_finds_its_row_whatever_stands_in_it(string code, string literal)
    {
        var id = await CreateAsync(new { tst_name = "Keyed", tst_code = code });
        await CreateAsync(new { tst_name = "Other", tst_code = "other" });

        var row = (await Http.ReadAsync($"tst_projects(tst_code={literal})?$select=tst_name")).Demand(HttpStatusCode.OK).Body;

        Assert.Equal(id, row.GetProperty("tst_projectid").GetGuid());
        Assert.Equal("Keyed", row.GetProperty("tst_name").GetString());
    }

    [Fact]
    public async Task A_key_of_a_lookup_and_a_number_finds_its_row_in_either_order()
    {
        var account = (await Http.CreateAsync("accounts", new { name = "A" })).Demand(HttpStatusCode.NoContent).EntityId;
        var id = await CreateAsync(new Dictionary<string, object> { ["tst_no"] = 7, ["tst_accountid@odata.bind"] = $"/accounts({account})" });

        foreach (var key in (string[])[$"_tst_accountid_value={account},tst_no=7", $"tst_no=7,_tst_accountid_value={account}"])
            Assert.Equal(id, (await Http.ReadAsync($"tst_projects({key})?$select=tst_no")).Demand(HttpStatusCode.OK).Body.GetProperty("tst_projectid").GetGuid());
        (await Http.ReadAsync($"tst_projects(tst_no=8,_tst_accountid_value={account})")).Demand(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_key_of_a_date_a_choice_and_a_decimal_finds_its_row()
    {
        var id = await CreateAsync(new { tst_due = "2026-02-28", tst_kind = 2, tst_rate = 12.5 });

        var row = (await Http.ReadAsync("tst_projects(tst_due=2026-02-28,tst_kind=2,tst_rate=12.50)?$select=tst_kind")).Demand(HttpStatusCode.OK).Body;

        Assert.Equal(id, row.GetProperty("tst_projectid").GetGuid());
        // With more digits than the column has, too: the second request changes the row that the first one makes.
        var made = (await Http.UpdateAsync("tst_projects(tst_due=2026-02-28,tst_kind=2,tst_rate=7.125)", new { tst_name = "First" })).Demand(HttpStatusCode.NoContent).EntityId;
        Assert.Equal(made, (await Http.UpdateAsync("tst_projects(tst_due=2026-02-28,tst_kind=2,tst_rate=7.125)", new { tst_name = "Second" })).Demand(HttpStatusCode.NoContent).EntityId);
    }

    [Fact]
    public async Task A_row_is_changed_and_deleted_by_its_key_and_the_key_is_not_changed_through_itself()
    {
        var id = await CreateAsync(new { tst_name = "Before", tst_code = "C-1" });

        var changed = (await Http.UpdateAsync("tst_projects(tst_code='C-1')", new { tst_name = "After", tst_code = "C-2" })).Demand(HttpStatusCode.NoContent);
        Assert.Equal(id, changed.EntityId);
        var row = (await Http.ReadAsync($"tst_projects({id})?$select=tst_name,tst_code")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(("After", "C-1"), (row.GetProperty("tst_name").GetString(), row.GetProperty("tst_code").GetString()));

        (await Http.RemoveAsync("tst_projects(tst_code='C-1')")).Demand(HttpStatusCode.NoContent);
        (await Http.ReadAsync($"tst_projects({id})")).Demand(HttpStatusCode.NotFound);
        var gone = (await Http.UpdateAsync("tst_projects(tst_code='C-1')", new { tst_name = "x" }, ("If-Match", "*"))).Demand(HttpStatusCode.NotFound);
        Assert.Equal("0x80060891", gone.ErrorCode);
    }

    [Fact]
    public async Task A_lookup_is_bound_by_a_key_and_a_key_that_no_row_has_writes_nothing()
    {
        var id = await CreateAsync(new { tst_name = "Parent", tst_code = "it's 50% & more" });

        var task = (await Http.CreateAsync("tst_tasks", new Dictionary<string, object> { ["tst_name"] = "T", ["tst_projectid@odata.bind"] = "/tst_projects(tst_code='it''s%2050%25%20%26 more')" })).Demand(HttpStatusCode.NoContent).EntityId;
        Assert.Equal(id, (await Http.ReadAsync($"tst_tasks({task})?$select=_tst_projectid_value")).Demand(HttpStatusCode.OK).Body.GetProperty("_tst_projectid_value").GetGuid());

        var refused = (await Http.CreateAsync("tst_tasks", new Dictionary<string, object> { ["tst_name"] = "U", ["tst_projectid@odata.bind"] = "/tst_projects(tst_code='nothing')" })).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("tst_code='nothing'", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("1", (await Http.ReadAsync("tst_tasks/$count")).Demand(HttpStatusCode.OK).Text);
    }

    [Theory]
    [InlineData("tst_name='x'")]
    [InlineData("tst_no=1")]
    [InlineData("tst_code='x',tst_no=1")]
    [InlineData("tst_code='x',tst_code='y'")]
    [InlineData("nosuch='x'")]
    public async Task Attributes_that_are_no_key_are_refused_with_the_keys_that_there_are(string key)
    {
        var refused = (await Http.ReadAsync($"tst_projects({key})")).Demand(HttpStatusCode.BadRequest);

        Assert.Equal("0x80060890", refused.ErrorCode);
        Assert.Contains("tst_projects(_tst_accountid_value=…,tst_no=…)", refused.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tst_code=5", "tst_code")]
    [InlineData("tst_code=null", "tst_code")]
    [InlineData("tst_code=", "tst_code")]
    [InlineData("tst_code='", "tst_code")]
    [InlineData("tst_no='x',_tst_accountid_value=0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e", "tst_no")]
    [InlineData("tst_no=1,_tst_accountid_value='x'", "_tst_accountid_value")]
    public async Task A_value_of_the_wrong_type_is_refused_by_its_name(string key, string attribute)
    {
        var refused = (await Http.ReadAsync($"tst_projects({key})")).Demand(HttpStatusCode.BadRequest);

        Assert.Contains(attribute, refused.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_the_caller_may_not_read_has_no_key_for_the_caller()
    {
        await server.AddUserAsync("anna", "Worker");
        await CreateAsync(new { tst_code = "SECRET" });
        using var anna = new HttpClient { BaseAddress = Http.BaseAddress };
        anna.DefaultRequestHeaders.Authorization = new("Bearer", await server.TokenAsync("anna"));

        var hidden = (await anna.ReadAsync("tst_projects(tst_code='SECRET')")).Demand(HttpStatusCode.NotFound);
        var invented = (await anna.ReadAsync("tst_projects(tst_code='NOTHING')")).Demand(HttpStatusCode.NotFound);
        Assert.Equal(invented.ErrorMessage.Replace("NOTHING", "SECRET", StringComparison.Ordinal), hidden.ErrorMessage);
        (await Http.ReadAsync("tst_projects(tst_code='SECRET')")).Demand(HttpStatusCode.OK);
    }

    private async Task<Guid> CreateAsync(object row) => (await Http.CreateAsync("tst_projects", row)).Demand(HttpStatusCode.NoContent).EntityId;
}

public sealed class SqliteAlternateKeys() : AlternateKeyTests(TestDatabase.Sqlite);

public sealed class PostgreSqlAlternateKeys() : AlternateKeyTests(TestDatabase.PostgreSql);
