using Platform.Engine.Files;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Gives access to the content of a file or image column to who may read its row. Result: <see cref="MessageResult.File"/>, <see cref="MessageResult.Version"/> of the row.</summary>
/// <param name="Attribute">Logical name.</param>
public sealed record RetrieveFile(EntityReference Target, string Attribute) : Message
{
    public override string Name => nameof(RetrieveFile);

    public override string EntityName => Target.LogicalName;
}

internal sealed class RetrieveFileHandler(RecordStore store) : MessageHandler<RetrieveFile>
{
    public override bool Writes => false;

    protected override RetrieveFile Admit(RetrieveFile message, MessageScope scope)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        entity.FileAttribute(message.Attribute);
        AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Read);
        return message;
    }

    protected override async Task<MessageResult> HandleAsync(RetrieveFile message, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        var depth = AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Read);
        var rows = new RecordList();
        if (!await store.ReadAsync(scope.Metadata, scope.InTransaction, new Retrieve(message.Target, [message.Attribute], rows), entity, AccessPolicy.RowFilter(scope.Metadata, scope.Caller, entity, depth), ct))
            throw Errors.RecordNotFound(message.Target);
        var row = rows.Records[0];
        var file = row[message.Attribute] is Guid id ? await FileTable.FindAsync(scope.InTransaction, id, ct) : null;
        return new MessageResult { Id = row.Id, Version = row.Version ?? 0, File = file ?? throw Errors.NoFile(entity.LogicalName, message.Attribute) };
    }
}
