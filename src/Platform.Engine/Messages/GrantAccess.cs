using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Shares a row: a user or team gets rights on it, beside those that it has. The rows below follow by their relationships.</summary>
/// <param name="Access">Rights that the caller has on the row.</param>
public sealed record GrantAccess(EntityReference Target, PrincipalAccess Access) : SharingMessage(Target)
{
    public override string Name => nameof(GrantAccess);

    internal override EntityReference Principal => Access.Principal;

    internal override PluginParameters StepInput => StepParameters.Of(("Target", Target), ("PrincipalAccess", StepParameters.Of(("Principal", Access.Principal), ("AccessMask", Access.Rights.ToString()))));
}

internal sealed class GrantAccessHandler(RowSharing sharing) : SharingHandler<GrantAccess>
{
    protected override Task ShareAsync(GrantAccess message, MessageScope scope, CancellationToken ct) => sharing.GrantAsync(message.Target, message.Access, scope, ct);
}
