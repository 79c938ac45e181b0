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

    protected override Task<MessageResult> HandleAsync(SetState message, MessageScope scope, CancellationToken ct)
    {
        var change = new EntityRecord(message.EntityName, message.Target.Id) { [SystemAttributes.StateCode] = message.State };
        if (message.Status is { } status) change[SystemAttributes.StatusCode] = status;
        return pipeline.Value.RunNestedAsync(new Update(change), scope.ForPart(), ct);
    }
}
