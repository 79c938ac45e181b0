using System.Collections.Immutable;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Formulas;

/// <summary>Calculated columns and rollups in the engine: read, filtered, sorted, paged, seen by steps, never written.</summary>
public abstract class ComputedColumnTests
{
    private static readonly Guid BasicUser = new("b7d2e6c1-3f49-4a05-8c1b-95e0a7d4f326");

    private const string Columns = """
        "lab_total": { "type": "number", "x-formula": "lab_int mul lab_price", "title": "Total" },
        "lab_label": { "type": "string", "x-searchable": true, "x-formula": "concat(toupper(lab_text), ' ', lab_other)", "title": "Label" },
        "lab_level": { "type": "integer", "x-choice": [ { "value": 1, "label": "Low" }, { "value": 2, "label": "High" } ], "x-formula": "case(lab_total gt 100:2,lab_total ne null:1,true:9)", "title": "Level" },
        "lab_ofparent": { "type": "number", "x-formula": "lab_parentid/lab_sum add 0.5", "title": "Of parent" },
        "lab_ofcustomer": { "type": "string", "x-formula": "coalesce(lab_customerid_account/name, lab_customerid_contact/lastname)", "title": "Of customer" },
        "lab_sum": { "type": "number", "x-rollup": { "relationship": "lab_row_children", "function": "sum", "attribute": "lab_total" }, "title": "Sum" },
        "lab_large": { "type": "integer", "x-rollup": { "relationship": "lab_row_children", "function": "count", "filter": "lab_total gt 10 and lab_parentid/lab_text eq 'PARENT'" }, "title": "Large" },
        "lab_mean": { "type": "number", "x-precision": 4, "x-rollup": { "relationship": "lab_row_children", "function": "avg", "attribute": "lab_int" }, "title": "Mean" },
        "lab_first": { "type": "string", "format": "date", "x-rollup": { "relationship": "lab_row_children", "function": "min", "attribute": "lab_day" }, "title": "First" },
        "lab_most": { "type": "number", "x-kind": "money", "x-rollup": { "relationship": "lab_row_children", "function": "max", "attribute": "lab_money" }, "title": "Most" },
        "lab_square": { "type": "integer", "x-kind": "bigint", "x-formula": "lab_big mul lab_big", "title": "Square" },
        "lab_share": { "type": "number", "x-formula": "lab_price div lab_int", "title": "Share" },
        "lab_age": { "type": "integer", "x-formula": "totalseconds(now() sub createdon) div 3600", "title": "Hours" }
        """;

    private const string OfAccount = """
        { "type": "object", "x-extends": "account", "properties": {
            "lab_rows": { "type": "integer", "x-rollup": { "relationship": "lab_row_customer_account", "function": "count" }, "title": "Rows" } } }
        """;

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Formulas_and_rollups_are_right_at_every_read_and_build_on_each_other()
    {
        await using var engine = await StartAsync();
        var parent = await RowAsync(engine, "Parent", 1, 1m);

        var alone = await engine.ReadAsync("lab_row", parent);
        Assert.Equal((0m, 0, null, null, null), ((decimal)alone["lab_sum"]!, (int)alone["lab_large"]!, alone["lab_mean"], alone["lab_first"], alone["lab_most"]));

        var child = await RowAsync(engine, "One", 3, 7.25m, parent, day: new DateOnly(2025, 3, 1), money: 0.5m);
        await RowAsync(engine, "Two", 1, 4m, parent, day: new DateOnly(2024, 12, 31), money: 0.25m);
        await RowAsync(engine, "Three", null, 4m, parent);
        var read = await engine.ReadAsync("lab_row", parent);
        Assert.Equal((25.75m, 1, 2m), ((decimal)read["lab_sum"]!, (int)read["lab_large"]!, (decimal)read["lab_mean"]!));
        Assert.Equal((new DateOnly(2024, 12, 31), 0.5m), ((DateOnly)read["lab_first"]!, (decimal)read["lab_most"]!));
        Assert.Equal(26.25m, (await engine.ReadAsync("lab_row", child))["lab_ofparent"]);

        await engine.SendAsync(new Update(new EntityRecord("lab_row", child) { ["lab_int"] = 0 }));
        Assert.Equal(4m, (await engine.ReadAsync("lab_row", parent))["lab_sum"]);
        await engine.SendAsync(new Delete(new EntityReference("lab_row", child)));
        Assert.Equal(1m, (await engine.ReadAsync("lab_row", parent))["lab_mean"]);
    }

    [Fact]
    public async Task What_does_not_fit_and_a_division_by_zero_are_empty()
    {
        await using var engine = await StartAsync();
        var id = await RowAsync(engine, "x", 0, 5m, big: long.MaxValue);

        var row = await engine.ReadAsync("lab_row", id);

        Assert.Equal((null, null), (row["lab_square"], row["lab_share"]));
        Assert.Equal((0m, 1, 0), ((decimal)row["lab_total"]!, (int)row["lab_level"]!, (int)row["lab_age"]!));
        var empty = await engine.ReadAsync("lab_row", await RowAsync(engine, "x", null, 5m));
        Assert.Equal((null, null), (empty["lab_total"], empty["lab_level"]));
    }

    [Fact]
    public async Task They_are_filtered_sorted_counted_and_paged_like_stored_ones()
    {
        await using var engine = await StartAsync();
        var parent = await RowAsync(engine, "Parent", 1, 1m);
        for (var number = 1; number <= 7; number++) await RowAsync(engine, $"n{number}", number % 4 == 0 ? null : number, 10.01m, parent, other: number % 2 == 0 ? "even" : null);

        Assert.Equal(["n2", "n3"], await NamesAsync(engine, "?$filter=lab_total ge 20.02 and lab_total lt 50&$orderby=lab_total"));
        Assert.Equal(["n2", "n4", "n6"], await NamesAsync(engine, "?$filter=contains(lab_label,'EVEN')&$orderby=lab_text"));
        Assert.Equal(["n4"], await NamesAsync(engine, "?$filter=lab_label eq 'n4 even'"));
        Assert.Equal(["n4"], await NamesAsync(engine, "?$filter=lab_total eq null"));
        Assert.Equal(["Parent"], await NamesAsync(engine, "?$filter=lab_large in (6,7) and lab_sum gt lab_total"));
        foreach (var order in new[] { "lab_total", "lab_total desc", "lab_label desc", "lab_level,lab_total desc", "lab_ofparent,lab_mean" })
        {
            var query = engine.Parser.Parse(engine.Metadata, engine.Metadata.Entity("lab_row"), $"?$select=lab_text&$orderby={order}&$count=true") with { PageSize = 3 };
            var seen = new List<Guid>();
            for (var page = query; ;)
            {
                var rows = new RecordList();
                var result = await engine.SendAsync(new RetrieveMultiple(page, rows));
                Assert.Equal(8, result.Total);
                seen.AddRange(rows.Records.Select(row => row.Id));
                if (result.Next is not { } next) break;
                page = query with { After = next };
            }
            Assert.Equal((await engine.QueryAsync("lab_row", $"?$orderby={order}")).Select(row => row.Id), seen);
        }
    }

    [Fact]
    public async Task A_lookup_with_several_targets_is_followed_to_the_table_it_points_into()
    {
        await using var engine = await StartAsync();
        var account = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Works" });
        // The same id in another table: only the type of the lookup tells them apart.
        var contact = await engine.CreateAsync(new EntityRecord("contact", account) { ["lastname"] = "Kim" });
        var ofAccount = await engine.CreateAsync(new EntityRecord("lab_row") { ["lab_text"] = "a", ["lab_customerid"] = new EntityReference("account", account) });
        var ofContact = await engine.CreateAsync(new EntityRecord("lab_row") { ["lab_text"] = "c", ["lab_customerid"] = new EntityReference("contact", contact) });

        Assert.Equal("Works", (await engine.ReadAsync("lab_row", ofAccount))["lab_ofcustomer"]);
        Assert.Equal("Kim", (await engine.ReadAsync("lab_row", ofContact))["lab_ofcustomer"]);
        Assert.Equal(1, (await engine.ReadAsync("account", account))["lab_rows"]);
    }

    [Fact]
    public async Task A_rollup_counts_what_the_organisation_has_also_for_a_reader_who_sees_less()
    {
        await using var engine = await StartAsync();
        var user = await engine.UserAsync(BasicUser);
        var account = await engine.CreateAsync(new EntityRecord("account") { ["name"] = "Own" }, user);
        await engine.CreateAsync(new EntityRecord("lab_row") { ["lab_text"] = "a", ["lab_customerid"] = new EntityReference("account", account) });

        Assert.Equal(1, (await engine.ReadAsync("account", account, user))["lab_rows"]);
    }

    [Fact]
    public async Task Values_from_outside_are_passed_over_and_no_history_is_written_of_them()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("lab_row") { ["lab_text"] = "a", ["lab_int"] = 2, ["lab_price"] = 3m, ["lab_total"] = 99m });

        await engine.SendAsync(new Update(new EntityRecord("lab_row", id) { ["lab_total"] = 99m, ["lab_sum"] = 1m, ["lab_int"] = 4 }));

        Assert.Equal(12m, (await engine.ReadAsync("lab_row", id))["lab_total"]);
        Assert.DoesNotContain(await engine.QueryAsync("audit", $"?$filter=objectid eq {id:D}"), entry => ((string)entry["changedata"]!).Contains("lab_total", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Steps_read_them_in_images_and_by_service_calls_and_cannot_set_them()
    {
        await using var engine = await StartAsync("context.reject([context.preImage('before').get('lab_total'), context.postImage('after').get('lab_total'), context.postImage('after').get('lab_sum'), context.service.retrieve(context.target, 'lab_label').get('lab_label')].join('|'), 'lab_seen');", "PostOperation");
        var id = await RowAsync(engine, "a", 2, 3m);

        var seen = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("lab_row", id) { ["lab_int"] = 5 })));

        Assert.Equal("6|15|0|A ", seen.Message);
    }

    [Fact]
    public async Task A_step_that_sets_one_in_its_target_is_refused()
    {
        await using var engine = await StartAsync("context.target.set('lab_total', 1);", "PreOperation");
        var id = await RowAsync(engine, "a", 2, 3m);

        var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("lab_row", id) { ["lab_int"] = 5 })));

        Assert.Equal("lab_total", refused.Attribute);
    }

    [Fact]
    public async Task A_stored_column_that_becomes_calculated_keeps_its_values_from_being_lost_in_silence()
    {
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), [], LabPack.With(""" "lab_total": { "type": "number", "title": "Total" } """));
        await engine.CreateAsync(new EntityRecord("lab_row") { ["lab_text"] = "a", ["lab_total"] = 1m });

        var refused = await Assert.ThrowsAsync<MetadataException>(async () => await engine.Publisher.PublishAsync([LabPack.With(Columns)], CancellationToken.None));

        Assert.Contains("lab_total", Assert.Single(refused.Errors).Reason, StringComparison.Ordinal);
        Assert.False(engine.Metadata.Entity("lab_row").Attribute("lab_total").IsComputed);
    }

    [Fact]
    public async Task They_are_no_columns_of_the_table_and_can_become_stored_ones()
    {
        await using var engine = await StartAsync();
        var id = await RowAsync(engine, "a", 2, 3m);

        await engine.Publisher.PublishAsync([LabPack.With(""" "lab_total": { "type": "number", "title": "Total" } """)], CancellationToken.None);

        Assert.Null((await engine.ReadAsync("lab_row", id))["lab_total"]);
        await engine.SendAsync(new Update(new EntityRecord("lab_row", id) { ["lab_total"] = 7m }));
        Assert.Equal(7m, (await engine.ReadAsync("lab_row", id))["lab_total"]);
    }

    private static async Task<List<string>> NamesAsync(TestEngine engine, string query) =>
        [.. (await engine.QueryAsync("lab_row", query)).Select(row => (string)row["lab_text"]!)];

    private static Task<Guid> RowAsync(TestEngine engine, string text, int? number, decimal? price, Guid? parent = null, string? other = null, DateOnly? day = null, decimal? money = null, long? big = null)
    {
        var row = new EntityRecord("lab_row")
        {
            ["lab_text"] = text, ["lab_other"] = other, ["lab_int"] = number, ["lab_price"] = price, ["lab_day"] = day, ["lab_money"] = money, ["lab_big"] = big,
        };
        if (parent is { } id) row["lab_parentid"] = new EntityReference("lab_row", id);
        return engine.CreateAsync(row);
    }

    private async Task<TestEngine> StartAsync(string? script = null, string stage = "")
    {
        var files = LabPack.With(Columns).Files.Add("entities/account/entity.json", OfAccount);
        if (script is not null)
        {
            files = files.Add("entities/lab_row/look.js", script).Add("entities/lab_row/steps.json", $$"""
                { "steps": [ { "name": "look", "script": "look.js", "message": "Update", "stage": "{{stage}}",
                    "images": [ { "type": "pre", "alias": "before", "attributes": ["lab_total"] }{{(stage == "PostOperation" ? """, { "type": "post", "alias": "after", "attributes": ["lab_total", "lab_sum"] }""" : "")}} ] } ] }
                """);
        }
        return await TestEngine.StartAsync(await DatabaseAsync(), [], new PackFiles("packs/lab", files));
    }
}

public sealed class ComputedColumnsOnSqlite : ComputedColumnTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class ComputedColumnsOnPostgreSql : ComputedColumnTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
