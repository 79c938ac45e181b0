using System.Collections.Immutable;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Several messages about rows of one entity, all or none, each through its own stages. Result: <see cref="MessageResult.Parts"/>, in the same order.</summary>
public abstract record MultipleMessage(string Entity) : Message
{
    /// <summary>Rows in one message.</summary>
    public const int Most = 1_000;

    public override string EntityName => Entity;

    internal abstract IEnumerable<Message> Parts { get; }

    /// <summary>The message with other values in its rows.</summary>
    /// <param name="targets">In the order of <see cref="Parts"/>.</param>
    internal virtual Message? WithTargets(IReadOnlyList<EntityRecord> targets) => null;

    internal override PluginParameters StepInput => StepParameters.Of(("Targets", Parts.Select(part => (object?)part.StepTarget).ToList()));

    internal override Message? WithInput(PluginParameters input, MessageScope scope)
    {
        var (before, after) = (Parts.Select(part => part.StepTarget!).ToList(), StepParameters.Records(Name, input, "Targets"));
        if (after.Count != before.Count || before.Zip(after).Any(pair => pair.First.LogicalName != pair.Second.LogicalName || pair.First.Id != pair.Second.Id)) throw Errors.OtherTargets(Name);
        return WithTargets(after);
    }

    internal override bool Holds(string attribute) => Parts.Any(part => part.Holds(attribute));

    /// <summary>The message of several that one message is, seen as one of a single row: steps on many run for one as well, as in Dataverse's merged pipelines.</summary>
    internal static MultipleMessage Of(Message single) => single switch
    {
        Create create => new CreateMultiple(single.EntityName, [create]),
        Update update => new UpdateMultiple(single.EntityName, [update]),
        Delete delete => new DeleteMultiple(single.EntityName, [delete]),
        _ => throw new InvalidOperationException($"{single.Name} is not one of several."),
    };
}

/// <summary>Creates rows.</summary>
public sealed record CreateMultiple(string Entity, ImmutableArray<Create> Targets) : MultipleMessage(Entity)
{
    public override string Name => nameof(CreateMultiple);

    internal override IEnumerable<Message> Parts => Targets;

    internal override Message? WithTargets(IReadOnlyList<EntityRecord> targets) => this with { Targets = [.. Targets.Zip(targets, (part, target) => part with { Target = target })] };

    internal override void Tell(MessageResult result, PluginParameters output)
    {
        output["Ids"] = result.Parts.Select(part => (object?)part.Id).ToList();
        foreach (var (made, part) in Targets.Zip(result.Parts)) made.Target.Id = part.Id;
    }
}

/// <summary>Changes rows.</summary>
public sealed record UpdateMultiple(string Entity, ImmutableArray<Update> Targets) : MultipleMessage(Entity)
{
    public override string Name => nameof(UpdateMultiple);

    internal override IEnumerable<Message> Parts => Targets;

    internal override Message? WithTargets(IReadOnlyList<EntityRecord> targets) => this with { Targets = [.. Targets.Zip(targets, (part, target) => part with { Target = target })] };
}

/// <summary>Changes rows or creates them.</summary>
public sealed record UpsertMultiple(string Entity, ImmutableArray<Upsert> Targets) : MultipleMessage(Entity)
{
    public override string Name => nameof(UpsertMultiple);

    internal override IEnumerable<Message> Parts => Targets;
}

/// <summary>Deletes rows.</summary>
public sealed record DeleteMultiple(string Entity, ImmutableArray<Delete> Targets) : MultipleMessage(Entity)
{
    public override string Name => nameof(DeleteMultiple);

    internal override IEnumerable<Message> Parts => Targets;
}

internal sealed class MultipleHandler<TMessage>(Lazy<MessagePipeline> pipeline) : MessageHandler<TMessage>
    where TMessage : MultipleMessage
{
    public override bool Writes => true;

    // The steps of the rows hold the transaction; and so many rows are not put into one commit with single ones.
    public override bool Waits(Message message, StepList plan) => true;

    public override Message Copy(Message message) => ((TMessage)message).WithTargets([.. ((TMessage)message).Parts.Select(part => part.StepTarget!.Copy())]) ?? message;

    protected override TMessage Admit(TMessage message, MessageScope scope)
    {
        WriteAdmission.Entity(message, scope);
        var at = 0;
        foreach (var part in message.Parts)
        {
            if (part.EntityName != message.Entity) throw Errors.At(Place(at), Errors.OtherEntity(message.Entity, part.EntityName));
            at++;
        }
        return at is > 0 and <= MultipleMessage.Most ? message : throw Errors.RowCount(message.Name, at, MultipleMessage.Most);
    }

    protected override async Task<MessageResult> HandleAsync(TMessage message, MessageScope scope, CancellationToken ct)
    {
        var rates = await BaseCurrencyGuard.WatchAllAsync(scope.Metadata.Entity(message.Entity), scope, ct);
        var results = ImmutableArray.CreateBuilder<MessageResult>();
        foreach (var part in message.Parts)
        {
            try
            {
                results.Add(await pipeline.Value.RunNestedAsync(part, scope.ForPart(failsWhole: true), ct));
            }
            catch (PlatformException refused)
            {
                throw Errors.At(Place(results.Count), refused);
            }
        }
        await rates.DemandAsync(ct);
        return new MessageResult { Parts = results.ToImmutable() };
    }

    private static string Place(int at) => $"Targets[{at}]";
}
