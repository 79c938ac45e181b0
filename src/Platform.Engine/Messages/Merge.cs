using Platform.Engine.History;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>
/// Makes one row of two: what leads to the subordinate by a relationship whose cascade rule for merge says so leads to
/// the target afterwards, so do its N:N pairs; with whom it is shared the target is shared, too; the subordinate is deactivated.
/// </summary>
/// <param name="UpdateContent">Values that the target takes over; <c>null</c> for none.</param>
/// <param name="PerformParentingChecks">Refuse when the two have different rows above them.</param>
public sealed record Merge(EntityReference Target, EntityReference Subordinate, EntityRecord? UpdateContent = null, bool PerformParentingChecks = false) : Message
{
    public override string Name => nameof(Merge);

    public override string EntityName => Target.LogicalName;

    internal override EntityRecord? StepTarget => new(Target.LogicalName, Target.Id);

    internal override PluginParameters StepInput => StepParameters.Of(
        ("Target", Target), ("SubordinateId", Subordinate.Id), ("UpdateContent", UpdateContent), ("PerformParentingChecks", PerformParentingChecks));

    internal override Message? WithInput(PluginParameters input, MessageScope scope)
    {
        var content = StepParameters.Record(Name, input, "UpdateContent");
        if (content is not null && content.LogicalName != EntityName) throw Errors.OtherEntity(EntityName, content.LogicalName);
        return this with { UpdateContent = content };
    }
}

internal sealed class MergeHandler(Lazy<MessagePipeline> pipeline, MergeCascade cascade, AuditWriter audit) : MessageHandler<Merge>
{
    public override bool Writes => true;

    public override bool Waits(Message message, StepList plan) => true;

    protected override Merge Admit(Merge message, MessageScope scope)
    {
        var entity = WriteAdmission.Entity(message, scope);
        foreach (var other in (string?[])[message.Subordinate.LogicalName, message.UpdateContent?.LogicalName])
        {
            if (other is not null && other != entity.LogicalName) throw Errors.OtherEntity(entity.LogicalName, other);
        }
        if (message.UpdateContent is { } content && content.Id != Guid.Empty && content.Id != message.Target.Id) throw Errors.OtherId(entity.LogicalName, content.Id);
        if (message.Target.Id == message.Subordinate.Id) throw Errors.CannotMerge(entity.LogicalName, "the two are one row");
        // Whoever is merged with a user would get that user's roles.
        if (entity.IsIntersect || EndState(entity) is null || WriteAdmission.DecidesRights(entity)) throw Errors.NotMergeable(entity.LogicalName);
        AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Write);
        return message;
    }

    protected override async Task ReadBeforeAsync(Merge message, MessageScope scope, StepList plan, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        var rows = new Dictionary<Guid, EntityRecord>();
        // In one order, so that two merges of the same rows do not wait for each other.
        foreach (var row in new[] { message.Target, message.Subordinate }.OrderBy(row => row.Id))
            rows[row.Id] = await ExistingRow.LockAsync(row, entity.Stored, Privilege.Write, scope, ct);
        var (target, subordinate) = (rows[message.Target.Id], rows[message.Subordinate.Id]);
        if (subordinate.Get<int>(SystemAttributes.StateCode) != entity.Attribute(SystemAttributes.StateCode).Options[0].Value)
            throw Errors.CannotMerge(entity.LogicalName, "the subordinate is not active");
        if (message.PerformParentingChecks) DemandSameParents(entity, target, subordinate);
        scope.Before = subordinate;
    }

    protected override async Task<MessageResult> HandleAsync(Merge message, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        if (message.UpdateContent is { } content)
        {
            var changes = content.Copy();
            changes.Id = message.Target.Id;
            await pipeline.Value.RunNestedAsync(new Update(changes), scope.ForPart(), ct);
        }
        await ShareAsync(message, scope, ct);
        await cascade.FollowAsync(entity, scope.Before!, message.Target, scope, ct);
        var end = new EntityRecord(entity.LogicalName, message.Subordinate.Id) { [SystemAttributes.StateCode] = EndState(entity) };
        if (StatusOfMerged(entity) is { } status) end[SystemAttributes.StatusCode] = status.Value;
        await pipeline.Value.RunNestedAsync(new Update(end), scope.ForPart(), ct);
        await audit.MergedAsync(message.Target, message.Subordinate, scope, ct);
        return new MessageResult { Id = message.Target.Id };
    }

    // Who worked with the row that goes works with the one that stays. Before rows move below it: they inherit from it.
    private async Task ShareAsync(Merge message, MessageScope scope, CancellationToken ct)
    {
        if (ShareTable.Of(scope.Metadata) is not { } table || scope.Metadata.Entity(message.EntityName).Ownership != Ownership.User) return;
        var shares = await table.FindAsync(scope.InTransaction, message.EntityName, [message.Subordinate.Id], null, ct);
        foreach (var share in shares.Where(share => share.Own != AccessRights.None).OrderBy(share => share.Principal.Id))
            await pipeline.Value.RunNestedAsync(new GrantAccess(message.Target, new PrincipalAccess(share.Principal, share.Own)), scope.ForPart(), ct);
    }

    /// <summary>The state of a merged row: that of the status which the table has for it, else the second one; <c>null</c> where there is none.</summary>
    private static int? EndState(EntityDefinition entity)
    {
        if (StatusOfMerged(entity) is { } status) return status.State;
        return entity.HasState && entity.Attribute(SystemAttributes.StateCode).Options is [_, var inactive, ..] ? inactive.Value : null;
    }

    private static ChoiceOption? StatusOfMerged(EntityDefinition entity) =>
        entity.Find(SystemAttributes.StatusCode)?.Options.FirstOrDefault(status => status.IsOfMerged);

    private static void DemandSameParents(EntityDefinition entity, EntityRecord target, EntityRecord subordinate)
    {
        foreach (var lookup in entity.Attributes.Where(attribute => attribute.Lookup is { IsHierarchical: true } or { Cascade.IsParental: true }))
        {
            if (!Equals(target[lookup.LogicalName], subordinate[lookup.LogicalName])) throw Errors.CannotMerge(entity.LogicalName, $"their '{lookup}' is not the same");
        }
    }
}
