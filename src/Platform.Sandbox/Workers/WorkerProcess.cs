using System.Diagnostics;
using System.Text;
using System.Threading.Channels;
using Platform.Sandbox.Protocol;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Workers;

/// <summary>One worker process and the host's end of the conversation with it. Used by one run at a time.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int ErrorHeadCharacters = 4096;
    private const int ThreadStackBytes = 256 * 1024;

    private readonly Process process;
    private readonly FrameWriter writer;
    private readonly HashSet<string> loaded = new(StringComparer.Ordinal);
    private readonly StringBuilder errorHead = new();
    private readonly TaskCompletionSource errorsRead = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Bounded, so that a worker gone mad blocks itself instead of filling the host's memory.
    private readonly Channel<WorkerFrame> frames = Channel.CreateBounded<WorkerFrame>(new BoundedChannelOptions(1024) { SingleReader = true, SingleWriter = true });

    private bool spent;
    private int replaced;

    private WorkerProcess(Process process)
    {
        this.process = process;
        writer = new FrameWriter(process.StandardInput.BaseStream);
        // Reads of pipes block; threads of their own keep them off the thread pool, which the engine needs.
        new Thread(ReadFrames, ThreadStackBytes) { IsBackground = true, Name = $"plugin worker {process.Id}" }.Start();
        new Thread(ReadErrors, ThreadStackBytes) { IsBackground = true, Name = $"plugin worker {process.Id} errors" }.Start();
    }

    public int Id => process.Id;

    /// <summary>What the worker says is locked down in it.</summary>
    public IReadOnlyList<string> Protections { get; private set; } = [];

    /// <summary>Runs started in this worker.</summary>
    public int Runs { get; private set; }

    /// <summary>Timestamp of the moment it became idle.</summary>
    public long IdleSince { get; set; }

    /// <summary>True when the worker's state is in doubt and it must not serve another run.</summary>
    public bool IsSpent => Volatile.Read(ref spent);

    /// <summary>True when the process has ended, or is about to.</summary>
    public bool HasEnded => frames.Reader.Completion.IsCompleted;

    /// <summary>Starts a worker and waits until it is ready.</summary>
    /// <exception cref="WorkerStartException">It did not start, or speaks another version.</exception>
    public static async Task<WorkerProcess> StartAsync(WorkerProgram program, TimeSpan timeout, TimeProvider time, CancellationToken ct)
    {
        WorkerProcess worker;
        try
        {
            worker = new WorkerProcess(Process.Start(program.StartInfo())!);
        }
        catch (Exception error) when (error is IOException or System.ComponentModel.Win32Exception)
        {
            throw new WorkerStartException(error.Message, error);
        }
        try
        {
            await worker.GreetAsync(timeout, time, ct);
            return worker;
        }
        catch
        {
            worker.Dispose();
            throw;
        }
    }

    private async Task GreetAsync(TimeSpan timeout, TimeProvider time, CancellationToken ct)
    {
        using var clock = new CancellationTokenSource(timeout, time);
        await using var kill = clock.Token.Register(Kill);
        await using var stop = ct.Register(Kill);
        var hello = await ReceiveAsync() as HelloFrame;
        ct.ThrowIfCancellationRequested();
        if (hello is null) throw new WorkerStartException($"The plugin worker did not start{(clock.IsCancellationRequested ? $" within {timeout.TotalSeconds:0} s" : "")}. {await ErrorHeadAsync()}".TrimEnd());
        if (hello.Version != FrameFormat.Version)
            throw new WorkerStartException($"The plugin worker speaks version {hello.Version} of the protocol, the server version {FrameFormat.Version}. Install both from one build.");
        Protections = hello.Protections;
    }

    /// <summary>Makes the image known to the worker; sends it once.</summary>
    public async ValueTask<FailedFrame?> LoadAsync(ScriptImage image, TimeSpan timeout, TimeProvider time)
    {
        if (loaded.Contains(image.Key)) return null;
        using var clock = new CancellationTokenSource(timeout, time);
        await using var kill = clock.Token.Register(Kill);
        if (!TrySend(new LoadFrame(image).Write)) return new FailedFrame(PluginFailure.WorkerDied, "");
        switch (await ReceiveAsync())
        {
            case LoadedFrame:
                loaded.Add(image.Key);
                return null;
            case FailedFrame failed:
                return failed;
            case null:
                return new FailedFrame(PluginFailure.WorkerDied, "");
            case var other:
                throw FrameException.Unexpected($"a {other.GetType().Name}");
        }
    }

    /// <summary>Writes a frame; false when the worker is gone.</summary>
    public bool TrySend(Action<FrameWriter> write)
    {
        try
        {
            write(writer);
            return true;
        }
        catch (IOException)
        {
            Spend();
            return false;
        }
    }

    /// <summary>Starts a run; false when the worker is gone.</summary>
    public bool TryStart(PluginRun run)
    {
        Runs++;
        return TrySend(frame => RunFrame.Write(frame, run));
    }

    /// <summary>The worker's next frame; <c>null</c> when it has ended.</summary>
    /// <exception cref="FrameException">It broke the protocol.</exception>
    public async ValueTask<WorkerFrame?> ReceiveAsync()
    {
        try
        {
            return await frames.Reader.ReadAsync();
        }
        catch (ChannelClosedException closed)
        {
            Spend();
            return closed.InnerException is FrameException broken ? throw new FrameException(broken.Message, broken) : null;
        }
    }

    /// <summary>Lets no further run start in this worker.</summary>
    public void Spend() => Volatile.Write(ref spent, true);

    /// <summary>True for the first caller: a worker is replaced once.</summary>
    public bool TryMarkForReplacement() => Interlocked.Exchange(ref replaced, 1) == 0;

    /// <summary>Ends the process at once (SIGKILL).</summary>
    public void Kill()
    {
        Spend();
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>The beginning of what the runtime printed when it died, and the exit code.</summary>
    public async Task<WorkerDeath> DeathAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return new WorkerDeath(process.ExitCode, await ErrorHeadAsync());
        }
        catch (OperationCanceledException)
        {
            Kill();
            return new WorkerDeath(null, await ErrorHeadAsync());
        }
    }

    public void Dispose()
    {
        Kill();
        frames.Writer.TryComplete();
        // The process object closes only streams that nobody has touched. The readers' threads see the end by themselves.
        try
        {
            process.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // Half a frame was left for a process that is gone.
        }
        process.StandardOutput.Dispose();
        process.StandardError.Dispose();
        process.Dispose();
    }

    private async Task<string> ErrorHeadAsync()
    {
        await Task.WhenAny(errorsRead.Task, Task.Delay(TimeSpan.FromSeconds(1)));
        lock (errorHead) return errorHead.ToString().Trim();
    }

    private void ReadFrames()
    {
        Exception? end = null;
        try
        {
            var reader = new FrameReader(process.StandardOutput.BaseStream);
            while (reader.Read() is { } frame)
            {
                var message = WorkerFrame.Read(frame);
                // Blocking is right here: this thread has nothing else to do, and the worker is to wait.
                if (!frames.Writer.TryWrite(message)) frames.Writer.WriteAsync(message).AsTask().GetAwaiter().GetResult();
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or ChannelClosedException)
        {
            // The process is gone or given up.
        }
        catch (Exception error) when (error is FrameException or System.Text.Json.JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            end = error as FrameException ?? new FrameException("The plugin worker sent a message that cannot be read.", error);
            Kill();
        }
        frames.Writer.TryComplete(end);
    }

    private void ReadErrors()
    {
        var chunk = new char[1024];
        try
        {
            var reader = process.StandardError;
            while (reader.Read(chunk) is > 0 and var count)
            {
                lock (errorHead)
                {
                    // The head tells the cause ("Stack overflow."); the thousands of lines after it do not.
                    errorHead.Append(chunk, 0, Math.Min(count, ErrorHeadCharacters - errorHead.Length));
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // The process is gone or given up.
        }
        errorsRead.TrySetResult();
    }
}

/// <summary>How a worker ended.</summary>
/// <param name="ExitCode"><c>null</c> when it could not be learnt.</param>
/// <param name="Errors">Beginning of its standard error.</param>
internal sealed record WorkerDeath(int? ExitCode, string Errors);

/// <summary>A worker could not be started; the message is for an operator.</summary>
internal sealed class WorkerStartException(string message, Exception? inner = null) : Exception(message, inner);
