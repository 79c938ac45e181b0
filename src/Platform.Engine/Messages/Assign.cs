using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Gives a row to another owner: an update of <c>ownerid</c>, with its steps, its cascade and its demand for the right to assign.</summary>
/// <param name="Assignee">A user or team.</param>
public sealed record Assign(EntityReference Target, EntityReference Assignee) : Message
{
    public override string Name => nameof(Assign);

    public override string EntityName => Target.LogicalName;

    internal override EntityRecord? StepTarget => new(Target.LogicalName, Target.Id);

    internal override PluginParameters StepInput => StepParameters.Of(("Target", Target), ("Assignee", Assignee));

    internal override Message? WithInput(PluginParameters input, MessageScope scope) => this with { Assignee = StepParameters.Row(Name, input, "Assignee") };
}

internal sealed class AssignHandler(Lazy<MessagePipeline> pipeline) : MessageHandler<Assign>
{
    public override bool Writes => true;

    public override bool Waits(Message message, StepList plan) => true;

    protected override Assign Admit(Assign message, MessageScope scope)
    {
        var entity = WriteAdmission.Entity(message, scope);
        if (entity.Ownership != Ownership.User) throw Errors.NoOwner(entity.LogicalName);
        AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Assign);
        return message;
    }

    protected override Task ReadBeforeAsync(Assign message, MessageScope scope, StepList plan, CancellationToken ct) => ReadImageAsync(message.Target, Privilege.Assign, scope, plan, ct);

    protected override Task<MessageResult> HandleAsync(Assign message, MessageScope scope, CancellationToken ct) =>
        pipeline.Value.RunNestedAsync(new Update(new EntityRecord(message.EntityName, message.Target.Id) { [SystemAttributes.OwnerId] = message.Assignee }), scope.ForPart(), ct);
}
