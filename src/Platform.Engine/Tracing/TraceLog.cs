using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Tracing;

/// <summary>
/// Remembers runs of steps as rows of <c>plugintracelog</c>. They are written on their own, some at a time, beside the
/// messages that they are about: what is rolled back leaves its trace, and no message waits for it.
/// </summary>
public sealed class TraceLog : IAsyncDisposable
{
    private const string Entity = "plugintracelog";

    /// <summary>Runs that wait to be written; more than that are not remembered, so that a flood of failures fills neither memory nor disk.</summary>
    private const int MostWaiting = 5_000;

    /// <summary>Rows of one transaction.</summary>
    private const int AtOnce = 200;

    private const int LongestText = 20_000;

    /// <summary>How long a trace is kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private readonly Database database;
    private readonly Lazy<PlatformEngine> engine;
    private readonly TimeProvider clock;
    private readonly ILogger<TraceLog> log;
    private readonly ConcurrentQueue<StepTrace> waiting = new();
    private readonly Lock gate = new();
    private Task writing = Task.CompletedTask;
    private int lost;

    internal TraceLog(Database database, Lazy<PlatformEngine> engine, TimeProvider clock, ILogger<TraceLog> log)
    {
        this.database = database;
        this.engine = engine;
        this.clock = clock;
        this.log = log;
    }

    /// <summary>Completes when every run that was noted before is written.</summary>
    public Task SettledAsync()
    {
        lock (gate) return writing;
    }

    /// <summary>Takes out traces that are older than <see cref="Kept"/>.</summary>
    /// <returns>Their number.</returns>
    public Task<int> ForgetExpiredAsync(CancellationToken ct)
    {
        if (engine.Value.Metadata.Find(Entity) is not { } entity) return Task.FromResult(0);
        var before = database.Dialect.ToStorage(entity.Attribute(SystemAttributes.CreatedOn), clock.GetUtcNow().UtcDateTime - Kept);
        return database.WriteAsync(
            async (session, token) => await session.ExecuteAsync(new SqlStatement($"DELETE FROM \"{Entity}\" WHERE \"createdon\" < $1", before), token), waits: false, ct);
    }

    public async ValueTask DisposeAsync() => await SettledAsync();

    internal void Note(StepTrace trace)
    {
        if (waiting.Count >= MostWaiting)
        {
            Interlocked.Increment(ref lost);
            return;
        }
        // Known from here on: when the rest is written the services may be about to go.
        _ = engine.Value;
        waiting.Enqueue(trace);
        lock (gate)
        {
            if (!writing.IsCompleted) return;
            // What runs here has no part in the message.
            using (ExecutionContext.SuppressFlow()) writing = Task.Run(WriteAllAsync);
        }
    }

    private async Task WriteAllAsync()
    {
        while (true)
        {
            var some = new List<StepTrace>();
            while (some.Count < AtOnce && waiting.TryDequeue(out var trace)) some.Add(trace);
            if (some.Count > 0) await WriteAsync(some);
            lock (gate)
            {
                if (!waiting.IsEmpty) continue;
                // Whoever notes from now on begins anew.
                writing = Task.CompletedTask;
                return;
            }
        }
    }

    private async Task WriteAsync(List<StepTrace> traces)
    {
        if (engine.Value.Metadata.Find(Entity) is not { } entity) return;
        try
        {
            await database.WriteAsync(
                async (session, ct) =>
                {
                    foreach (var trace in traces) await RecordStore.InsertAsync(session, entity, await RowAsync(trace, session, ct), ct);
                    return 0;
                },
                waits: false,
                CancellationToken.None);
            if (Interlocked.Exchange(ref lost, 0) is > 0 and var count) log.TracesLost(count);
        }
#pragma warning disable CA1031 // A trace that cannot be written must not take anything else with it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            log.TracesNotWritten(failure, traces.Count);
        }
    }

    private async Task<EntityRecord> RowAsync(StepTrace trace, SqlSession session, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var limits = trace.Step.Limits;
        return new EntityRecord(Entity, RowId.New(now))
        {
            ["stepname"] = Cut(trace.Step.Name, 200),
            ["typename"] = Cut(trace.Step.Script, 400),
            ["messagename"] = trace.Message,
            ["primaryentity"] = trace.Row.LogicalName.Length > 0 ? trace.Row.LogicalName : null,
            ["objectid"] = trace.Row.Id == Guid.Empty ? null : trace.Row.Id,
            ["userid"] = trace.User,
            ["stage"] = (int)trace.Step.Stage,
            ["mode"] = 0,
            ["operationtype"] = 1,
            ["depth"] = trace.Depth,
            ["outcome"] = (int)trace.Outcome,
            ["performanceexecutionstarttime"] = trace.Started,
            ["performanceexecutionduration"] = (int)Math.Min(int.MaxValue, trace.Duration.TotalMilliseconds),
            ["servicecalls"] = trace.ServiceCalls,
            ["limits"] = $"{limits.Milliseconds} ms, {limits.Megabytes} MB, {limits.ServiceCalls} service calls",
            ["messageblock"] = Text(string.Join('\n', trace.Lines)),
            ["exceptiondetails"] = Text(trace.Error),
            ["cause"] = trace.Error.Length > 0 ? Storable(TraceCause.Of(trace.Step.Name, trace.Error)) : null,
            ["correlationid"] = trace.CorrelationId,
            [SystemAttributes.CreatedOn] = new DateTime(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc),
            [SystemAttributes.CreatedBy] = trace.User,
            [SystemAttributes.VersionNumber] = await session.NextVersionAsync(ct),
        };
    }

    // Scripts write what they like.
    private static string? Text(string text) => text.Length == 0 ? null : Storable(Cut(text, LongestText));

    private static string Storable(string text) => NormalForm.Of(text).Replace('\uFFFE', '\uFFFD');

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
