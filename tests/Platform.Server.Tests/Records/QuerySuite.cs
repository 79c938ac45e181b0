using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Records;

public sealed class QueriesOnSqlite() : QuerySuite(TestDatabase.Sqlite);

public sealed class QueriesOnPostgreSql() : QuerySuite(TestDatabase.PostgreSql);

/// <summary>Conditions and addresses that reach beyond one row.</summary>
public abstract class QuerySuite(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;
    private Guid parent, first, second, red;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync(database: database, packs: ThingPack.WriteTo);
        red = await CreateAsync("tst_tags", new() { ["tst_name"] = "Red" });
        parent = await CreateAsync("tst_things", new() { ["tst_name"] = "Parent", ["tst_code"] = "P", ["tst_whole"] = 5, ["tst_exact"] = 2.125m, ["tst_float"] = 1.5, ["tst_price"] = 7m, ["tst_big"] = 9L, ["tst_flag"] = true, ["tst_day"] = "2024-02-29", ["tst_moment"] = "2024-02-29T12:00:00Z", ["tst_kind"] = 1, ["tst_perks"] = "1,2" });
        first = await CreateAsync("tst_things", new() { ["tst_name"] = "First", ["tst_code"] = "F", ["tst_whole"] = 4, ["tst_parentid@odata.bind"] = $"/tst_things({parent})", ["tst_tagid@odata.bind"] = $"/tst_tags({red})" });
        second = await CreateAsync("tst_things", new() { ["tst_name"] = "Second", ["tst_whole"] = 6, ["tst_parentid@odata.bind"] = $"/tst_things({parent})" });
        (await Http.AskAsync(HttpMethod.Post, $"tst_things({parent})/tst_thing_tags/$ref", JsonBody(new Dictionary<string, object> { ["@odata.id"] = $"tst_tags({red})" }))).Demand(HttpStatusCode.NoContent);
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Conditions_find_rows_by_lists_with_nothing_in_them_and_by_rows_around_them()
    {
        (string Filter, string Names)[] cases =
        [
            ("tst_name in ('First',null)", "First"),
            ("tst_code in ('P',null)", "Parent,Second"),
            ("tst_memo in (null)", "First,Parent,Second"),
            ("tst_whole in (4,null)", "First"),
            ("tst_big in (null,9)", "First,Parent,Second"),
            ("tst_exact in (2.125,null)", "First,Parent,Second"),
            ("tst_float in (2.5,null)", "First,Second"),
            ("tst_price in (null)", "First,Second"),
            ("tst_flag in (true,null)", "First,Parent,Second"),
            ("tst_flag in (false,null)", "First,Second"),
            ("tst_day in (2024-02-29)", "Parent"),
            ("tst_day in (2024-02-28,null)", "First,Second"),
            ("tst_moment in (2024-02-29T12:00:00Z,null)", "First,Parent,Second"),
            ("tst_kind in (2,null)", "First,Second"),
            ("tst_perks in ('1,2')", "Parent"),
            ("Microsoft.Dynamics.CRM.In(PropertyName='tst_code',PropertyValues=['P',null])", "Parent,Second"),
            ("Microsoft.Dynamics.CRM.In(PropertyName='tst_code',PropertyValues=[\"null\"])", ""),
            ("Microsoft.Dynamics.CRM.NotIn(PropertyName='tst_tagid',PropertyValues=[null])", "First"),
            ("Microsoft.Dynamics.CRM.Like(PropertyName='tst_name',PropertyValue='[f-p]%[st]')", "First,Parent"),
            ("tst_thing_things/any(t:Microsoft.Dynamics.CRM.NotLike(PropertyName='t/tst_name',PropertyValue='%[^s]_'))", "Parent"),
            ("tst_perks in ('1',null)", "First,Second"),
            ("_tst_tagid_value in (RED,null)", "First,Parent,Second"),
            ("_tst_parentid_value in (RED,null)", "Parent"),
            ("not (_tst_parentid_value in (null))", "First,Second"),
            ("tst_parentid/tst_thingid in (PARENT,null)", "First,Parent,Second"),
            ("tst_parentid/tst_thingid in (null)", "Parent"),
            ("tst_thingid in (PARENT,null)", "Parent"),
            ("coalesce(tst_exact,tst_whole) ge 4.0", "First,Second"),
            ("coalesce(tst_float,tst_price,tst_whole,tst_big) eq 1.5", "Parent"),
            ("coalesce(tst_big,tst_whole) sub 1 eq 8", "Parent"),
            ("round(tst_exact,2) eq 2.13", "Parent"),
            ("round(tst_exact,1) eq 2.1 and round(tst_float) eq 2 and round(tst_whole,2) eq 5", "Parent"),
            ("tst_thing_things/any(t:t/tst_whole gt tst_whole)", "Parent"),
            ("tst_thing_things/any(t:t/tst_name eq 'First' and $it/tst_name eq 'Parent')", "Parent"),
            ("tst_thing_things/any(t:t/tst_tagid/tst_thing_tags/any(g:g/tst_thingid eq $it/tst_thingid and t/tst_whole lt $it/tst_whole))", "Parent"),
            ("tst_thing_things/any(t:$it/tst_thing_tags/any(g:g/tst_tagid eq t/tst_tagid/tst_tagid))", "Parent"),
            ("tst_thing_things/all(t:t/tst_whole lt $it/tst_whole)", "First,Second"),
            ("tst_thing_things/any(t:Microsoft.Dynamics.CRM.On(PropertyName='$it/tst_day',PropertyValue='2024-02-29') and t/tst_whole eq 4)", "Parent"),
            ("tst_thing_things/any(t:Microsoft.Dynamics.CRM.ContainValues(PropertyName='$it/tst_perks',PropertyValues=['2']) and t/tst_whole eq 4)", "Parent"),
            ("tst_thing_things/any(t:t/tst_thing_things/any(u:u/tst_name eq t/tst_name))", ""),
        ];
        (await Http.ReadAsync("tst_things?$filter=Microsoft.Dynamics.CRM.On(PropertyName='tst_day',PropertyValue=null)")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync("tst_things?$filter=Microsoft.Dynamics.CRM.Between(PropertyName='tst_whole',PropertyValues=['1',null])")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync("tst_things?$filter=Microsoft.Dynamics.CRM.Like(PropertyName='tst_whole',PropertyValue='1')")).Demand(HttpStatusCode.BadRequest);
        foreach (var (filter, names) in cases)
        {
            var written = filter.Replace("RED", $"{red}", StringComparison.Ordinal).Replace("PARENT", $"{parent}", StringComparison.Ordinal);
            var answer = await Http.ReadAsync($"tst_things?$select=tst_name&$orderby=tst_name&$filter={Uri.EscapeDataString(written)}");
            Assert.True(answer.Status == HttpStatusCode.OK, $"{filter}: {answer.Text}");
            Assert.Equal((filter, names), (filter, string.Join(',', answer.Body.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("tst_name").GetString()))));
        }
    }

    [Fact]
    public async Task A_row_of_a_collection_is_addressed_by_its_key_and_paths_go_on_from_it()
    {
        foreach (var (path, name) in new[]
        {
            ($"tst_things({parent})/tst_thing_things({first})", "First"),
            ($"tst_things({parent})/tst_thing_things(tst_code='F')", "First"),
            ($"tst_things(tst_code='P')/tst_thing_things({first})/tst_parentid/tst_thing_things({second})", "Second"),
            ($"tst_things({first})/tst_parentid/tst_parentid/tst_thing_things({second})", ""),
            ($"tst_things({parent})/tst_thing_tags({red})", "Red"),
            ($"tst_things({first})/tst_tagid", "Red"),
            ($"tst_things({parent})/tst_thing_things({first})/tst_tagid", "Red"),
        })
        {
            var answer = await Http.ReadAsync($"{path}?$select=tst_name");
            if (name.Length == 0) answer.Demand(HttpStatusCode.NotFound);
            else Assert.Equal(name, answer.Demand(HttpStatusCode.OK).Body.GetProperty("tst_name").GetString());
        }
        var child = $"tst_things({parent})/tst_thing_things({first})";
        Assert.Equal("First", (await Http.ReadAsync($"{child}/tst_name/$value")).Demand(HttpStatusCode.OK).Text);
        Assert.Equal("Red", (await Http.ReadAsync($"{child}/tst_tagid/tst_name")).Demand(HttpStatusCode.OK).Body.GetProperty("value").GetString());
        Assert.EndsWith($"/tst_things({first})", (await Http.ReadAsync($"{child}/$ref")).Demand(HttpStatusCode.OK).Body.GetProperty("@odata.id").GetString(), StringComparison.Ordinal);
        Assert.EndsWith($"/tst_tags({red})", (await Http.ReadAsync($"{child}/tst_tagid/$ref")).Demand(HttpStatusCode.OK).Body.GetProperty("@odata.id").GetString(), StringComparison.Ordinal);
        Assert.Equal("2", (await Http.ReadAsync($"{child}/tst_parentid/tst_thing_things/$count")).Demand(HttpStatusCode.OK).Text);
        Assert.Equal("Second", (await Http.ReadAsync($"{child}/tst_parentid/tst_thing_things?$filter=tst_whole eq 6")).Demand(HttpStatusCode.OK).Body.GetProperty("value")[0].GetProperty("tst_name").GetString());

        // Neither rows that are elsewhere nor rows that are nowhere, nor anything behind an empty lookup.
        foreach (var path in (string[])[$"tst_things({first})/tst_thing_things({second})", $"tst_things({parent})/tst_thing_things({parent})", $"tst_things({parent})/tst_thing_things({Guid.CreateVersion7()})", $"tst_things({Guid.CreateVersion7()})/tst_thing_things({first})", $"tst_things({parent})/tst_thing_things(tst_code='P')", $"tst_things({parent})/tst_thing_tags({Guid.CreateVersion7()})", $"tst_things({second})/tst_tagid/tst_name"])
        {
            (await Http.ReadAsync(path)).Demand(HttpStatusCode.NotFound);
            if (!path.EndsWith("tst_name", StringComparison.Ordinal)) (await Http.ReadAsync($"{path}/$ref")).Demand(HttpStatusCode.NotFound);
        }
        (await Http.ReadAsync($"tst_things({parent})/tst_thing_things(tst_day=2024-02-29)")).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_row_is_changed_and_deleted_by_the_way_that_leads_to_it_and_by_no_other()
    {
        (await Http.UpdateAsync($"tst_things({first})/tst_thing_things({second})", new { tst_name = "No" })).Demand(HttpStatusCode.NotFound);
        (await Http.UpdateAsync($"tst_things({parent})/tst_thing_things({Guid.CreateVersion7()})", new { tst_name = "No" })).Demand(HttpStatusCode.NotFound);
        (await Http.UpdateAsync($"tst_things({parent})/tst_thing_things({second})", new { tst_name = "Changed" })).Demand(HttpStatusCode.NoContent);
        Assert.Equal("Changed", (await Http.ReadAsync($"tst_things({second})/tst_name/$value")).Demand(HttpStatusCode.OK).Text);
        var made = (await Http.CreateAsync($"tst_things({parent})/tst_thing_things({second})/tst_thing_things", new { tst_name = "Made" })).Demand(HttpStatusCode.NoContent).EntityId;
        (await Http.AskAsync(HttpMethod.Delete, $"tst_things({parent})/tst_thing_things({made})", null)).Demand(HttpStatusCode.NotFound);
        (await Http.AskAsync(HttpMethod.Delete, $"tst_things({second})/tst_thing_things({made})", null)).Demand(HttpStatusCode.NoContent);
        (await Http.ReadAsync($"tst_things({made})")).Demand(HttpStatusCode.NotFound);
    }

    private async Task<Guid> CreateAsync(string set, Dictionary<string, object> row) => (await Http.CreateAsync(set, row)).Demand(HttpStatusCode.NoContent).EntityId;

    private static StringContent JsonBody(object body) => new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");
}
