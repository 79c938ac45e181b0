using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Tests;

public sealed class WorkerPoolTests
{
    private static readonly ScriptSource Caller = ScriptBench.CSharp("Context.Service.Create(new EntityRecord(\"loy_card\")); Context.Trace(\"depth \" + Context.Depth);");

    [Fact]
    public async Task Parallel_runs_share_the_workers_and_all_succeed()
    {
        await using var bench = new ScriptBench { Host = new WorkerPluginHost(new WorkerPluginHostOptions { Workers = 2 }) };
        var csharp = await bench.Host.CompileAsync(ScriptBench.CSharp("Context.Target[\"twice\"] = Context.Target.Get<int>(\"n\") * 2;"), CancellationToken.None);
        var javaScript = await bench.Host.CompileAsync(ScriptBench.JavaScript("context.target.set('twice', context.target.get('n') * 2);"), CancellationToken.None);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 100).Select(n =>
            bench.RunAsync(n % 2 == 0 ? csharp : javaScript, change: run => run with { Target = new EntityRecord("loy_card") { ["n"] = n } })));

        Assert.Equal(Enumerable.Range(0, 100).Select(n => (object)(n * 2)), outcomes.Select(outcome => outcome.Target!["twice"]));
    }

    [Fact]
    public async Task Steps_that_cause_steps_never_wait_for_each_other()
    {
        await using var bench = new ScriptBench();
        var image = await bench.Host.CompileAsync(Caller, CancellationToken.None);
        var deepest = 0;

        async Task RunAtAsync(int depth)
        {
            var services = new MemoryServices { OnCall = (_, _) => depth < 8 ? RunAtAsync(depth + 1) : Task.CompletedTask };
            var outcome = await bench.RunAsync(image, services, run => run with { Depth = depth, Limits = new PluginLimits(Milliseconds: 60_000) });
            Assert.Equal([$"depth {depth}"], outcome.Trace);
            deepest = Math.Max(deepest, depth);
        }

        // Two messages at once on one place: the second waits for the first, and the first for nobody.
        await Task.WhenAll(RunAtAsync(1), RunAtAsync(1)).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(8, deepest);
    }

    [Fact]
    public async Task A_run_that_waits_for_a_worker_can_be_cancelled()
    {
        await using var bench = new ScriptBench();
        var image = await bench.Host.CompileAsync(Caller, CancellationToken.None);
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var busy = bench.RunAsync(image, new MemoryServices { OnCall = (_, _) => { entered.SetResult(); return release.Task; } }, run => run with { Limits = new PluginLimits(Milliseconds: 60_000) });
        await entered.Task;
        using var cancel = new CancellationTokenSource();

        var waiting = bench.Host.RunAsync(Run(image), new MemoryServices(), cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        release.SetResult();
        Assert.Single((await busy).Trace);
    }

    [Fact]
    public async Task A_cancelled_run_stops_its_script()
    {
        await using var bench = new ScriptBench();
        var image = await bench.Host.CompileAsync(ScriptBench.CSharp("while (true) { }"), CancellationToken.None);
        await bench.Host.WarmAsync(CancellationToken.None);
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Host.RunAsync(Run(image) with { Limits = new PluginLimits(Milliseconds: 60_000) }, new MemoryServices(), cancel.Token));
    }

    [Fact]
    public async Task A_worker_is_replaced_after_its_share_of_runs()
    {
        await using var bench = new ScriptBench { Host = new WorkerPluginHost(new WorkerPluginHostOptions { Workers = 1, RunsPerWorker = 2 }) };
        var image = ScriptBench.Unchecked("Context.Trace(\"\" + Environment.ProcessId);");
        var ids = new List<string>();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        // No run waits for the successor to start: the tired worker serves until then.
        while (ids.Distinct().Count() < 2 && !patience.IsCancellationRequested) ids.AddRange((await bench.RunAsync(image)).Trace);

        Assert.Equal(2, ids.Distinct().Count());
        Assert.True(ids.Count > 2, "The first worker had its two runs.");
    }

    [Fact]
    public async Task A_fresh_engine_keeps_javascript_runs_apart()
    {
        await using var bench = new ScriptBench();
        var source = ScriptBench.JavaScript("context.trace(String(Array.prototype.leak)); Array.prototype.leak = 'yes'; context.sharedVariables.set('x', 1);");

        var first = await bench.RunAsync(source);
        var second = await bench.RunAsync(source);

        Assert.Equal(["undefined"], first.Trace);
        Assert.Equal(["undefined"], second.Trace);
    }

    private static PluginRun Run(ScriptImage image) => new()
    {
        Image = image, Step = "test", Message = "Create", Stage = PluginStage.PreOperation, User = new EntityReference("systemuser", Guid.Empty), Now = ScriptBench.Now,
    };
}
