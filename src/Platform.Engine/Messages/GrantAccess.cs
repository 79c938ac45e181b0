using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Shares a row: a user or team gets rights on it, beside those that it has. The rows below follow by their relationships.</summary>
/// <param name="Access">Rights that the caller has on the row.</param>
public sealed record GrantAccess(EntityReference Target, PrincipalAccess Access) : Message
{
    public override string Name => nameof(GrantAccess);

    public override string EntityName => Target.LogicalName;
}

internal sealed class GrantAccessHandler(RowSharing sharing) : MessageHandler<GrantAccess>
{
    public override bool Writes => true;

    protected override GrantAccess Admit(GrantAccess message, MessageScope scope)
    {
        RowSharing.Admit(message, message.Access.Principal, scope);
        return message;
    }

    protected override Task ReadBeforeAsync(GrantAccess message, MessageScope scope, StepList plan, CancellationToken ct) => RowSharing.LockAsync(message.Target, scope, ct);

    protected override async Task<MessageResult> HandleAsync(GrantAccess message, MessageScope scope, CancellationToken ct)
    {
        await sharing.GrantAsync(message.Target, message.Access, scope, ct);
        return new MessageResult { Id = message.Target.Id };
    }
}
