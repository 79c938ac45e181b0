using System.Collections.Immutable;
using Platform.Engine.Files;
using Platform.Engine.History;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Creates a row, with rows that come along. Result: <see cref="MessageResult.Id"/>, <see cref="MessageResult.Version"/>.</summary>
/// <param name="Target">Values; <see cref="EntityRecord.Id"/> empty lets the engine choose a UUIDv7.</param>
public sealed record Create(EntityRecord Target) : Message
{
    /// <summary>Rows that are created or tied together with the row, in the same transaction.</summary>
    public ImmutableArray<RelatedRows> Related { get; init; } = [];

    public override string Name => nameof(Create);

    public override string EntityName => Target.LogicalName;

    internal override EntityRecord? StepTarget => Target;

    internal override Message? WithTarget(EntityRecord target) => this with { Target = target };

    internal override void Tell(MessageResult result, PluginParameters output) => output["id"] = result.Id;
}

internal sealed class CreateHandler(AuditWriter audit, BaseAmounts money, DeepInsert related, SettingsOfUsers settings, PersonalViewCheck views, DuplicateDetection duplicates, TimeProvider clock) : MessageHandler<Create>
{
    public override bool Writes => true;

    public override bool Waits(Message message, StepList plan) => plan.InTransaction || !((Create)message).Related.IsDefaultOrEmpty;

    public override Message Copy(Message message) => ((Create)message) with { Target = ((Create)message).Target.Copy() };

    protected override Create Admit(Create message, MessageScope scope)
    {
        var entity = WriteAdmission.Entity(message, scope);
        if (!scope.IsCascade) AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Create);
        message = related.Link(message, scope);
        var target = WriteAdmission.Target(entity, message.Target, scope);
        if (target.Id == Guid.Empty) target.Id = RowId.New(clock.GetUtcNow());
        return message with { Target = target };
    }

    protected override async Task ReadBeforeAsync(Create message, MessageScope scope, StepList plan, CancellationToken ct)
    {
        await Inheritance.LockAboveAsync(scope.Metadata.Entity(message.EntityName), message.Target, isNew: true, scope, ct);
        await related.CreateAboveAsync(message, scope, ct);
    }

    protected override async Task<MessageResult> HandleAsync(Create message, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        var row = message.Target;
        RecordValidator.Check(entity, row);
        views.Apply(entity, row, null, scope.Metadata);
        await RowDefaults.FillAsync(entity, row, scope, ct);
        await money.ApplyAsync(entity, row, null, scope, ct);
        RecordValidator.CheckRequired(entity, row);
        DemandDepth(entity, row, scope);
        await RowReferences.DemandAsync(entity, row, before: null, scope, ct);
        await Hierarchy.DemandNoCircleAsync(entity, row, before: null, scope, ct);
        await duplicates.CheckRuleAsync(entity, row, isNew: true, scope, ct);
        await duplicates.DemandNoneAsync(entity, row, isNew: true, scope, ct);
        var rates = await BaseCurrencyGuard.WatchAsync(entity, row, scope, ct);
        row.Version = await scope.InTransaction.NextVersionAsync(ct);
        row[SystemAttributes.VersionNumber] = row.Version;
        var files = await FileAttachments.AttachAsync(entity, row, before: null, scope, ct);
        await RecordStore.InsertAsync(scope.InTransaction, entity, row, ct);
        await rates.DemandAsync(ct);
        await audit.CreatedAsync(entity, row, files, scope, ct);
        await Inheritance.CreatedAsync(entity, row, scope, ct);
        await settings.CreatedAsync(entity, row.Id, scope, ct);
        await related.CreateBelowAsync(message, scope, ct);
        WriteAdmission.NoteChange(entity, scope);
        return new MessageResult { Id = row.Id, Version = row.Version.Value };
    }

    // The right to create reaches as far as the owner that the new row gets.
    private static void DemandDepth(EntityDefinition entity, EntityRecord row, MessageScope scope)
    {
        if (entity.Ownership != Ownership.User || scope.IsCascade) return;
        var depth = AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Create);
        if (!AccessPolicy.Reaches(scope.Caller, depth, row.GetLookup(SystemAttributes.OwnerId)?.Id, row.GetLookup(SystemAttributes.OwningBusinessUnit)?.Id))
            throw Errors.MissingPrivilege(scope.Caller.UserId, Privilege.Create, entity.LogicalName);
    }
}
