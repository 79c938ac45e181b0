using Platform.Sandbox.CSharp;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Tests;

/// <summary>A host of its own for one test class, and short words for compiling and running.</summary>
public sealed class ScriptBench : IAsyncDisposable
{
    public static readonly DateTime Now = new(2026, 3, 1, 9, 30, 0, DateTimeKind.Utc);

    public WorkerPluginHost Host { get; init; } = new(new WorkerPluginHostOptions { Workers = 1, HeapMegabytes = 128 });

    internal static ScriptSource CSharp(string text, string file = "entities/loy_transaction/plugin.csx") => new(file, ScriptLanguage.CSharp, text);

    internal static ScriptSource JavaScript(string text, string file = "entities/loy_card/plugin.js") => new(file, ScriptLanguage.JavaScript, text);

    /// <summary>Compiles without the allow-lists: what the process border has to hold alone.</summary>
    internal static ScriptImage Unchecked(string text) => new CSharpScriptCompiler(checkApi: false).Compile(CSharp(text), CancellationToken.None);

    internal async Task<PluginOutcome> RunAsync(ScriptSource source, IPluginServices? services = null, Func<PluginRun, PluginRun>? change = null) =>
        await RunAsync(await Host.CompileAsync(source, CancellationToken.None), services, change);

    internal Task<PluginOutcome> RunAsync(ScriptImage image, IPluginServices? services = null, Func<PluginRun, PluginRun>? change = null)
    {
        var run = new PluginRun
        {
            Image = image,
            Step = "test",
            Message = "Create",
            Stage = PluginStage.PreOperation,
            User = new EntityReference("systemuser", Guid.CreateVersion7()),
            Now = Now,
            Target = new EntityRecord("loy_transaction"),
            // Generous: only tests of the limit itself depend on the clock.
            Limits = new PluginLimits(Milliseconds: 60_000),
        };
        return Host.RunAsync(change?.Invoke(run) ?? run, services ?? new MemoryServices(), CancellationToken.None);
    }

    internal Task<PluginFailedException> FailAsync(ScriptSource source, IPluginServices? services = null, Func<PluginRun, PluginRun>? change = null) =>
        Assert.ThrowsAsync<PluginFailedException>(() => RunAsync(source, services, change));

    internal Task<PluginFailedException> FailAsync(ScriptImage image, IPluginServices? services = null, Func<PluginRun, PluginRun>? change = null) =>
        Assert.ThrowsAsync<PluginFailedException>(() => RunAsync(image, services, change));

    internal async Task<IReadOnlyList<ScriptError>> RefusalsAsync(ScriptSource source) =>
        (await Assert.ThrowsAsync<ScriptCompilationException>(() => Host.CompileAsync(source, CancellationToken.None))).Errors;

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
