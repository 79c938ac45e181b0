using System.Collections.Immutable;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;

namespace Platform.Engine.Messages;

/// <summary>Several messages about rows of one entity, all or none, each through its own stages. Result: <see cref="MessageResult.Parts"/>, in the same order.</summary>
public abstract record MultipleMessage(string Entity) : Message
{
    /// <summary>Rows in one message.</summary>
    public const int Most = 1_000;

    public override string EntityName => Entity;

    internal abstract IEnumerable<Message> Parts { get; }
}

/// <summary>Creates rows.</summary>
public sealed record CreateMultiple(string Entity, ImmutableArray<Create> Targets) : MultipleMessage(Entity)
{
    public override string Name => nameof(CreateMultiple);

    internal override IEnumerable<Message> Parts => Targets;
}

/// <summary>Changes rows.</summary>
public sealed record UpdateMultiple(string Entity, ImmutableArray<Update> Targets) : MultipleMessage(Entity)
{
    public override string Name => nameof(UpdateMultiple);

    internal override IEnumerable<Message> Parts => Targets;
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
                results.Add(await pipeline.Value.RunNestedAsync(part, scope.ForPart(), ct));
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
