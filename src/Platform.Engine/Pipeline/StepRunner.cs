using System.Diagnostics;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Pipeline;

/// <summary>Runs the steps of one stage, one after the other, each seeing what the ones before it changed.</summary>
internal sealed class StepRunner(IPluginHost host, IQueryTextParser parser, Lazy<MessagePipeline> pipeline)
{
    /// <returns>The message with what the steps made of its target.</returns>
    public async Task<Message> RunAsync(StepList plan, PluginStage stage, Message message, MessageScope scope, CancellationToken ct)
    {
        if (plan.All.IsEmpty) return message;
        var target = message.StepTarget;
        foreach (var step in plan.At(stage, message is Update ? target : null))
        {
            var outcome = await RunStepAsync(step, message, target, scope, ct);
            if (outcome.Rejection is { } rejection) throw Rejected(rejection, outcome, scope);
            scope.ShareVariables(outcome.SharedVariables);
            scope.Output = outcome.Output;
            if (stage == PluginStage.PostOperation || outcome.Target is null || message.WithTarget(outcome.Target) is not { } changed) continue;
            DemandWritable(step, target!, outcome.Target, scope);
            target = outcome.Target;
            message = changed;
        }
        return message;
    }

    private async Task<PluginOutcome> RunStepAsync(StepDefinition step, Message message, EntityRecord? target, MessageScope scope, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var run = await MakeRunAsync(step, message, target, scope, ct);
            return await host.RunAsync(run, new StepServices(pipeline.Value, parser, step, scope), ct);
        }
        catch (PluginFailedException failure)
        {
            // A script that stumbles over a value which every row must have is not what the caller needs to hear of.
            if (message is Create && step.Stage != PluginStage.PostOperation && failure.Failure == PluginFailure.Error)
                RecordValidator.CheckGiven(scope.Metadata.Entity(target!.LogicalName), target);
            throw Errors.StepFailed(step.Name, failure);
        }
        finally
        {
            scope.PluginTime += Stopwatch.GetElapsedTime(started);
        }
    }

    private static async Task<PluginRun> MakeRunAsync(StepDefinition step, Message message, EntityRecord? target, MessageScope scope, CancellationToken ct) => new()
    {
        Image = scope.Metadata.Images.GetValueOrDefault(step.Script) ?? throw new InvalidOperationException($"The script {step.Script} is not compiled."),
        Step = step.Name,
        Message = message.Name,
        Stage = step.Stage,
        Target = target,
        Input = message.StepInput,
        Output = scope.Output,
        PreImages = Images(step, StepImageType.Pre, scope.Before),
        PostImages = step.Images.Any(image => image.Type == StepImageType.Post)
            ? Images(step, StepImageType.Post, await AfterAsync(step, target!, scope, ct))
            : new Dictionary<string, EntityRecord>(),
        SharedVariables = scope.SharedVariables,
        Config = step.Config,
        User = scope.Caller.User,
        Now = scope.Now,
        Depth = scope.Depth,
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
    private static void DemandWritable(StepDefinition step, EntityRecord before, EntityRecord after, MessageScope scope)
    {
        var entity = scope.Metadata.Entity(after.LogicalName);
        foreach (var (name, value) in after.Attributes)
        {
            var attribute = entity.Attribute(name);
            var closed = attribute.Origin == AttributeOrigin.Engine || (attribute.ReadOnly && attribute.Pack != step.Pack);
            if (closed && (!before.Contains(name) || !Equals(before[name], value))) throw Errors.ReadOnlyAttribute(entity.LogicalName, name);
        }
    }

    private static PlatformException Rejected(PluginRejection rejection, PluginOutcome outcome, MessageScope scope)
    {
        var sentence = scope.Metadata.MessageText(rejection.Code, rejection.Message, scope.Caller.Language);
        return Errors.Rejected(sentence, rejection.Code, outcome.Trace);
    }
}
