using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Queries;
using Platform.Engine.Queries.Explaining;
using Platform.Engine.Records;
using Platform.Engine.Security;

namespace Platform.Engine.Messages;

/// <summary>Reads rows. They stream to <paramref name="Rows"/>. Result: <see cref="MessageResult.Next"/>, <see cref="MessageResult.Total"/>.</summary>
public sealed record RetrieveMultiple(Query Query, IRowSink Rows) : Message
{
    public override string Name => nameof(RetrieveMultiple);

    public override string EntityName => Query.Entity.LogicalName;
}

internal sealed class RetrieveMultipleHandler(QueryExecutor executor, QueryBudget budget) : MessageHandler<RetrieveMultiple>
{
    public override bool Writes => false;

    protected override RetrieveMultiple Admit(RetrieveMultiple message, MessageScope scope)
    {
        AccessPolicy.DemandRead(scope.Metadata, scope.Caller, message.Query.Entity);
        return message;
    }

    protected override async Task<MessageResult> HandleAsync(RetrieveMultiple message, MessageScope scope, CancellationToken ct)
    {
        var query = message.Query;
        query = new CallerBinding(scope.Metadata, scope.Caller, scope.Now).Bind(query);
        var rights = AccessPolicy.Readable(scope.Metadata, scope.Caller);
        var compiled = executor.Compile(scope.Metadata, scope.InTransaction.Dialect, query, rights);
        await budget.DemandAsync(query, compiled, scope, ct);
        var end = await QueryExecutor.RunAsync(scope.Metadata, scope.InTransaction, query, compiled, rights, message.Rows, ct);
        return new MessageResult { Next = end.Next, Total = end.Total };
    }
}
