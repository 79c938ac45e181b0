using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Users and teams that a row is shared with, and what they may do with it, granted or inherited. Result: <see cref="MessageResult.Shares"/>.</summary>
public sealed record RetrieveSharedPrincipalsAndAccess(EntityReference Target) : Message
{
    public override string Name => nameof(RetrieveSharedPrincipalsAndAccess);

    public override string EntityName => Target.LogicalName;
}

internal sealed class RetrieveSharedPrincipalsAndAccessHandler : MessageHandler<RetrieveSharedPrincipalsAndAccess>
{
    public override bool Writes => false;

    protected override RetrieveSharedPrincipalsAndAccess Admit(RetrieveSharedPrincipalsAndAccess message, MessageScope scope)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Metadata.Privilege.Read);
        RowSharing.DemandShareable(entity, scope.Metadata);
        return message;
    }

    protected override async Task<MessageResult> HandleAsync(RetrieveSharedPrincipalsAndAccess message, MessageScope scope, CancellationToken ct)
    {
        await RowAccess.DemandReadableAsync(message.Target, scope, ct);
        var shares = await ShareTable.Of(scope.Metadata)!.FindAsync(scope.InTransaction, message.EntityName, [message.Target.Id], null, ct);
        return new MessageResult { Id = message.Target.Id, Shares = [.. shares.OrderBy(share => share.Principal.Id).Select(share => new PrincipalAccess(share.Principal, share.Rights))] };
    }
}
