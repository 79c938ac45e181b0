using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Tests;

public sealed class ValueBorderTests(ScriptBench bench) : IClassFixture<ScriptBench>
{
    public static TheoryData<object?> Values() =>
    [
        null, "", "한글 \"quoted\" \u0001 \\ 😀", true, false, 0, int.MaxValue, int.MinValue, 0L, long.MaxValue, long.MinValue,
        0m, 1.50m, -0.0000000001m, decimal.MaxValue, decimal.MinValue, 0d, 0.1, double.MaxValue, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
        new DateTime(2026, 1, 31, 8, 0, 0, DateTimeKind.Utc), new DateTime(2026, 1, 31, 8, 0, 0, 123, DateTimeKind.Utc).AddTicks(4567), DateTime.MinValue, new DateOnly(2026, 2, 28),
        Guid.Parse("0190a5b0-1111-7222-8333-444455556666"), Guid.Empty,
        new EntityReference("contact", Guid.Parse("0190a5b0-1111-7222-8333-444455556666")), new ChoiceValues(3, 1), new GeoPoint(-37.5665000m, 126.9779692m),
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_keeps_its_type_through_a_script_in_both_languages(object? value)
    {
        foreach (var source in new[] { ScriptBench.CSharp("Context.Trace(\"seen\");"), ScriptBench.JavaScript("context.target.get('value'); context.output.get('value');") })
        {
            var outcome = await bench.RunAsync(source, change: run => run with
            {
                Target = new EntityRecord("loy_card", Guid.CreateVersion7()) { ["value"] = value, Version = 7 },
                Output = new PluginParameters([KeyValuePair.Create("value", value)]),
            });

            AssertSame(value, outcome.Target!["value"]);
            AssertSame(value, outcome.Output["value"]);
            Assert.Equal(7, outcome.Target.Version);
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task A_value_keeps_its_type_through_a_service_call(object? value)
    {
        var row = new EntityRecord("loy_card", Guid.CreateVersion7()) { ["value"] = value };
        var services = new MemoryServices { Rows = { [row.Id] = row } };

        await bench.RunAsync(ScriptBench.CSharp("""
            var row = Context.Service.Retrieve(new EntityReference("loy_card", Context.Target.Id));
            Context.Service.Create(new EntityRecord("copy") { ["value"] = row["value"] });
            """), services, run => run with { Target = new EntityRecord("loy_card", row.Id) });

        AssertSame(value, services.Rows.Values.Single(copy => copy.LogicalName == "copy")["value"]);
    }

    [Fact]
    public async Task Lists_and_nested_parameters_arrive_as_they_were()
    {
        var inner = new PluginParameters([KeyValuePair.Create<string, object?>("rate", 0.10m), KeyValuePair.Create<string, object?>("row", new EntityRecord("loy_card") { ["loy_balance"] = 3 })]);
        var list = new List<object?> { 1, "two", 3L, new List<object?> { null } };

        var outcome = await bench.RunAsync(ScriptBench.CSharp("""
            Context.Output["list"] = Context.Input["list"];
            Context.SharedVariables["inner"] = Context.Input.Get<PluginParameters>("inner");
            Context.SharedVariables["made"] = new[] { 1.5m, 2m };
            """), change: run => run with { Input = new PluginParameters([KeyValuePair.Create<string, object?>("list", list), KeyValuePair.Create<string, object?>("inner", inner)]) });

        Assert.Equal(list, outcome.Output["list"]);
        var shared = Assert.IsType<PluginParameters>(outcome.SharedVariables["inner"]);
        Assert.Equal(0.10m, shared["rate"]);
        Assert.Equal(3, Assert.IsType<EntityRecord>(shared["row"])["loy_balance"]);
        Assert.Equal(new List<object?> { 1.5m, 2m }, outcome.SharedVariables["made"]);
    }

    [Fact]
    public async Task Half_a_character_and_an_id_that_is_none_fail_the_run_and_not_the_worker()
    {
        var rejected = await bench.RunAsync(ScriptBench.JavaScript("context.reject('No: ' + '😀'.substring(0, 1), 'tst_half');"));
        Assert.Equal(("No: \uFFFD", "tst_half"), (rejected.Rejection!.Message, rejected.Rejection.Code));
        var services = new MemoryServices();
        await bench.RunAsync(ScriptBench.JavaScript("context.service.create(new EntityRecord('a', null, { name: '😀'.substring(1) }));"), services);
        Assert.Equal("\uFFFD", services.Rows.Values.Single()["name"]);
        foreach (var script in new[] { "context.service.retrieve({ logicalName: 'a', id: 'seven' }, 'x');", "context.output.set('row', { logicalName: 'a', id: 'seven' });", "context.service.create(new EntityRecord('a', 'seven'));" })
        {
            var failure = await Assert.ThrowsAsync<PluginFailedException>(() => bench.RunAsync(ScriptBench.JavaScript(script)));
            Assert.Equal((PluginFailure.Error, true), (failure.Failure, failure.Message.Contains("'seven' is no id", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task Messages_are_sent_by_name_in_both_languages()
    {
        foreach (var source in new[]
        {
            ScriptBench.CSharp("""Context.Output["answer"] = Context.Service.Execute("loy_Api", new PluginParameters { ["Text"] = "값", ["Rate"] = 1.5m })["Text"]; Context.Service.Execute("loy_Event");"""),
            ScriptBench.JavaScript("context.output.set('answer', context.service.execute('loy_Api', { Text: '값', Rate: 1.5 }).Text);\ncontext.service.execute('loy_Event');"),
        })
        {
            var services = new MemoryServices();
            var outcome = await bench.RunAsync(source, services);
            Assert.Equal("값", outcome.Output["answer"]);
            Assert.Equal(["execute loy_Api", "execute loy_Event"], services.Calls);
        }
    }

    [Fact]
    public async Task JavaScript_writes_numbers_dates_lookups_and_lists_in_the_types_of_a_row()
    {
        var outcome = await bench.RunAsync(ScriptBench.JavaScript("""
            var t = context.target;
            t.set("whole", 12).set("large", 9007199254740991).set("fraction", 12.5).set("flag", true).set("nothing", null);
            t.set("when", new Date(Date.UTC(2026, 0, 31, 8))).set("who", { logicalName: "contact", id: "0190a5b0-1111-7222-8333-444455556666" });
            t.set("money", t.get("money") + 1).set("id", "0190a5b0-1111-7222-8333-444455556666").set("day", "2026-02-28");
            t.set("choices", t.get("choices").concat(2));
            t.attributes.direct = "set";
            t.remove("gone");
            context.sharedVariables.set("list", [1, "a", { deep: 2.25 }]).set("length", [1, 2, 3].length);
            """), change: run => run with
        {
            Target = new EntityRecord("loy_card") { ["money"] = 2.00m, ["choices"] = new ChoiceValues(1, 3), ["id"] = Guid.Empty, ["day"] = new DateOnly(2026, 1, 1), ["gone"] = 1, ["kept"] = 1.10m },
        });

        var target = outcome.Target!;
        Assert.Equal(12, target["whole"]);
        Assert.Equal(9007199254740991L, target["large"]);
        Assert.Equal(12.5m, target["fraction"]);
        Assert.Equal(true, target["flag"]);
        Assert.True(target.Contains("nothing"));
        Assert.Equal(new DateTime(2026, 1, 31, 8, 0, 0, DateTimeKind.Utc), target["when"]);
        Assert.Equal(new EntityReference("contact", Guid.Parse("0190a5b0-1111-7222-8333-444455556666")), target["who"]);
        Assert.Equal(3m, target["money"]);
        Assert.Equal(Guid.Parse("0190a5b0-1111-7222-8333-444455556666"), target["id"]);
        Assert.Equal(new DateOnly(2026, 2, 28), target["day"]);
        Assert.Equal(new ChoiceValues(1, 2, 3), target["choices"]);
        Assert.Equal("set", target["direct"]);
        Assert.False(target.Contains("gone"));
        AssertSame(1.10m, target["kept"]);
        Assert.Equal(3, outcome.SharedVariables["length"]);
        var list = Assert.IsType<List<object?>>(outcome.SharedVariables["list"]);
        Assert.Equal(2.25m, Assert.IsType<PluginParameters>(list[2])["deep"]);
    }

    [Fact]
    public async Task A_script_sees_the_whole_context_in_both_languages()
    {
        var images = new Dictionary<string, EntityRecord> { ["before"] = new("loy_card") { ["loy_balance"] = 5 } };
        PluginRunChange change = run => run with
        {
            PreImages = images, PostImages = images, Depth = 3, Config = """{ "floor": 1, "rate": 0.5, "names": ["a"] }""",
            Input = new PluginParameters([KeyValuePair.Create<string, object?>("mode", "fast")]),
        };
        var csharp = await bench.RunAsync(ScriptBench.CSharp("""
            var c = Context;
            c.Trace($"{c.Message} {(int)c.Stage} {c.Depth} {c.Now:yyyy-MM-ddTHH:mm:ss} {c.User.LogicalName} {c.PreImage("before").Get<int>("loy_balance")} {c.PostImage("before")["loy_balance"]} {c.Config.Get<int>("floor")} {c.Config.Get<decimal>("rate")} {c.Input.Get<string>("mode")} {c.Target.LogicalName}");
            """), change: run => change(run));
        var javaScript = await bench.RunAsync(ScriptBench.JavaScript("""
            var c = context;
            c.trace([c.message, c.stage, c.depth, c.now.toISOString().substring(0, 19), c.user.logicalName, c.preImage("before").get("loy_balance"), c.postImage("before").attributes.loy_balance, c.config.get("floor"), c.config.get("rate"), c.input.get("mode"), c.target.logicalName].join(" "));
            """), change: run => change(run));

        Assert.Equal(["Create 20 3 2026-03-01T09:30:00 systemuser 5 5 1 0.5 fast loy_transaction"], csharp.Trace);
        Assert.Equal(csharp.Trace, javaScript.Trace);
    }

    private delegate Sdk.Hosting.PluginRun PluginRunChange(Sdk.Hosting.PluginRun run);

    private static void AssertSame(object? expected, object? actual)
    {
        Assert.Equal(expected?.GetType(), actual?.GetType());
        Assert.Equal(expected, actual);
        // Equality of decimals and of dates does not look at scale and kind.
        if (expected is decimal number) Assert.Equal(decimal.GetBits(number), decimal.GetBits((decimal)actual!));
        if (expected is DateTime time) Assert.Equal(time.Kind, ((DateTime)actual!).Kind);
    }
}
