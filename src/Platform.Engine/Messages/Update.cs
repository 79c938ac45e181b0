using Platform.Engine.Files;
using Platform.Engine.History;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Changes the attributes that <paramref name="Target"/> holds. Result: <see cref="MessageResult.Version"/>.</summary>
/// <param name="IfVersion">Refuse with 412 unless the row still has this version; <c>null</c>: whatever version.</param>
public sealed record Update(EntityRecord Target, long? IfVersion = null) : Message
{
    public override string Name => nameof(Update);

    public override string EntityName => Target.LogicalName;

    internal override EntityRecord? StepTarget => Target;

    internal override Message? WithTarget(EntityRecord target) => this with { Target = target };

    // Present in the request, not changed by it: that is Dataverse's rule.
    internal override bool Holds(string attribute) => Target.Contains(attribute);
}

internal sealed class UpdateHandler(AuditWriter audit, BaseAmounts money, AssignCascade assign, PersonalViewCheck views, DuplicateDetection duplicates) : MessageHandler<Update>
{
    public override bool Writes => true;

    // With a new owner go the rows that follow it, and their steps.
    public override bool Waits(Message message, StepList plan) => plan.InTransaction || ((Update)message).Target.Contains(SystemAttributes.OwnerId);

    public override Message Copy(Message message) => ((Update)message) with { Target = ((Update)message).Target.Copy() };

    protected override Update Admit(Update message, MessageScope scope)
    {
        var entity = WriteAdmission.Entity(message, scope);
        if (!scope.IsCascade) AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Write);
        return message with { Target = WriteAdmission.Target(entity, message.Target, scope) };
    }

    protected override async Task ReadBeforeAsync(Update message, MessageScope scope, StepList plan, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        // Steps may change or look at any attribute; without steps the ones that this message is about will do.
        var columns = plan.InTransaction ? ImageColumns.For(entity, plan.All, StepImageType.Pre) : RowDefaults.Touched(entity, message.Target);
        await Inheritance.LockAboveAsync(entity, message.Target, isNew: false, scope, ct);
        scope.Before = await ExistingRow.LockAsync(message.Target.ToReference(), columns, Privilege.Write, scope, ct);
        if (message.IfVersion is { } version && scope.Before.Version != version) throw Errors.VersionMismatch();
    }

    protected override async Task<MessageResult> HandleAsync(Update message, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        var changes = message.Target;
        RecordValidator.Check(entity, changes);
        RecordValidator.CheckNotEmptied(entity, changes);
        views.Apply(entity, changes, scope.Before, scope.Metadata);
        var owner = NewOwner(changes, scope.Before!);
        if (owner is not null) await DemandAssignAsync(entity, scope, ct);
        await RowDefaults.FollowAsync(entity, changes, scope.Before!, scope, ct);
        await money.ApplyAsync(entity, changes, scope.Before!, scope, ct);
        await RowReferences.DemandAsync(entity, changes, scope.Before!, scope, ct);
        await Hierarchy.DemandNoCircleAsync(entity, changes, scope.Before!, scope, ct);
        await duplicates.CheckRuleAsync(entity, changes, isNew: false, scope, ct);
        await duplicates.DemandNoneAsync(entity, changes, isNew: false, scope, ct);
        var guard = await AdministratorGuard.WatchAsync(entity, scope, ct);
        var rates = await BaseCurrencyGuard.WatchAsync(entity, changes, scope, ct);
        changes.Version = await scope.InTransaction.NextVersionAsync(ct);
        changes[SystemAttributes.VersionNumber] = changes.Version;
        var files = await FileAttachments.AttachAsync(entity, changes, scope.Before, scope, ct);
        await RecordStore.UpdateAsync(scope.InTransaction, entity, changes, ct);
        await guard.DemandAsync(ct);
        await rates.DemandAsync(ct);
        await audit.UpdatedAsync(entity, scope.Before!, changes, files, scope, ct);
        if (owner is not null) await assign.FollowAsync(entity, scope.Before!, owner, scope, ct);
        await Inheritance.UpdatedAsync(entity, scope.Before!, changes, scope, ct);
        WriteAdmission.NoteChange(entity, scope);
        return new MessageResult { Id = changes.Id, Version = changes.Version.Value };
    }

    private static EntityReference? NewOwner(EntityRecord changes, EntityRecord before) =>
        changes.GetLookup(SystemAttributes.OwnerId) is { } owner && owner != before.GetLookup(SystemAttributes.OwnerId) ? owner : null;

    // Giving a row away is another right than writing it.
    private static async Task DemandAssignAsync(EntityDefinition entity, MessageScope scope, CancellationToken ct)
    {
        if (!scope.IsCascade && !await RowAccess.ReachesAsync(scope, entity, scope.Before!, Privilege.Assign, ct))
            throw Errors.MissingPrivilege(scope.Caller.UserId, Privilege.Assign, entity.LogicalName);
    }
}
