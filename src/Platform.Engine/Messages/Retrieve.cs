using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>Reads one row. The row goes to <paramref name="Rows"/>; a row that is not there or not for this caller is an error.</summary>
/// <param name="Columns">Logical names; empty: all.</param>
/// <param name="LookupNames">Also read the primary name of each lookup's target, and the file name of each file.</param>
/// <param name="Thumbnails">Also read the small image of each image column.</param>
public sealed record Retrieve(EntityReference Target, ImmutableArray<string> Columns, IRowSink Rows, bool LookupNames = false, bool Thumbnails = false) : Message
{
    public override string Name => nameof(Retrieve);

    public override string EntityName => Target.LogicalName;
}

internal sealed class RetrieveHandler(RecordStore store) : MessageHandler<Retrieve>
{
    public override bool Writes => false;

    protected override Retrieve Admit(Retrieve message, MessageScope scope)
    {
        AccessPolicy.Demand(scope.Metadata, scope.Caller, scope.Metadata.Entity(message.EntityName), Privilege.Read);
        return message;
    }

    protected override async Task<MessageResult> HandleAsync(Retrieve message, MessageScope scope, CancellationToken ct)
    {
        var entity = scope.Metadata.Entity(message.EntityName);
        var depth = AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Read);
        var filter = AccessPolicy.RowFilter(scope.Caller, entity, depth);
        if (!await store.ReadAsync(scope.Metadata, scope.InTransaction, message, entity, filter, ct))
            throw Errors.RecordNotFound(message.Target);
        return new MessageResult { Id = message.Target.Id };
    }
}
