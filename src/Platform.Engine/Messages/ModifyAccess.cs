using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Replaces the rights that a user or team was granted on a row; those that it inherits stay.</summary>
/// <param name="Access">Rights of which the new ones are rights that the caller has on the row.</param>
public sealed record ModifyAccess(EntityReference Target, PrincipalAccess Access) : Message
{
    public override string Name => nameof(ModifyAccess);

    public override string EntityName => Target.LogicalName;
}

internal sealed class ModifyAccessHandler(RowSharing sharing) : MessageHandler<ModifyAccess>
{
    public override bool Writes => true;

    protected override ModifyAccess Admit(ModifyAccess message, MessageScope scope)
    {
        RowSharing.Admit(message, message.Access.Principal, scope);
        return message;
    }

    protected override Task ReadBeforeAsync(ModifyAccess message, MessageScope scope, StepList plan, CancellationToken ct) => RowSharing.LockAsync(message.Target, scope, ct);

    protected override async Task<MessageResult> HandleAsync(ModifyAccess message, MessageScope scope, CancellationToken ct)
    {
        await sharing.ModifyAsync(message.Target, message.Access, scope, ct);
        return new MessageResult { Id = message.Target.Id };
    }
}
