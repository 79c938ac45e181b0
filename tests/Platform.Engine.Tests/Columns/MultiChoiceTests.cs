using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Columns;

public sealed class SqliteMultiChoiceTests : MultiChoiceTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class PostgreSqlMultiChoiceTests : MultiChoiceTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}

public abstract class MultiChoiceTests
{
    private const string Perks = """
        "tst_perks": { "type": "array", "items": { "type": "integer" }, "title": "Perks", "default": [3],
          "x-choice": [ { "value": 1, "label": "Lounge" }, { "value": 2, "label": "Gift" }, { "value": 3, "label": "Parking" }, { "value": 11, "label": "Taxi" } ] }
        """;

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Values_are_kept_once_and_ascending_however_they_are_given()
    {
        await using var engine = await StartAsync();
        foreach (var given in new object[] { new ChoiceValues(2, 1), "2,1,2", new[] { 1, 2 }, new List<object?> { 2L, 1m } })
            Assert.Equal(new ChoiceValues(1, 2), await StoredAsync(engine, given));
        Assert.Null(await StoredAsync(engine, null));
        Assert.Null(await StoredAsync(engine, ""));
        Assert.Null(await StoredAsync(engine, Array.Empty<int>()));

        var bare = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_name"] = "bare" });
        Assert.Equal(new ChoiceValues(3), (await engine.ReadAsync("tst_thing", bare))["tst_perks"]);
    }

    [Fact]
    public async Task What_is_no_value_of_the_choice_is_refused_and_the_row_stays()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_name"] = "one", ["tst_perks"] = "1" });
        foreach (var (given, code) in new (object, string)[] { ("1,4", "0x8004431a"), ("1;2", "0x80048d19"), (7, "0x80048d19") })
        {
            var refused = await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_perks"] = given })));
            Assert.Equal((code, "tst_perks"), (refused.Code, refused.Attribute));
        }
        Assert.Equal(new ChoiceValues(1), (await engine.ReadAsync("tst_thing", id))["tst_perks"]);
    }

    [Theory]
    [InlineData("tst_perks eq '2,1'", "both")]
    [InlineData("tst_perks ne '1,2'", "eleven none one")]
    [InlineData("tst_perks eq null", "none")]
    [InlineData("tst_perks in ('1','11')", "eleven one")]
    [InlineData("Microsoft.Dynamics.CRM.ContainValues(PropertyName='tst_perks',PropertyValues=['1'])", "both one")]
    [InlineData("Microsoft.Dynamics.CRM.ContainValues(PropertyName='tst_perks',PropertyValues=[\"2\",\"11\"])", "both eleven")]
    [InlineData("Microsoft.Dynamics.CRM.DoesNotContainValues(PropertyName='tst_perks',PropertyValues=['1','3'])", "eleven none")]
    [InlineData("contains(tst_name,'o') and Microsoft.Dynamics.CRM.ContainValues(PropertyName=@p1,PropertyValues=@p2)&@p1='tst_perks'&@p2=['1']", "both one")]
    public async Task Filters_look_at_whole_values(string filter, string expected)
    {
        await using var engine = await StartAsync();
        foreach (var (name, perks) in new[] { ("one", "1"), ("both", "1,2"), ("eleven", "11"), ("none", null) })
            await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_name"] = name, ["tst_perks"] = perks });

        Assert.Equal(expected, string.Join(' ', (await engine.QueryAsync("tst_thing", $"?$orderby=tst_name&$filter={filter}")).Select(row => row["tst_name"])));
        Assert.Equal(["none", "one", "both", "eleven"], (await engine.QueryAsync("tst_thing", "?$orderby=tst_perks")).Select(row => row["tst_name"]));
    }

    [Fact]
    public async Task The_audit_tells_the_values_before_and_after()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_perks"] = "1" });
        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_perks"] = "1,2" }));
        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_perks"] = "2,1" }));

        var update = Assert.Single(await engine.QueryAsync("audit", $"?$filter=objectid eq {id} and operation eq 2"));
        Assert.Equal("""{"tst_perks":{"old":"1","new":"1,2"}}""", update["changedata"]);
    }

    [Fact]
    public async Task An_option_that_rows_hold_does_not_leave_the_choice()
    {
        await using var engine = await StartAsync();
        await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_perks"] = "3,11" });
        Task PublishAsync(string without) => engine.Publisher.PublishAsync([ColumnPack.Of(Perks.Replace(without, "", StringComparison.Ordinal))], CancellationToken.None);

        var refused = await Assert.ThrowsAsync<MetadataException>(() => PublishAsync(", { \"value\": 11, \"label\": \"Taxi\" }"));
        Assert.Contains("'tst_perks' of 'tst_thing' no longer has all its options: 1 row", Assert.Single(refused.Errors).Reason, StringComparison.Ordinal);

        await PublishAsync("{ \"value\": 1, \"label\": \"Lounge\" }, ");
        Assert.Equal(3, engine.Metadata.Entity("tst_thing").Attribute("tst_perks").Options.Length);
    }

    [Fact]
    public async Task A_choice_may_become_a_multi_choice_and_keeps_its_values()
    {
        var single = Perks.Replace("\"type\": \"array\", \"items\": { \"type\": \"integer\" }", "\"type\": \"integer\"", StringComparison.Ordinal).Replace("[3]", "3", StringComparison.Ordinal);
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(single));
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_perks"] = 11 });

        await engine.Publisher.PublishAsync([ColumnPack.Of(Perks)], CancellationToken.None);

        Assert.Equal(new ChoiceValues(11), (await engine.ReadAsync("tst_thing", id))["tst_perks"]);
    }

    [Fact]
    public async Task A_step_reads_and_writes_the_values_in_both_languages()
    {
        const string steps = """
            { "steps": [ { "name": "sharp", "script": "sharp.csx", "message": "Create", "stage": "PreOperation", "rank": 1 },
                         { "name": "script", "script": "script.js", "message": "Create", "stage": "PreOperation", "rank": 2 } ] }
            """;
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(
            Perks, "",
            ("entities/tst_thing/steps.json", steps),
            ("entities/tst_thing/sharp.csx", "Context.Target[\"tst_perks\"] = new ChoiceValues(Context.Target.Get<ChoiceValues>(\"tst_perks\").Append(2));"),
            ("entities/tst_thing/script.js", "context.target.set('tst_perks', context.target.get('tst_perks').concat(11));")));

        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_perks"] = new ChoiceValues(1) });

        Assert.Equal(new ChoiceValues(1, 2, 11), (await engine.ReadAsync("tst_thing", id))["tst_perks"]);
    }

    private async Task<TestEngine> StartAsync() => await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(Perks));

    private static async Task<object?> StoredAsync(TestEngine engine, object? given)
    {
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_perks"] = given });
        return (await engine.ReadAsync("tst_thing", id))["tst_perks"];
    }
}
