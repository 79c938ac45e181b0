using Platform.Engine.Pipeline;
using Platform.Engine.Queries;
using Platform.Engine.Queries.Explaining;
using Platform.Engine.Security;

namespace Platform.Engine.Messages;

/// <summary>Says how a query would be answered, without answering it. Result: <see cref="MessageResult.Explanation"/>.</summary>
public sealed record Explain(Query Query) : Message
{
    public override string Name => nameof(Explain);

    public override string EntityName => Query.Entity.LogicalName;
}

internal sealed class ExplainHandler(QueryBudget budget) : MessageHandler<Explain>
{
    public override bool Writes => false;

    protected override Explain Admit(Explain message, MessageScope scope)
    {
        AccessPolicy.DemandRead(scope.Metadata, scope.Caller, message.Query.Entity);
        return message;
    }

    protected override async Task<MessageResult> HandleAsync(Explain message, MessageScope scope, CancellationToken ct)
    {
        var query = new CallerBinding(scope.Metadata, scope.Caller, scope.Now).Bind(message.Query);
        var compiled = QueryCompiler.Compile(scope.Metadata, scope.InTransaction.Dialect, query, AccessPolicy.Readable(scope.Metadata, scope.Caller));
        return new MessageResult { Explanation = await budget.ExplainAsync(query, compiled, scope, ct) };
    }
}
