using Platform.Engine.Pipeline;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Takes away what a user or team was granted on a row, and of the rows below what came from there. What the row inherits from the row above stays.</summary>
public sealed record RevokeAccess(EntityReference Target, EntityReference Revokee) : Message
{
    public override string Name => nameof(RevokeAccess);

    public override string EntityName => Target.LogicalName;
}

internal sealed class RevokeAccessHandler(RowSharing sharing) : MessageHandler<RevokeAccess>
{
    public override bool Writes => true;

    protected override RevokeAccess Admit(RevokeAccess message, MessageScope scope)
    {
        RowSharing.Admit(message, message.Revokee, scope);
        return message;
    }

    protected override Task ReadBeforeAsync(RevokeAccess message, MessageScope scope, StepList plan, CancellationToken ct) => RowSharing.LockAsync(message.Target, scope, ct);

    protected override async Task<MessageResult> HandleAsync(RevokeAccess message, MessageScope scope, CancellationToken ct)
    {
        await sharing.RevokeAsync(message.Target, message.Revokee, scope, ct);
        return new MessageResult { Id = message.Target.Id };
    }
}
