using System.Diagnostics;
using Platform.Sandbox.Workers;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Tests;

/// <summary>What the process border holds alone: these scripts pass no allow-list.</summary>
public sealed class WorkerBorderTests(ScriptBench bench) : IClassFixture<ScriptBench>
{
    private static readonly ScriptSource Honest = ScriptBench.CSharp("Context.Trace(\"alive\");");

    [Fact]
    public async Task An_endless_loop_is_killed_and_the_next_run_succeeds()
    {
        foreach (var source in new[] { ScriptBench.CSharp("Context.Trace(\"in\"); while (true) { }"), ScriptBench.JavaScript("context.trace('in'); while (true) { }") })
        {
            var error = await bench.FailAsync(source, change: run => run with { Limits = new PluginLimits(Milliseconds: 300) });

            Assert.Equal(PluginFailure.Time, error.Failure);
            Assert.EndsWith("took more than 300 ms (service calls included) and was stopped", error.Message, StringComparison.Ordinal);
            Assert.Equal(["in"], error.Trace);
            Assert.Equal(["alive"], (await bench.RunAsync(Honest)).Trace);
        }
    }

    [Fact]
    public async Task A_slow_service_call_counts_against_the_time_of_the_run()
    {
        var services = new MemoryServices { OnCall = (_, ct) => Task.Delay(TimeSpan.FromSeconds(30), ct) };

        var error = await bench.FailAsync(ScriptBench.CSharp("Context.Service.RetrieveMultiple(\"loy_card\", \"\");"), services, run => run with { Limits = new PluginLimits(Milliseconds: 300) });

        Assert.Equal(PluginFailure.Time, error.Failure);
        Assert.EndsWith("was stopped during a retrieveMultiple call", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("int F(int n) => F(n + 1) + 1; F(0);", "a stack overflow")]
    [InlineData("Environment.Exit(3);", "exit code 3")]
    [InlineData("Environment.FailFast(\"bad\");", "exit code 134")]
    [InlineData("System.Diagnostics.Process.GetCurrentProcess().Kill();", "")]
    public async Task A_script_that_ends_its_worker_costs_one_failed_run(string script, string reason)
    {
        var error = await bench.FailAsync(ScriptBench.Unchecked($"Context.Trace(\"before\");\n{script}"));

        if (reason.Length > 0) Assert.Equal(PluginFailure.WorkerDied, error.Failure);
        Assert.StartsWith("plugin.csx", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(["before"], error.Trace);
        Assert.Equal(["alive"], (await bench.RunAsync(Honest)).Trace);
    }

    [Fact]
    public async Task Recursion_in_javascript_is_stopped_by_the_engine_or_by_the_border()
    {
        var counted = await bench.FailAsync(ScriptBench.JavaScript("function f() { return f() + 1; }\nf();"));
        var uncounted = await bench.FailAsync(ScriptBench.JavaScript("var o = { toString: function () { return '' + o; } };\n'' + o;"));

        Assert.Equal(PluginFailure.Error, counted.Failure);
        Assert.Contains("calls itself more than 1000 levels deep", counted.Message, StringComparison.Ordinal);
        Assert.True(uncounted.Failure is PluginFailure.WorkerDied or PluginFailure.Error);
        Assert.Equal(["alive"], (await bench.RunAsync(Honest)).Trace);
    }

    [Fact]
    public async Task Running_out_of_memory_costs_one_failed_run()
    {
        foreach (var source in new[]
        {
            ScriptBench.CSharp("var all = new List<byte[]>();\nwhile (true) all.Add(new byte[1000000]);"),
            ScriptBench.JavaScript("var all = [];\nwhile (true) all.push(new Array(1000).join('0123456789') + all.length);"),
        })
        {
            var error = await bench.FailAsync(source);

            Assert.Equal(PluginFailure.Memory, error.Failure);
            Assert.Equal(["alive"], (await bench.RunAsync(Honest)).Trace);
        }
    }

    [Fact]
    public async Task A_script_sees_neither_the_hosts_environment_nor_its_arguments_nor_its_folder()
    {
        Environment.SetEnvironmentVariable("PLATFORM_ADMIN_PASSWORD", "secret");
        await using var fresh = new ScriptBench();

        var outcome = await fresh.RunAsync(ScriptBench.Unchecked("""
            foreach (System.Collections.DictionaryEntry entry in Environment.GetEnvironmentVariables()) Context.Trace((string)entry.Key);
            Context.Trace("in " + Environment.CurrentDirectory);
            """));

        Assert.DoesNotContain("PLATFORM_ADMIN_PASSWORD", outcome.Trace);
        Assert.All(outcome.Trace, line => Assert.True(line.StartsWith("DOTNET_", StringComparison.Ordinal) || line is "TZ" or "in /", line));
    }

    [Theory]
    [InlineData("System.IO.File.ReadAllText(\"/etc/hostname\")")]
    [InlineData("System.IO.Directory.GetFiles(\"/\").Length")]
    [InlineData("new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.InterNetwork, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp).Handle")]
    [InlineData("System.Diagnostics.Process.Start(\"/bin/true\").Id")]
    [InlineData("System.IO.File.Exists(\"/etc/hostname\") ? 1 : throw new Exception(\"unseen\")")]
    public async Task Files_network_and_programs_are_out_of_reach_in_a_locked_down_worker(string expression)
    {
        await bench.Host.WarmAsync(CancellationToken.None);
        if (!bench.Host.Protections.Contains("seccomp")) return;

        var error = await bench.FailAsync(ScriptBench.Unchecked($"Context.Trace(\"\" + ({expression}));"));

        Assert.Equal(PluginFailure.Error, error.Failure);
        Assert.Equal(["alive"], (await bench.RunAsync(Honest)).Trace);
    }

    [Fact]
    public async Task What_a_script_prints_does_not_disturb_the_protocol()
    {
        var outcome = await bench.RunAsync(ScriptBench.Unchecked("Console.WriteLine(\"noise\"); Console.Out.Flush(); Console.Error.WriteLine(\"noise\"); Context.Trace(\"\" + Console.ReadLine());"));

        Assert.Equal([""], outcome.Trace);
    }

    [Fact]
    public async Task A_worker_ends_itself_when_its_host_is_gone_even_inside_a_loop()
    {
        var program = new WorkerProgram(new WorkerPluginHostOptions());
        using var process = Process.Start(program.StartInfo())!;
        var writer = new Protocol.FrameWriter(process.StandardInput.BaseStream);
        var reader = new Protocol.FrameReader(process.StandardOutput.BaseStream);
        Assert.NotNull(reader.Read());
        var image = ScriptBench.Unchecked("Context.Trace(\"in\"); while (true) { }");
        new Protocol.LoadFrame(image).Write(writer);
        Assert.NotNull(reader.Read());
        Protocol.RunFrame.Write(writer, new PluginRun
        {
            Image = image, Step = "loop", Message = "Create", Stage = PluginStage.PreOperation, User = new EntityReference("systemuser", Guid.Empty), Now = ScriptBench.Now,
        });
        Assert.IsType<Protocol.TraceFrame>(Protocol.WorkerFrame.Read(reader.Read()!.Value));

        process.StandardInput.Close();

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await process.WaitForExitAsync(patience.Token);
        Assert.Equal(0, process.ExitCode);
    }

    [Fact]
    public async Task A_missing_worker_is_reported_with_what_to_do()
    {
        await using var host = new WorkerPluginHost(new WorkerPluginHostOptions { WorkerPath = "/nowhere/Platform.PluginWorker.dll" });
        var image = await host.CompileAsync(Honest, CancellationToken.None);
        await using var broken = new ScriptBench { Host = host };

        var error = await broken.FailAsync(image);

        Assert.Equal(PluginFailure.Unavailable, error.Failure);
        Assert.Contains("Platform.Sandbox.Worker.targets", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_runs_without_lock_down_when_told_to()
    {
        await using var open = new ScriptBench { Host = new WorkerPluginHost(new WorkerPluginHostOptions { Workers = 1, LockDown = false }) };

        await open.RunAsync(Honest);

        Assert.Empty(open.Host.Protections);
    }
}
