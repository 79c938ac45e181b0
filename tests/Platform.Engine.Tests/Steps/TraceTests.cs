using Platform.Engine.Messages;
using Platform.Engine.Tests.Databases;
using Platform.Engine.Tracing;
using Platform.Sdk;

namespace Platform.Engine.Tests.Steps;

/// <summary>What runs of steps leave behind in <c>plugintracelog</c>.</summary>
public abstract class TraceTests
{
    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task A_run_that_fails_or_rejects_leaves_a_trace_though_its_message_leaves_nothing()
    {
        await using var engine = await StartAsync(TimeProvider.System);
        var worker = await engine.UserAsync(ProjectPack.Worker);

        await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(Named("reject me"), worker));
        await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(Named("fail 1")));
        await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(Named("fail 22")));
        await engine.CreateAsync(Named("pass"));
        await engine.Traces.SettledAsync();

        Assert.Equal(["pass"], (await engine.QueryAsync("tst_project", "")).Select(row => row["tst_name"]));
        var traces = await engine.QueryAsync("plugintracelog", "?$orderby=plugintracelogid");
        Assert.Equal(3, traces.Count);
        var rejected = traces[0];
        Assert.Equal(("judge", "projects/entities/tst_project/judge.js", "Create", "tst_project", 20, 2, 1), (rejected["stepname"], rejected["typename"], rejected["messagename"], rejected["primaryentity"], rejected["stage"], rejected["outcome"], rejected["depth"]));
        Assert.Equal((worker.User, "judging reject me", "tst_no: Not this one.", 1), (rejected.GetLookup("userid"), rejected["messageblock"], rejected["exceptiondetails"], rejected["servicecalls"]));
        Assert.True(rejected.Get<int>("performanceexecutionduration") >= 0 && rejected.Get<Guid>("objectid") != Guid.Empty && rejected.Get<Guid>("correlationid") != Guid.Empty);
        Assert.Equal("2000 ms, 64 MB, 200 service calls", rejected["limits"]);

        // Failures of one cause are counted together, whatever numbers and names they speak of.
        Assert.All(traces.Skip(1), trace => Assert.Equal(3, trace["outcome"]));
        Assert.Contains("judge.js(4)", (string)traces[1]["exceptiondetails"]!, StringComparison.Ordinal);
        Assert.NotEqual(traces[1]["exceptiondetails"], traces[2]["exceptiondetails"]);
        var causes = await engine.QueryAsync("plugintracelog", "?$apply=filter(outcome eq 3)/groupby((cause),aggregate($count as times))");
        Assert.Equal(2L, Convert.ToInt64(Assert.Single(causes)["times"], System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task The_level_of_a_step_says_which_of_its_runs_are_remembered()
    {
        await using var engine = await StartAsync(TimeProvider.System);
        foreach (var name in new[] { "a", "b" }) await engine.CreateAsync(new EntityRecord("tst_tag") { ["tst_name"] = name });
        await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("tst_task") { ["tst_name"] = "quiet" }));
        await engine.Traces.SettledAsync();

        var traces = await engine.QueryAsync("plugintracelog", "?$orderby=plugintracelogid");
        Assert.Equal([("all", 1, "line a"), ("all", 1, "line b")], traces.Select(trace => ((string)trace["stepname"]!, (int)trace["outcome"]!, (string)trace["messageblock"]!)));
    }

    [Fact]
    public async Task Traces_are_for_those_who_may_read_them_written_by_nobody_and_gone_after_a_week()
    {
        var clock = new ShiftedClock();
        await using var engine = await StartAsync(clock);
        await engine.CreateAsync(new EntityRecord("tst_tag") { ["tst_name"] = "a" });
        await engine.Traces.SettledAsync();
        var worker = await engine.UserAsync(ProjectPack.Worker);
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<PlatformException>(() => engine.QueryAsync("plugintracelog", "", worker))).Kind);
        await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(new EntityRecord("plugintracelog") { ["stepname"] = "mine" }));
        Assert.Equal(0, await engine.Traces.ForgetExpiredAsync(CancellationToken.None));

        clock.Shift = TraceLog.Kept + TimeSpan.FromMinutes(1);
        Assert.Equal(1, await engine.Traces.ForgetExpiredAsync(CancellationToken.None));
        Assert.Empty(await engine.QueryAsync("plugintracelog", ""));
    }

    [Fact]
    public async Task A_flood_of_failures_is_written_beside_the_messages_and_none_is_lost()
    {
        await using var engine = await StartAsync(TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 60).Select(at => Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(Named($"fail {at}")))));
        await engine.Traces.SettledAsync();
        Assert.Equal(60, (await engine.QueryAsync("plugintracelog", "")).Count);
    }

    private static EntityRecord Named(string name) => new("tst_project") { ["tst_name"] = name };

    private async Task<TestEngine> StartAsync(TimeProvider clock)
    {
        var pack = new ProjectPack()
            .Write("entities/tst_project/steps.json", """{ "steps": [ { "name": "judge", "script": "judge.js", "message": "Create", "stage": "PreOperation" } ] }""")
            .Write("entities/tst_project/judge.js", "var name = context.target.get('tst_name');\ncontext.trace('judging ' + name);\nif (name.indexOf('reject') === 0) { context.service.retrieveMultiple('tst_tag', ''); context.reject('Not this one.', 'tst_no'); }\nif (name.indexOf('fail') === 0) throw new Error(\"'\" + name + \"' broke after 12 tries\");")
            .Write("entities/tst_tag/steps.json", """{ "steps": [ { "name": "all", "script": "all.csx", "message": "Create", "stage": "PostOperation", "trace": "all" } ] }""")
            .Write("entities/tst_tag/all.csx", "Context.Trace($\"line {Context.Target[\"tst_name\"]}\");")
            .Write("entities/tst_task/steps.json", """{ "steps": [ { "name": "off", "script": "off.js", "message": "Create", "stage": "PostOperation", "trace": "off" } ] }""")
            .Write("entities/tst_task/off.js", "context.reject('Quietly.', 'tst_quiet');");
        return await TestEngine.StartAsync(await DatabaseAsync(), clock, null, pack.Files);
    }

    /// <summary>The system's clock, some time on.</summary>
    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Shift { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Shift;
    }
}

public sealed class TracesOnSqlite : TraceTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class TracesOnPostgreSql : TraceTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}
