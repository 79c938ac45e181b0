using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Platform.Sandbox.CSharp;
using Platform.Sandbox.JavaScript;
using Platform.Sandbox.Protocol;
using Platform.Sandbox.Workers;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox;

/// <summary>
/// Runs scripts in worker processes. Nothing that a script does costs more than its own run: an endless loop is killed
/// from outside, a stack overflow ends a worker, and the pool replaces it.
/// </summary>
public sealed class WorkerPluginHost : IPluginHost
{
    private readonly WorkerPluginHostOptions options;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly WorkerPool pool;
    private readonly CSharpScriptCompiler csharp = new();

    public WorkerPluginHost(WorkerPluginHostOptions? options = null, TimeProvider? time = null, ILogger<WorkerPluginHost>? log = null)
    {
        this.options = options ?? new();
        this.time = time ?? TimeProvider.System;
        this.log = log ?? NullLogger<WorkerPluginHost>.Instance;
        pool = new WorkerPool(this.options, this.time, this.log);
    }

    /// <summary>What is locked down in the workers (<c>no-new-privileges</c>, <c>seccomp</c>); empty until the first has started, or where the system offers nothing.</summary>
    public IReadOnlyList<string> Protections => pool.Protections;

    /// <summary>Starts the workers ahead of the first message. Without it they start when they are needed.</summary>
    /// <exception cref="PluginFailedException">A worker could not be started (<see cref="PluginFailure.Unavailable"/>).</exception>
    public async Task WarmAsync(CancellationToken ct)
    {
        try
        {
            await pool.WarmAsync(ct);
        }
        catch (WorkerStartException error)
        {
            throw Unavailable(error, "");
        }
    }

    /// <inheritdoc />
    public Task<ScriptImage> CompileAsync(ScriptSource source, CancellationToken ct) => source.Language switch
    {
        ScriptLanguage.CSharp => Task.Run(() => csharp.Compile(source, ct), ct),
        ScriptLanguage.JavaScript => Task.Run(() => JavaScriptCompiler.Compile(source), ct),
        var language => throw new ArgumentOutOfRangeException(nameof(source), language, "There is no such script language."),
    };

    /// <inheritdoc />
    public async Task<PluginOutcome> RunAsync(PluginRun run, IPluginServices services, CancellationToken ct)
    {
        WorkerLease lease;
        try
        {
            lease = await pool.RentAsync(run.Depth, ct);
        }
        catch (WorkerStartException error)
        {
            throw Unavailable(error, run.Image.File);
        }
        try
        {
            await LoadAsync(lease.Worker, run.Image);
            return await new WorkerRun(run, services, lease.Worker, time, log).ExecuteAsync(ct);
        }
        finally
        {
            pool.Return(lease);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => pool.DisposeAsync();

    private async ValueTask LoadAsync(WorkerProcess worker, ScriptImage image)
    {
        string reason;
        try
        {
            if (await worker.LoadAsync(image, options.StartTimeout, time) is not { } failed) return;
            if (failed.Failure != PluginFailure.WorkerDied)
                throw new PluginFailedException(failed.Failure, $"{Path.GetFileName(image.File)}: {failed.Message}", image.File);
            reason = WorkerDeaths.Explain(await worker.DeathAsync()).Reason;
        }
        catch (FrameException error)
        {
            worker.Kill();
            reason = error.Message;
        }
        throw new PluginFailedException(PluginFailure.WorkerDied, $"{Path.GetFileName(image.File)}: {reason}", image.File);
    }

    private static PluginFailedException Unavailable(WorkerStartException error, string file) =>
        new(PluginFailure.Unavailable, $"Scripts cannot run: {error.Message}", file, null, error);
}
