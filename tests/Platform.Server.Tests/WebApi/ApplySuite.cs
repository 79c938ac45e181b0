using System.Globalization;
using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

public sealed class ApplyOnSqlite() : ApplySuite(TestDatabase.Sqlite);

public sealed class ApplyOnPostgreSql() : ApplySuite(TestDatabase.PostgreSql);

/// <summary>Groups and what is said of them: <c>$select</c>, <c>$expand</c>, <c>$compute</c>, <c>concat</c>, query functions.</summary>
public abstract class ApplySuite(TestDatabase database) : IAsyncLifetime
{
    private const string Formatted = "OData.Community.Display.V1.FormattedValue";

    private TestServer server = null!;
    private Guid red;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync(database: database, packs: ThingPack.WriteTo);
        red = (await Http.CreateAsync("tst_tags", new { tst_name = "Red" })).Demand(HttpStatusCode.NoContent).EntityId;
        var blue = (await Http.CreateAsync("tst_tags", new { tst_name = "Blue" })).Demand(HttpStatusCode.NoContent).EntityId;
        foreach (var (name, tag, whole, day) in new[] { ("A", red, 10, "2024-01-31"), ("B", red, 20, "2024-02-29"), ("C", blue, 5, "2025-12-31"), ("D", Guid.Empty, 1, "1999-01-01") })
        {
            var thing = new Dictionary<string, object> { ["tst_name"] = name, ["tst_whole"] = whole, ["tst_big"] = long.MaxValue, ["tst_price"] = whole * 1.5m, ["tst_day"] = day, ["tst_kind"] = whole > 5 ? 2 : 1 };
            if (tag != Guid.Empty) thing["tst_tagid@odata.bind"] = $"/tst_tags({tag})";
            (await Http.CreateAsync("tst_things", thing)).Demand(HttpStatusCode.NoContent);
        }
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Options_beside_apply_speak_of_what_comes_out_of_it()
    {
        const string groups = "groupby((_tst_tagid_value),aggregate(tst_whole with sum as total,$count as n))";
        await SaysAsync($"$apply={groups}&$select=total&$orderby=total desc", "total=30", "total=5", "total=1");
        await SaysAsync($"$apply={groups}&$compute=total div n as mean&$select=mean,n&$orderby=mean desc", "n=2 mean=15", "n=1 mean=5", "n=1 mean=1");
        await SaysAsync($"$apply={groups}&$compute=total mul 2 as twice&$filter=twice gt 5 and total add n lt 30&$select=twice", "twice=10");
        await SaysAsync($"$apply={groups}/compute(total sub n as rest)/filter(rest ge 4)/aggregate(rest with sum as all)", "all=32");
        await SaysAsync($"$apply={groups}/compute(total mul 0.5 as half)/groupby((half),aggregate($count as times))&$orderby=half", "half=0.5 times=1", "half=2.5 times=1", "half=15 times=1");
        await SaysAsync("$apply=filter(tst_whole gt 4)/compute(tst_whole mul 2 as twice)&$select=tst_name,twice&$filter=twice lt 40&$orderby=twice desc", "tst_name=A twice=20", "tst_name=C twice=10");
        await SaysAsync("$apply=filter(tst_whole gt 4)&$compute=tst_whole mul 2 as twice&$select=twice&$orderby=tst_name&$search=A", "twice=20");
        await SaysAsync($"$apply={groups}&$select=*&$orderby=n desc,total&$top=1", $"_tst_tagid_value={red} total=30 n=2");
    }

    [Fact]
    public async Task A_lookup_that_is_grouped_by_brings_its_row_along()
    {
        const string groups = "tst_things?$apply=groupby((_tst_tagid_value),aggregate($count as n))&$orderby=n desc,_tst_tagid_value";
        var answer = (await Http.ReadAsync($"{groups}&$select=n&$expand=tst_tagid($select=tst_name;$expand=tst_tag_things($select=tst_name;$orderby=tst_name desc))", ("Prefer", "odata.include-annotations=\"*\""))).Demand(HttpStatusCode.OK).Body;

        Assert.EndsWith("$metadata#tst_things(n,tst_tagid(tst_name,tst_tag_things(tst_name)))", answer.GetProperty("@odata.context").GetString(), StringComparison.Ordinal);
        var (first, second) = (answer.GetProperty("value")[0], answer.GetProperty("value")[1]);
        Assert.Equal(("Red", "B,A"), (first.GetProperty("tst_tagid").GetProperty("tst_name").GetString(), string.Join(',', first.GetProperty("tst_tagid").GetProperty("tst_tag_things").EnumerateArray().Select(thing => thing.GetProperty("tst_name").GetString()))));
        Assert.Equal(JsonValueKind.Null, second.GetProperty("tst_tagid").ValueKind);
        Assert.Equal("2", first.GetProperty($"n@{Formatted}").GetString());
        // Pages go on as without.
        var page = (await Http.ReadAsync($"{groups}&$expand=tst_tagid($select=tst_name)", ("Prefer", "odata.maxpagesize=2"))).Demand(HttpStatusCode.OK).Body;
        Assert.Equal("Blue", (await Http.ReadAsync(page.GetProperty("@odata.nextLink").GetString()!)).Demand(HttpStatusCode.OK).Body.GetProperty("value")[0].GetProperty("tst_tagid").GetProperty("tst_name").GetString());
        // Rows of the table bring along what they always do.
        var rows = (await Http.ReadAsync("tst_things?$apply=filter(tst_name eq 'A')&$select=tst_name&$expand=tst_tagid($select=tst_name)")).Demand(HttpStatusCode.OK).Body.GetProperty("value");
        Assert.Equal("Red", rows[0].GetProperty("tst_tagid").GetProperty("tst_name").GetString());
        Assert.Contains("Group by _tst_tagid_value", (await Http.ReadAsync("tst_things?$apply=groupby((tst_name,tst_tagid/tst_name))&$expand=tst_tagid")).Demand(HttpStatusCode.BadRequest).Text, StringComparison.Ordinal);
        (await Http.ReadAsync("tst_things?$apply=groupby((tst_name))&$expand=tst_tagid")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync($"{groups}&$expand=tst_thing_things")).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Concat_puts_totals_behind_groups_and_rows_behind_totals()
    {
        const string totals = "concat(groupby((tst_tagid/tst_name),aggregate(tst_whole with sum as total)),aggregate(tst_whole with sum as total,$count as n))";
        await SaysAsync($"$apply=filter(tst_whole gt 1)/{totals}", "tst_tag_tst_name=Blue total=5 n=null", "tst_tag_tst_name=Red total=30 n=null", "tst_tag_tst_name=null total=35 n=3");
        await SaysAsync($"$apply={totals}/filter(total ge 30)/compute(total add 1 as more)&$select=more,n&$orderby=more desc", "n=4 more=37", "n=null more=31");
        await SaysAsync($"$apply={totals}&$filter=tst_tagid/tst_name eq 'Red'", "tst_tag_tst_name=Red total=30 n=null");
        await SaysAsync("$apply=concat(identity,aggregate(tst_whole with max as tst_whole),filter(tst_name eq 'C')/compute(tst_whole mul 3 as times))&$select=tst_name,tst_whole,times,tst_day&$filter=tst_whole ge 5",
            "tst_name=A tst_whole=10 times=null tst_day=2024-01-31", "tst_name=B tst_whole=20 times=null tst_day=2024-02-29", "tst_name=C tst_whole=5 times=null tst_day=2025-12-31",
            "tst_name=null tst_whole=20 times=null tst_day=null", "tst_name=C tst_whole=5 times=15 tst_day=2025-12-31");
        await SaysAsync("$apply=concat(concat(aggregate($count as a),aggregate($count as b)),aggregate($count as a))/aggregate(a with sum as s)", "s=8");
        Assert.Equal("4", (await Http.ReadAsync($"tst_things/$count?$apply={totals}")).Demand(HttpStatusCode.OK).Text);
        var page = (await Http.ReadAsync($"tst_things?$apply={totals}&$count=true", ("Prefer", "odata.maxpagesize=3"))).Demand(HttpStatusCode.OK).Body;
        Assert.Equal((4, 1), (page.GetProperty("@odata.count").GetInt32(), (await Http.ReadAsync(page.GetProperty("@odata.nextLink").GetString()!)).Demand(HttpStatusCode.OK).Body.GetProperty("value").GetArrayLength()));
        foreach (var wrong in (string[])["concat(identity)", "concat()", "concat(identity,)", "concat(identity,aggregate($count as tst_name))", "identity//identity", "concat(identity,filter(nope eq 1))", "concat(identity,identity", "identity)"])
            (await Http.ReadAsync($"tst_things?$apply={wrong}")).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Query_functions_ask_rows_and_groups()
    {
        const string f = "Microsoft.Dynamics.CRM.";
        await SaysAsync($"$apply=filter({f}InFiscalYear(PropertyName='tst_day',PropertyValue=2024))/groupby((tst_kind),aggregate($count as n))", "tst_kind=2 n=2");
        await SaysAsync($"$apply=groupby((tst_kind),aggregate(tst_day with max as last))/filter({f}On(PropertyName='last',PropertyValue='2024-02-29'))&$select=tst_kind", "tst_kind=2");
        await SaysAsync($"$apply=groupby((tst_day))&$filter={f}OnOrAfter(PropertyName='tst_day',PropertyValue='2024-02-01') and not {f}In(PropertyName='tst_day',PropertyValues=['2024-02-29'])", "tst_day=2025-12-31");
        await SaysAsync($"$apply=groupby((_tst_tagid_value),aggregate($count as n))&$filter={f}In(PropertyName='tst_tagid',PropertyValues=['{red}'])&$select=n", "n=2");
        await SaysAsync($"$apply=groupby((_ownerid_value),aggregate($count as n))/filter({f}EqualUserId(PropertyName='ownerid'))&$select=n", "n=4");
        await SaysAsync($"$apply=compute(tst_whole mul 2 as twice)/filter({f}Between(PropertyName='twice',PropertyValues=['10','20']))&$select=tst_name&$orderby=tst_name", "tst_name=A", "tst_name=C");
        await SaysAsync($"$apply=groupby((tst_perks),aggregate($count as n))/filter({f}DoesNotContainValues(PropertyName='tst_perks',PropertyValues=['1']))&$select=n", "n=4");
        (await Http.ReadAsync($"tst_things?$apply=groupby((tst_kind))/filter({f}Today(PropertyName='tst_day'))")).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Means_over_sums_of_the_largest_numbers_are_told_with_the_digits_that_a_decimal_has()
    {
        await SaysAsync("$apply=groupby((tst_whole),aggregate(tst_big with sum as s))/aggregate(s with average as mean,s with sum as total)", "mean=9223372036854775807 total=36893488147419103228");
        await SaysAsync("$apply=groupby((tst_kind),aggregate(tst_big with sum as s))/groupby((s),aggregate($count as n))/aggregate(s with average as mean)", "mean=18446744073709551614");
        await SaysAsync("$apply=groupby((tst_name),aggregate(tst_big with average as m))/aggregate(m with sum as s)", "s=36893488147419103228");
        await SaysAsync("$apply=groupby((tst_name),aggregate(tst_big with sum as s))/compute(s mul s as square)/aggregate(square with max as most,$count as n)", "most=null n=4");
        await SaysAsync("$apply=concat(filter(tst_name ne 'D')/aggregate(tst_big with sum as s),filter(tst_name eq 'D')/aggregate(tst_big with sum as s))/aggregate(s with average as mean)", "mean=18446744073709551614");
    }

    private async Task SaysAsync(string options, params string[] rows)
    {
        var answer = (await Http.ReadAsync("tst_things?" + string.Join('&', options.Split('&').Select(option => option.Split('=', 2)).Select(option => $"{option[0]}={Uri.EscapeDataString(option[1])}")))).Demand(HttpStatusCode.OK).Body.GetProperty("value");
        Assert.Equal(rows, answer.EnumerateArray().Select(row => string.Join(' ', row.EnumerateObject().Where(member => !member.Name.Contains('@', StringComparison.Ordinal) && member.Name != "tst_thingid").Select(member => $"{member.Name}={Text(member.Value)}"))));

        static string Text(JsonElement value) => value.ValueKind == JsonValueKind.Number ? value.GetDecimal().ToString("0.##########", CultureInfo.InvariantCulture) : value.ValueKind == JsonValueKind.Null ? "null" : value.ToString();
    }
}
