using Platform.Engine.Files;
using Platform.Engine.History;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Deletes a row, following the delete behaviour of the relationships that point to it.</summary>
/// <param name="IfVersion">Refuse with 412 unless the row still has this version.</param>
public sealed record Delete(EntityReference Target, long? IfVersion = null) : Message
{
    public override string Name => nameof(Delete);

    public override string EntityName => Target.LogicalName;

    internal override EntityRecord? StepTarget => new(Target.LogicalName, Target.Id);
}

internal sealed class DeleteHandler(DeleteCascade cascade, SettingsOfUsers settings, AuditWriter audit) : MessageHandler<Delete>
{
    public override bool Writes => true;

    // Steps of the rows that go or change along hold the transaction just as its own steps do.
    public override bool Waits(Message message, StepList plan) => true;

    protected override Delete Admit(Delete message, MessageScope scope)
    {
        var entity = WriteAdmission.Entity(message, scope);
        if (!scope.IsCascade) AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Delete);
        return message;
    }

    protected override async Task ReadBeforeAsync(Delete message, MessageScope scope, StepList plan, CancellationToken ct)
    {
        var columns = ImageColumns.For(scope.Metadata.Entity(message.EntityName), plan.All, StepImageType.Pre);
        scope.Before = await ExistingRow.LockAsync(message.Target, columns, Privilege.Delete, scope, ct);
        if (message.IfVersion is { } version && scope.Before.Version != version) throw Errors.VersionMismatch();
    }

    protected override async Task<MessageResult> HandleAsync(Delete message, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        AdministratorGuard.DemandNoRoleOfPack(message.Target, scope.Metadata);
        SettingsOfUsers.DemandGoesWithUser(message.Target, scope);
        var guard = await AdministratorGuard.WatchAsync(entity, scope, ct);
        var rates = await BaseCurrencyGuard.WatchAsync(entity, changes: null, scope, ct);
        await settings.DeletingAsync(entity, message.Target.Id, scope, ct);
        await cascade.FollowAsync(entity, message.Target, scope, ct);
        var files = await FileAttachments.RemoveAsync(entity, scope.Before!, scope, ct);
        await RecordStore.DeleteAsync(scope.InTransaction, entity, message.Target.Id, ct);
        await DeletionTable.AddAsync(scope.InTransaction, entity, message.Target.Id, scope.Now, ct);
        await EndSharesAsync(entity, message.Target, scope, ct);
        await guard.DemandAsync(ct);
        await rates.DemandAsync(ct);
        await audit.DeletedAsync(entity, scope.Before!, files, scope, ct);
        WriteAdmission.NoteChange(entity, scope);
        return new MessageResult { Id = message.Target.Id };
    }

    // What a user or team inherited goes with the user or team, whichever row it came from.
    private static async Task EndSharesAsync(EntityDefinition entity, EntityReference row, MessageScope scope, CancellationToken ct)
    {
        if (ShareTable.Of(scope.Metadata) is null) return;
        if (entity.Ownership == Ownership.User) await ShareTable.RemoveOfRowAsync(scope.InTransaction, row, ct);
        else if (entity.LogicalName is "systemuser" or "team") await ShareTable.RemoveOfPrincipalAsync(scope.InTransaction, row.Id, ct);
    }
}
