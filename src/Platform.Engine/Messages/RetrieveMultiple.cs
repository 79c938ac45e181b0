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
    /// <summary>Dataverse's name of the output that holds the rows.</summary>
    private const string Rows = "BusinessEntityCollection";

    public override bool Writes => false;

    protected override RetrieveMultiple Admit(RetrieveMultiple message, MessageScope scope)
    {
        AccessPolicy.DemandRead(scope.Metadata, scope.Caller, message.Query.Entity);
        return message;
    }

    protected override async Task<MessageResult> HandleAsync(RetrieveMultiple message, MessageScope scope, CancellationToken ct)
    {
        if (!StepTable.Of(scope.Metadata).For(message.EntityName, message.Name).After) return await ReadAsync(message, scope, ct);
        scope.Rows = new ReadRows(message.Rows);
        var result = await ReadAsync(message with { Rows = scope.Rows }, scope, ct);
        scope.Output[Rows] = scope.Rows.Records().Cast<object?>().ToList();
        return result;
    }

    protected override async ValueTask<MessageResult> CompleteAsync(RetrieveMultiple message, MessageResult result, MessageScope scope, CancellationToken ct)
    {
        if (scope.Rows is { } rows) await rows.ReleaseAsync(message.Name, StepParameters.Records(message.Name, scope.Output, Rows), ct);
        return result;
    }

    private async Task<MessageResult> ReadAsync(RetrieveMultiple message, MessageScope scope, CancellationToken ct)
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
