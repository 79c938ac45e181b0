using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Proposes a new row below or after another one; nothing is written. Result: <see cref="MessageResult.Proposal"/>.</summary>
/// <param name="TargetEntity">Logical name of the entity of the new row.</param>
public sealed record InitializeFrom(EntityReference Source, string TargetEntity) : Message
{
    public override string Name => nameof(InitializeFrom);

    public override string EntityName => Source.LogicalName;
}

internal sealed class InitializeFromHandler(Lazy<MessagePipeline> pipeline) : MessageHandler<InitializeFrom>
{
    public override bool Writes => false;

    protected override InitializeFrom Admit(InitializeFrom message, MessageScope scope)
    {
        AccessPolicy.Demand(scope.Metadata, scope.Caller, scope.Metadata.Entity(message.EntityName), Privilege.Read);
        AccessPolicy.Demand(scope.Metadata, scope.Caller, scope.Metadata.Entity(message.TargetEntity), Privilege.Create);
        return message;
    }

    protected override async Task<MessageResult> HandleAsync(InitializeFrom message, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        var rows = new RecordList();
        await pipeline.Value.RunNestedAsync(new Retrieve(message.Source, [], rows), scope.ForPart(), ct);
        return new MessageResult { Proposal = RowMapping.Map(entity, rows.Records[0], scope.Metadata.Entity(message.TargetEntity)) };
    }
}
