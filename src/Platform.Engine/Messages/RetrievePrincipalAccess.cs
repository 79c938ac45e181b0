using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>All that a user or team may do with a row: by roles, as its owner, and by shares. Result: <see cref="MessageResult.Access"/>.</summary>
/// <param name="Principal">Of a team, what its roles and its shares give; of a user, what those of its teams give, too.</param>
public sealed record RetrievePrincipalAccess(EntityReference Target, EntityReference Principal) : Message
{
    public override string Name => nameof(RetrievePrincipalAccess);

    public override string EntityName => Target.LogicalName;
}

internal sealed class RetrievePrincipalAccessHandler : MessageHandler<RetrievePrincipalAccess>
{
    public override bool Writes => false;

    protected override RetrievePrincipalAccess Admit(RetrievePrincipalAccess message, MessageScope scope)
    {
        RowSharing.DemandPrincipal(message.Principal);
        AccessPolicy.Demand(scope.Metadata, scope.Caller, scope.Metadata.Entity(message.EntityName), Privilege.Read);
        return message;
    }

    protected override async Task<MessageResult> HandleAsync(RetrievePrincipalAccess message, MessageScope scope, CancellationToken ct)
    {
        var row = await RowAccess.DemandReadableAsync(message.Target, scope, ct);
        var session = scope.InTransaction;
        if (!await RecordStore.ExistsAsync(session, scope.Metadata.Entity(message.Principal.LogicalName), message.Principal.Id, ct)) throw Errors.RecordNotFound(message.Principal);
        // A user who is disabled may do nothing.
        var principal = await CallerDirectory.FindAsync(session, message.Principal, ct);
        var rights = principal is null ? AccessRights.None : await RowAccess.RightsAsync(scope.Metadata, session, principal, scope.Metadata.Entity(message.EntityName), row, ct);
        return new MessageResult { Id = message.Target.Id, Access = rights };
    }
}
