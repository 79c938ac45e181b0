using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Replaces the rights that a user or team was granted on a row; those that it inherits stay.</summary>
/// <param name="Access">Rights of which the new ones are rights that the caller has on the row.</param>
public sealed record ModifyAccess(EntityReference Target, PrincipalAccess Access) : SharingMessage(Target)
{
    public override string Name => nameof(ModifyAccess);

    internal override EntityReference Principal => Access.Principal;

    internal override PluginParameters StepInput => StepParameters.Of(("Target", Target), ("PrincipalAccess", StepParameters.Of(("Principal", Access.Principal), ("AccessMask", Access.Rights.ToString()))));
}

internal sealed class ModifyAccessHandler(RowSharing sharing) : SharingHandler<ModifyAccess>
{
    protected override Task ShareAsync(ModifyAccess message, MessageScope scope, CancellationToken ct) => sharing.ModifyAsync(message.Target, message.Access, scope, ct);
}
