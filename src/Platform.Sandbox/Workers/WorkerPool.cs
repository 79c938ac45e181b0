using Microsoft.Extensions.Logging;

namespace Platform.Sandbox.Workers;

/// <summary>
/// Hands out workers. Messages from outside wait in order for one of <see cref="WorkerPluginHostOptions.Workers"/> places;
/// a step that was caused by a running step never waits, because the one that waits for it holds a place: it gets an idle
/// worker or a new one. With depth limited to 8 there are at most eight times as many workers as places.
/// </summary>
internal sealed class WorkerPool : IAsyncDisposable
{
    private readonly WorkerPluginHostOptions options;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly WorkerProgram program;
    private readonly CancellationTokenSource closing = new();

    // Asynchronous waiters of a SemaphoreSlim are served in the order in which they came.
    private readonly SemaphoreSlim places;
    private readonly Lock gate = new();
    private readonly ITimer trim;

    // The worker used last is used next: its caches are warm, and the others can be let go.
    private readonly List<WorkerProcess> idle = [];
    private readonly HashSet<WorkerProcess> all = [];
    private readonly HashSet<Task> replacements = [];
    private IReadOnlyList<string>? protections;
    private int disposed;

    public WorkerPool(WorkerPluginHostOptions options, TimeProvider time, ILogger log)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Workers, 1);
        this.options = options;
        this.time = time;
        this.log = log;
        program = new WorkerProgram(options);
        places = new SemaphoreSlim(options.Workers);
        trim = time.CreateTimer(_ => Trim(), null, options.KeepExtraWorkers, options.KeepExtraWorkers);
    }

    /// <summary>What workers report as locked down; empty until the first has started.</summary>
    public IReadOnlyList<string> Protections => Volatile.Read(ref protections) ?? [];

    /// <summary>Starts workers until every place has one.</summary>
    public async Task WarmAsync(CancellationToken ct)
    {
        int missing;
        lock (gate) missing = options.Workers - all.Count;
        if (missing <= 0) return;
        var started = await Task.WhenAll(Enumerable.Range(0, missing).Select(_ => StartAsync(ct)));
        foreach (var worker in started) Park(worker);
    }

    /// <summary>A worker for one run; give it back with <see cref="Return"/>.</summary>
    /// <param name="depth">Depth of the message; above 1 nothing waits.</param>
    /// <exception cref="WorkerStartException">No worker could be started.</exception>
    public async ValueTask<WorkerLease> RentAsync(int depth, CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref disposed) != 0, this);
        var holdsPlace = depth <= 1;
        if (holdsPlace) await places.WaitAsync(ct);
        try
        {
            return new WorkerLease(TakeIdle() ?? await StartAsync(ct), holdsPlace);
        }
        catch
        {
            if (holdsPlace) places.Release();
            throw;
        }
    }

    public void Return(WorkerLease lease)
    {
        var worker = lease.Worker;
        if (worker.IsSpent)
        {
            Retire(worker);
            ReplaceInBackground(null);
        }
        else
        {
            // A worker that has done its share goes on until its successor is ready.
            if (worker.Runs >= options.RunsPerWorker && worker.TryMarkForReplacement()) ReplaceInBackground(worker);
            Park(worker);
        }
        if (lease.HoldsPlace) places.Release();
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await closing.CancelAsync();
        await trim.DisposeAsync();
        Task[] starting;
        lock (gate) starting = [.. replacements];
        await Task.WhenAll(starting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        WorkerProcess[] workers;
        lock (gate)
        {
            workers = [.. all];
            all.Clear();
            idle.Clear();
        }
        foreach (var worker in workers) worker.Dispose();
        places.Dispose();
        closing.Dispose();
    }

    private WorkerProcess? TakeIdle()
    {
        while (true)
        {
            WorkerProcess worker;
            lock (gate)
            {
                if (idle.Count == 0) return null;
                worker = idle[^1];
                idle.RemoveAt(idle.Count - 1);
            }
            // Somebody may have killed it while it was idle.
            if (!worker.HasEnded) return worker;
            Retire(worker);
        }
    }

    private async Task<WorkerProcess> StartAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, closing.Token);
        var began = time.GetTimestamp();
        var worker = await WorkerProcess.StartAsync(program, options.StartTimeout, time, either.Token);
        lock (gate) all.Add(worker);
        Volatile.Write(ref protections, worker.Protections);
        log.WorkerStarted(worker.Id, (long)time.GetElapsedTime(began).TotalMilliseconds, string.Join(", ", worker.Protections));
        return worker;
    }

    private void Park(WorkerProcess worker)
    {
        worker.IdleSince = time.GetTimestamp();
        lock (gate)
        {
            if (Volatile.Read(ref disposed) == 0)
            {
                idle.Add(worker);
                return;
            }
        }
        Retire(worker);
    }

    private void Retire(WorkerProcess worker)
    {
        lock (gate) all.Remove(worker);
        log.WorkerRetired(worker.Id, worker.Runs);
        worker.Dispose();
    }

    /// <summary>A fresh worker takes a third of a second to start; the next message should not pay for it.</summary>
    /// <param name="tired">Worker that ends when the fresh one is ready; <c>null</c> when it is gone already.</param>
    private void ReplaceInBackground(WorkerProcess? tired)
    {
        lock (gate)
        {
            if (Volatile.Read(ref disposed) != 0 || tired is null && all.Count + replacements.Count >= options.Workers) return;
            var start = Task.Run(() => ReplaceAsync(tired));
            replacements.Add(start);
            start.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        void Forget(Task done)
        {
            lock (gate) replacements.Remove(done);
        }
    }

    private async Task ReplaceAsync(WorkerProcess? tired)
    {
        try
        {
            Park(await StartAsync(CancellationToken.None));
            if (tired is not null) RetireWhenIdle(tired);
        }
        catch (WorkerStartException error)
        {
            // The next run tries again and reports it to its caller.
            log.WorkerNotStarted(error.Message);
        }
        catch (OperationCanceledException)
        {
            // The pool is closing.
        }
    }

    private void RetireWhenIdle(WorkerProcess worker)
    {
        bool isIdle;
        lock (gate) isIdle = idle.Remove(worker);
        // In use: it ends when its run gives it back.
        if (isIdle) Retire(worker);
        else worker.Spend();
    }

    private void Trim()
    {
        List<WorkerProcess> surplus = [];
        lock (gate)
        {
            for (var index = 0; index < idle.Count && all.Count - surplus.Count > options.Workers;)
            {
                if (time.GetElapsedTime(idle[index].IdleSince) < options.KeepExtraWorkers)
                {
                    index++;
                    continue;
                }
                surplus.Add(idle[index]);
                idle.RemoveAt(index);
            }
        }
        foreach (var worker in surplus) Retire(worker);
    }
}

/// <summary>A worker in use, and whether it occupies one of the pool's places.</summary>
internal readonly record struct WorkerLease(WorkerProcess Worker, bool HoldsPlace);
