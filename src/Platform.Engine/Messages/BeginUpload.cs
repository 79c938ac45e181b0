using System.Collections.Immutable;
using Platform.Engine.Files;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Admits content for a file or image column before its first byte is taken. Result: <see cref="MessageResult.Id"/> of the upload.</summary>
/// <param name="Target">The row; an empty id for one that is yet to be created.</param>
/// <param name="Attribute">Logical name.</param>
/// <param name="Length">Bytes to come; <c>null</c> when the client does not say.</param>
public sealed record BeginUpload(EntityReference Target, string Attribute, string FileName, long? Length) : Message
{
    public override string Name => nameof(BeginUpload);

    public override string EntityName => Target.LogicalName;
}

internal sealed class BeginUploadHandler(TimeProvider clock) : MessageHandler<BeginUpload>
{
    public override bool Writes => true;

    protected override BeginUpload Admit(BeginUpload message, MessageScope scope)
    {
        var entity = WriteAdmission.Entity(message, scope);
        var attribute = entity.FileAttribute(message.Attribute);
        AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, message.Target.Id == Guid.Empty ? Privilege.Create : Privilege.Write);
        if (!scope.MayWrite(attribute)) throw Errors.ReadOnlyAttribute(entity.LogicalName, attribute.LogicalName);
        var name = FileRules.Name(entity, attribute, message.FileName);
        FileRules.DemandType(entity, attribute, name, MediaTypes.OfName(name));
        FileRules.DemandSize(entity, attribute, message.Length ?? 0);
        return message with { FileName = name };
    }

    protected override async Task ReadBeforeAsync(BeginUpload message, MessageScope scope, StepList plan, CancellationToken ct)
    {
        if (message.Target.Id == Guid.Empty) return;
        await ExistingRow.LockAsync(message.Target, RowOwner.Attributes(scope.Metadata.Entity(message.EntityName)), Privilege.Write, scope, ct);
    }

    protected override async Task<MessageResult> HandleAsync(BeginUpload message, MessageScope scope, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var upload = new FileUpload(Guid.CreateVersion7(now), message.EntityName, message.Attribute, message.FileName, 0, scope.Caller.UserId);
        await FileTable.InsertAsync(scope.InTransaction, upload, MediaTypes.OfName(message.FileName), now, ct);
        return new MessageResult { Id = upload.Id };
    }
}
