using Platform.Engine.Pipeline;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Changes what somebody was granted on a row.</summary>
public abstract record SharingMessage(EntityReference Target) : Message
{
    public override string EntityName => Target.LogicalName;

    /// <summary>The user or team.</summary>
    internal abstract EntityReference Principal { get; }

    internal override EntityRecord? StepTarget => new(Target.LogicalName, Target.Id);
}

/// <summary>Who may share, and the row that is locked for it, are the same for all of them.</summary>
internal abstract class SharingHandler<TMessage> : MessageHandler<TMessage>
    where TMessage : SharingMessage
{
    public override bool Writes => true;

    protected override TMessage Admit(TMessage message, MessageScope scope)
    {
        RowSharing.Admit(message, message.Principal, scope);
        return message;
    }

    protected override Task ReadBeforeAsync(TMessage message, MessageScope scope, StepList plan, CancellationToken ct) => RowSharing.LockAsync(message.Target, scope, ct);

    protected override async Task<MessageResult> HandleAsync(TMessage message, MessageScope scope, CancellationToken ct)
    {
        await ShareAsync(message, scope, ct);
        return new MessageResult { Id = message.Target.Id };
    }

    protected abstract Task ShareAsync(TMessage message, MessageScope scope, CancellationToken ct);
}
