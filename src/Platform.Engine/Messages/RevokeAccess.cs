using Platform.Engine.Pipeline;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Takes away what a user or team was granted on a row, and of the rows below what came from there. What the row inherits from the row above stays.</summary>
public sealed record RevokeAccess(EntityReference Target, EntityReference Revokee) : SharingMessage(Target)
{
    public override string Name => nameof(RevokeAccess);

    internal override EntityReference Principal => Revokee;

    internal override PluginParameters StepInput => StepParameters.Of(("Target", Target), ("Revokee", Revokee));
}

internal sealed class RevokeAccessHandler(RowSharing sharing) : SharingHandler<RevokeAccess>
{
    protected override Task ShareAsync(RevokeAccess message, MessageScope scope, CancellationToken ct) => sharing.RevokeAsync(message.Target, message.Revokee, scope, ct);
}
