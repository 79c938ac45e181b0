using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Sets state and status of a row: an update of <c>statecode</c> and <c>statuscode</c>, with its steps and transitions.</summary>
/// <param name="Status"><c>null</c>: the first status of the state that may follow.</param>
public sealed record SetState(EntityReference Target, int State, int? Status = null) : Message
{
    public override string Name => nameof(SetState);

    public override string EntityName => Target.LogicalName;

    internal override EntityRecord? StepTarget => new(Target.LogicalName, Target.Id);

    internal override PluginParameters StepInput => StepParameters.Of(("EntityMoniker", Target), ("State", State), ("Status", Status));

    internal override Message? WithInput(PluginParameters input, MessageScope scope) =>
        this with { State = StepParameters.Number(Name, input, "State") ?? State, Status = StepParameters.Number(Name, input, "Status") };
}

internal sealed class SetStateHandler(Lazy<MessagePipeline> pipeline) : MessageHandler<SetState>
{
    public override bool Writes => true;

    public override bool Waits(Message message, StepList plan) => true;

    protected override SetState Admit(SetState message, MessageScope scope)
    {
        var entity = WriteAdmission.Entity(message, scope);
        return entity.HasState ? message : throw Errors.NoState(entity.LogicalName);
    }

    protected override Task ReadBeforeAsync(SetState message, MessageScope scope, StepList plan, CancellationToken ct) => ReadImageAsync(message.Target, Privilege.Write, scope, plan, ct);

    protected override Task<MessageResult> HandleAsync(SetState message, MessageScope scope, CancellationToken ct)
    {
        var change = new EntityRecord(message.EntityName, message.Target.Id) { [SystemAttributes.StateCode] = message.State };
        if (message.Status is { } status) change[SystemAttributes.StatusCode] = status;
        return pipeline.Value.RunNestedAsync(new Update(change), scope.ForPart(), ct);
    }
}
