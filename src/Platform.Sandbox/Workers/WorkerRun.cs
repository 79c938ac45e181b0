using Microsoft.Extensions.Logging;
using Platform.Sandbox.CSharp;
using Platform.Sandbox.Protocol;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Workers;

/// <summary>One run on one worker: starts it, answers its service calls, stops it when its time is up, and says how it ended.</summary>
internal sealed class WorkerRun(PluginRun run, IPluginServices services, WorkerProcess worker, TimeProvider time, ILogger log)
{
    private readonly List<string> trace = [];
    private int serviceCalls;
    private string? callInProgress;
    private ServiceCallException? refusal;

    private string File => Path.GetFileName(run.Image.File);

    public async Task<PluginOutcome> ExecuteAsync(CancellationToken ct)
    {
        var began = time.GetTimestamp();
        using var clock = new CancellationTokenSource(TimeSpan.FromMilliseconds(run.Limits.Milliseconds), time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, ct);
        await using var kill = stop.Token.Register(worker.Kill);
        try
        {
            if (!worker.TryStart(run)) throw await DiedAsync(clock, ct);
            while (await worker.ReceiveAsync() is { } frame)
            {
                switch (frame)
                {
                    case TraceFrame line:
                        trace.Add(line.Line);
                        break;
                    case CallFrame call:
                        await AnswerAsync(call, stop.Token);
                        break;
                    case DoneFrame done:
                        return Outcome(began) with { Target = done.Target, Input = done.Input, Output = done.Output, SharedVariables = done.SharedVariables };
                    case RejectedFrame rejected:
                        return Outcome(began) with { Target = run.Target, Rejection = new PluginRejection(rejected.Message, rejected.Code) };
                    case FailedFrame failed:
                        throw Failed(failed);
                    default:
                        throw FrameException.Unexpected($"a {frame.GetType().Name}");
                }
            }
            throw await DiedAsync(clock, ct);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            // A service call gave up because the time of the run was over.
            throw OutOfTime();
        }
        catch (FrameException broken)
        {
            worker.Kill();
            throw new PluginFailedException(PluginFailure.WorkerDied, $"{File}: {broken.Message}", run.Image.File, null, broken) { Trace = trace, ServiceCalls = serviceCalls };
        }
    }

    /// <summary>Answers one service call. Anything but a refusal ends the run: it is not the script's to handle.</summary>
    private async Task AnswerAsync(CallFrame call, CancellationToken ct)
    {
        if (++serviceCalls > run.Limits.ServiceCalls) throw FrameException.Unexpected("more service calls than granted");
        callInProgress = call.Name;
        AnswerFrame answer;
        try
        {
            refusal = null;
            answer = new AnswerFrame(await ServeAsync(call, ct));
        }
        catch (ServiceCallException error)
        {
            refusal = error;
            answer = new AnswerFrame(null, error.Code, error.Message);
        }
        catch
        {
            // The worker waits for an answer that will not come.
            worker.Kill();
            throw;
        }
        callInProgress = null;
        Send(answer);
    }

    private void Send(AnswerFrame answer)
    {
        try
        {
            // When the worker is gone the next read says so.
            worker.TrySend(answer.Write);
        }
        catch (FrameException tooLarge)
        {
            refusal = new ServiceCallException("plugin_answer_too_large", tooLarge.Message + " Ask for fewer columns or rows.", tooLarge);
            worker.TrySend(new AnswerFrame(null, refusal.Code, refusal.Message).Write);
        }
    }

    private async Task<object?> ServeAsync(CallFrame call, CancellationToken ct)
    {
        switch (call.Name, call.Arguments)
        {
            case ("create", [EntityRecord record]):
                return await services.CreateAsync(record, ct);
            case ("update", [EntityRecord record]):
                await services.UpdateAsync(record, ct);
                return null;
            case ("delete", [EntityReference reference]):
                await services.DeleteAsync(reference, ct);
                return null;
            case ("retrieve", [EntityReference reference, List<object?> attributes]):
                return await services.RetrieveAsync(reference, [.. attributes.OfType<string>()], ct);
            case ("retrieveMultiple", [string entity, string query]):
                return await services.RetrieveMultipleAsync(entity, query, ct);
            case ("associate", [EntityReference target, string relationship, List<object?> related]):
                await services.AssociateAsync(target, relationship, [.. related.OfType<EntityReference>()], ct);
                return null;
            case ("disassociate", [EntityReference target, string relationship, List<object?> related]):
                await services.DisassociateAsync(target, relationship, [.. related.OfType<EntityReference>()], ct);
                return null;
            case ("execute", [string message, PluginParameters input]):
                return await services.ExecuteAsync(message, input, ct);
            default:
                throw FrameException.Unexpected($"a call of '{call.Name}' with these arguments");
        }
    }

    private PluginOutcome Outcome(long began) => new()
    {
        Trace = trace,
        Duration = time.GetElapsedTime(began),
        ServiceCalls = serviceCalls,
    };

    private PluginFailedException Failed(FailedFrame failed)
    {
        var line = failed.Line ?? CSharpLines.Find(run.Image, failed.Frames);
        if (failed.Failure == PluginFailure.Memory) worker.Kill();
        var place = line is null ? File : $"{File}({line})";
        return new PluginFailedException(failed.Failure, $"{place}: {failed.Message}", run.Image.File, line, failed.IsServiceError ? refusal : null) { Trace = trace, ServiceCalls = serviceCalls };
    }

    private async Task<Exception> DiedAsync(CancellationTokenSource clock, CancellationToken ct)
    {
        if (ct.IsCancellationRequested) return new OperationCanceledException(ct);
        if (clock.IsCancellationRequested) return OutOfTime();
        var death = await worker.DeathAsync();
        var (failure, reason) = WorkerDeaths.Explain(death);
        log.WorkerDied(worker.Id, run.Step, reason);
        return new PluginFailedException(failure, $"{File}: {reason}", run.Image.File) { Trace = trace, ServiceCalls = serviceCalls };
    }

    private PluginFailedException OutOfTime()
    {
        var where = callInProgress is null ? "" : $" during a {callInProgress} call";
        return new PluginFailedException(
            PluginFailure.Time, $"{File}: took more than {run.Limits.Milliseconds} ms (service calls included) and was stopped{where}", run.Image.File) { Trace = trace, ServiceCalls = serviceCalls };
    }
}
