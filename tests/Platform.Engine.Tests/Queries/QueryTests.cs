using Platform.Engine.Messages;
using Platform.Engine.Records;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Queries;

/// <summary>Queries mean the same on both databases: case, empty values, order, pages.</summary>
public abstract class QueryTests
{
    /// <summary>Names with upper and lower case, Korean, wildcard characters, and a row without a value for each column.</summary>
    private static readonly (string Name, int? Employees, decimal? Revenue)[] Rows =
    [
        ("apple", 10, 1.10m), ("Banana", null, 2.20m), ("cherry", 30, null), ("가나", 5, 100m), ("나라", 10, 55.5m),
        ("100% pure", 1, 0m), ("under_score", 2, 0.01m), ("back\\slash", null, null), ("Apple", 10, 1.1m), ("_", 7, 7m),
    ];

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Filters_orders_and_pages_agree_with_a_plain_evaluation()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        foreach (var (name, employees, revenue) in Rows)
            await engine.CreateAsync(new EntityRecord("account") { ["name"] = name, ["numberofemployees"] = employees, ["revenue"] = revenue });

        await AssertNamesAsync(engine, "name eq 'APPLE'", ["apple", "Apple"]);
        await AssertNamesAsync(engine, "contains(name,'%')", ["100% pure"]);
        await AssertNamesAsync(engine, "contains(name,'_')", ["under_score", "_"]);
        await AssertNamesAsync(engine, "contains(name,'\\')", ["back\\slash"]);
        await AssertNamesAsync(engine, "startswith(name,'AP')", ["apple", "Apple"]);
        await AssertNamesAsync(engine, "endswith(name,'라')", ["나라"]);
        await AssertNamesAsync(engine, "name eq 'x'' or 1 eq 1'", []);
        await AssertNamesAsync(engine, "numberofemployees ne 10", ["Banana", "cherry", "가나", "100% pure", "under_score", "back\\slash", "_"]);
        await AssertNamesAsync(engine, "not (numberofemployees gt 5)", ["Banana", "가나", "100% pure", "under_score", "back\\slash"]);
        await AssertNamesAsync(engine, "numberofemployees eq null and revenue ne null", ["Banana"]);
        await AssertNamesAsync(engine, "revenue ge 1.1 and revenue lt 7", ["apple", "Banana", "Apple"]);
        await AssertNamesAsync(engine, "revenue eq 0.01", ["under_score"]);
        await AssertNamesAsync(engine, "(name gt 'b' and name lt 'd') or numberofemployees eq 5", ["Banana", "cherry", "back\\slash", "가나"]);
        await AssertNamesAsync(engine, $"_ownerid_value eq {engine.Admin.UserId:D} and numberofemployees eq 1", ["100% pure"]);
        await AssertNamesAsync(engine, "Microsoft.Dynamics.CRM.EqualUserId(PropertyName='ownerid') and numberofemployees eq 1", ["100% pure"]);

        Assert.Equal(
            ["100% pure", "_", "apple", "Apple", "back\\slash", "Banana", "cherry", "under_score", "가나", "나라"],
            (await engine.QueryAsync("account", "?$orderby=name")).Select(Name).Select(name => name), StringComparer.OrdinalIgnoreCase);
        var descending = (await engine.QueryAsync("account", "?$orderby=numberofemployees desc,name")).Select(row => (int?)row["numberofemployees"]).ToArray();
        Assert.Equal([30, 10, 10, 10, 7, 5, 2, 1, null, null], descending);
    }

    [Fact]
    public async Task A_value_that_a_column_cannot_hold_is_compared_as_it_is_not_as_it_would_be_rounded()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "hundred", ["revenue"] = 100m, ["lastusedincampaign"] = new DateTime(2026, 1, 2, 10, 0, 0, DateTimeKind.Utc) });
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = "empty" });

        foreach (var none in (string[])["revenue eq 100.00001", "revenue ge 100.00001", "revenue gt 1e20", "revenue lt -1e28", "revenue in (100.00001)", "lastusedincampaign eq 2026-01-02T10:00:00.5Z", "lastusedincampaign ge 2026-01-02T10:00:00.5Z"])
            await AssertNamesAsync(engine, none, []);
        foreach (var one in (string[])["revenue lt 100.00001", "revenue gt 99.99999", "revenue lt 1e28", "revenue gt -1e20", "revenue in (100,100.00001)", "lastusedincampaign lt 2026-01-02T10:00:00.5Z", "lastusedincampaign gt 2026-01-02T09:59:59.5Z"])
            await AssertNamesAsync(engine, one, ["hundred"]);
        await AssertNamesAsync(engine, "revenue ne 100.00001", ["hundred", "empty"]);
        await AssertNamesAsync(engine, "not (revenue eq 100.00001)", ["hundred", "empty"]);
    }

    [Fact]
    public async Task Text_is_found_whichever_way_its_characters_are_put_together()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        var decomposed = "각산 상회".Normalize(System.Text.NormalizationForm.FormD);
        await engine.CreateAsync(new EntityRecord("account") { ["name"] = decomposed, ["accountnumber"] = new string('각', 20).Normalize(System.Text.NormalizationForm.FormD) });

        await AssertNamesAsync(engine, $"name eq '{decomposed}'", ["각산 상회"]);
        await AssertNamesAsync(engine, $"contains(name,'{"상회".Normalize(System.Text.NormalizationForm.FormD)}')", ["각산 상회"]);
        await AssertNamesAsync(engine, $"accountnumber eq '{new string('각', 20)}'", ["각산 상회"]);
        await Assert.ThrowsAsync<PlatformException>(() => engine.QueryAsync("account", $"?$filter=contains(name,'{new string('_', 5000)}')"));
    }

    [Theory]
    [InlineData("name")]
    [InlineData("name desc")]
    [InlineData("numberofemployees")]
    [InlineData("numberofemployees desc,name")]
    [InlineData("_ownerid_value,revenue desc")]
    [InlineData("")]
    public async Task Pages_give_every_row_once_while_rows_come_and_go(string order)
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        foreach (var (name, employees, revenue) in Rows)
            await engine.CreateAsync(new EntityRecord("account") { ["name"] = name, ["numberofemployees"] = employees, ["revenue"] = revenue });
        var query = engine.Parser.Parse(engine.Metadata, engine.Metadata.Entity("account"), order.Length == 0 ? "?$select=name" : $"?$select=name&$orderby={order}") with { PageSize = 3 };
        var seen = new List<EntityRecord>();

        for (var page = query; ;)
        {
            var rows = new RecordList();
            var result = await engine.SendAsync(new RetrieveMultiple(page, rows));
            seen.AddRange(rows.Records);
            // The row that ends this page goes, and the next page still begins after it.
            await engine.SendAsync(new Delete(rows.Records[^1].ToReference()));
            if (result.Next is not { } next) break;
            page = query with { After = next };
        }

        Assert.Equal(Rows.Length, seen.Count);
        Assert.Equal(Rows.Length, seen.Select(row => row.Id).Distinct().Count());
    }

    [Fact]
    public async Task Top_holds_over_pages_and_the_count_is_of_all_rows()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync());
        foreach (var (name, _, _) in Rows)
            await engine.CreateAsync(new EntityRecord("account") { ["name"] = name });
        var query = engine.Parser.Parse(engine.Metadata, engine.Metadata.Entity("account"), "?$orderby=name&$top=5&$count=true") with { PageSize = 3 };

        var first = new RecordList();
        var firstEnd = await engine.SendAsync(new RetrieveMultiple(query, first));
        var second = new RecordList();
        var secondEnd = await engine.SendAsync(new RetrieveMultiple(query with { After = firstEnd.Next }, second));

        Assert.Equal((3, 2), (first.Records.Count, second.Records.Count));
        Assert.Equal(10, firstEnd.Total);
        Assert.Null(secondEnd.Next);
    }

    private static async Task AssertNamesAsync(TestEngine engine, string filter, string[] names)
    {
        var rows = await engine.QueryAsync("account", "?$filter=" + filter);
        Assert.True(names.Order(StringComparer.Ordinal).SequenceEqual(rows.Select(Name).Order(StringComparer.Ordinal)), $"{filter}: {string.Join(" | ", rows.Select(Name))}");
    }

    private static string Name(EntityRecord row) => (string)row["name"]!;
}

public sealed class QueriesOnSqlite : QueryTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class QueriesOnPostgreSql : QueryTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
