using System.Diagnostics;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Tracing;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Pipeline;

/// <summary>Runs the steps of one stage, one after the other, each seeing what the ones before it changed.</summary>
internal sealed class StepRunner(IPluginHost host, IQueryTextParser parser, Lazy<MessagePipeline> pipeline, TraceLog traces)
{
    /// <returns>The message with what the steps made of its target and input.</returns>
    public async Task<Message> RunAsync(StepList plan, PluginStage stage, Message message, MessageScope scope, CancellationToken ct)
    {
        if (plan.All.IsEmpty) return message;
        foreach (var step in plan.At(stage, message))
        {
            // A step on many rows that runs for one of them: not where that one is one of the many it has run for.
            var isOfMany = step.Message != message.Name;
            if (isOfMany && scope.IsPartOf(step.Message)) continue;
            var seen = isOfMany ? MultipleMessage.Of(message) : message;
            var outcome = await RunStepAsync(step, seen, scope, ct);
            if (outcome.Rejection is { } rejection) throw Rejected(rejection, outcome, scope);
            scope.ShareVariables(outcome.SharedVariables);
            scope.Output = outcome.Output;
            if (stage is PluginStage.PostOperation or PluginStage.MainOperation) continue;
            var changed = Changed(step, seen, outcome, scope);
            message = isOfMany ? ((MultipleMessage)changed).Parts.First() : changed;
        }
        return message;
    }

    private static Message Changed(StepDefinition step, Message message, PluginOutcome outcome, MessageScope scope)
    {
        var changed = message;
        if (outcome.Input is { } input && changed.WithInput(input, scope) is { } other) changed = other;
        if (outcome.Target is { } target && changed.WithTarget(target) is { } written) changed = written;
        if (ReferenceEquals(changed, message)) return message;
        if (message is MultipleMessage many)
        {
            foreach (var (before, after) in many.Parts.Zip(((MultipleMessage)changed).Parts)) DemandWritable(step, before, after, scope);
        }
        else
        {
            DemandWritable(step, message, changed, scope);
        }
        return changed;
    }

    private async Task<PluginOutcome> RunStepAsync(StepDefinition step, Message message, MessageScope scope, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var run = await MakeRunAsync(step, message, scope, ct);
            var outcome = await host.RunAsync(run, new StepServices(pipeline.Value, parser, step, scope), ct);
            Trace(step, message, scope, started, outcome.Rejection is null ? StepOutcome.Succeeded : StepOutcome.Rejected, outcome.ServiceCalls, outcome.Trace, outcome.Rejection is { } rejection ? Said(rejection) : "");
            return outcome;
        }
        catch (PluginFailedException failure)
        {
            Trace(step, message, scope, started, StepOutcome.Failed, failure.ServiceCalls, failure.Trace, $"{failure.Failure}: {failure.Message}");
            // A script that stumbles over a value which every row must have is not what the caller needs to hear of.
            if (message is Create { Target: var target } && step.Stage != PluginStage.PostOperation && failure.Failure == PluginFailure.Error)
                RecordValidator.CheckGiven(scope.Metadata.Entity(target.LogicalName), target);
            throw Errors.StepFailed(step.Name, failure);
        }
        finally
        {
            scope.PluginTime += Stopwatch.GetElapsedTime(started);
        }
    }

    private void Trace(StepDefinition step, Message message, MessageScope scope, long started, StepOutcome outcome, int serviceCalls, IReadOnlyList<string> lines, string error)
    {
        if (step.Trace == StepTraceLevel.Off || (step.Trace == StepTraceLevel.Exceptions && outcome == StepOutcome.Succeeded)) return;
        traces.Note(new StepTrace(
            step, message.Name, new EntityReference(message.EntityName, message.StepTarget?.Id ?? Guid.Empty), scope.Caller.User, scope.Depth, scope.CorrelationId,
            scope.Now, Stopwatch.GetElapsedTime(started), outcome, serviceCalls, lines, error));
    }

    private static string Said(PluginRejection rejection) => rejection.Code.Length > 0 ? $"{rejection.Code}: {rejection.Message}" : rejection.Message;

    private static async Task<PluginRun> MakeRunAsync(StepDefinition step, Message message, MessageScope scope, CancellationToken ct) => new()
    {
        Image = scope.Metadata.Images.GetValueOrDefault(step.Script) ?? throw new InvalidOperationException($"The script {step.Script} is not compiled."),
        Step = step.Name,
        Message = message.Name,
        Stage = step.Stage,
        Target = message.StepTarget,
        Input = message.StepInput,
        Output = scope.Output,
        PreImages = Images(step, StepImageType.Pre, scope.Before),
        PostImages = step.Images.Any(image => image.Type == StepImageType.Post)
            ? Images(step, StepImageType.Post, await AfterAsync(step, message.StepTarget!, scope, ct))
            : new Dictionary<string, EntityRecord>(),
        SharedVariables = scope.SharedVariables,
        Config = step.Config,
        User = scope.Caller.User,
        Now = scope.Now,
        Depth = scope.Depth,
        Parent = scope.ParentForSteps(),
        Limits = step.Limits,
    };

    private static Dictionary<string, EntityRecord> Images(StepDefinition step, StepImageType type, EntityRecord? row)
    {
        var images = new Dictionary<string, EntityRecord>();
        if (row is null) return images;
        foreach (var image in step.Images.Where(image => image.Type == type))
        {
            var copy = new EntityRecord(row.LogicalName, row.Id) { Version = row.Version };
            foreach (var (name, value) in row.Attributes)
            {
                if (image.Attributes.IsEmpty || image.Attributes.Contains(name)) copy[name] = value;
            }
            images[image.Alias] = copy;
        }
        return images;
    }

    private static Task<EntityRecord?> AfterAsync(StepDefinition step, EntityRecord target, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(target.LogicalName);
        return RecordStore.LockAsync(scope.Metadata, scope.InTransaction, entity, target.Id, ImageColumns.For(entity, [step], StepImageType.Post), ct);
    }

    // By way of the target, too, a step writes neither what the engine sets nor another pack's read-only attributes.
    private static void DemandWritable(StepDefinition step, Message before, Message after, MessageScope scope)
    {
        if (before.WithTarget(before.StepTarget!) is null) return;
        var (old, next) = (before.StepTarget!, after.StepTarget!);
        var entity = scope.Metadata.Entity(next.LogicalName);
        foreach (var (name, value) in next.Attributes)
        {
            var attribute = entity.Attribute(name);
            var closed = attribute.Origin == AttributeOrigin.Engine || (attribute.ReadOnly && attribute.Pack != step.Pack);
            if (closed && (!old.Contains(name) || !Equals(old[name], value))) throw Errors.ReadOnlyAttribute(entity.LogicalName, name);
        }
    }

    private static PlatformException Rejected(PluginRejection rejection, PluginOutcome outcome, MessageScope scope)
    {
        var sentence = scope.Metadata.MessageText(rejection.Code, rejection.Message, scope.Caller.Language);
        return Errors.Rejected(sentence, rejection.Code, outcome.Trace);
    }
}
