using System.Collections.Immutable;
using Platform.Engine.History;
using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;

namespace Platform.Engine.Messages;

/// <summary>
/// Reads what has changed in a table since a version, or all of it to begin with. No change is missed: one that was made
/// before and is committed later is told the next time. Result: <see cref="MessageResult.Changes"/>,
/// <see cref="MessageResult.Next"/>, <see cref="MessageResult.Total"/> where the query counts.
/// </summary>
/// <param name="Query">Columns and page; it has neither condition nor order.</param>
/// <param name="Rows">Takes the rows that are new or changed; those that went are in the result.</param>
public sealed record RetrieveEntityChanges(Query Query, IRowSink Rows) : Message
{
    /// <summary>Tell what changed after this version; <c>null</c>: all rows.</summary>
    public long? Since { get; init; }

    /// <summary>Of the pages before: up to which version they tell; <c>null</c> for the first page.</summary>
    public long? Until { get; init; }

    /// <summary>The rows have been told, and of those that went the ones up to this version; <c>null</c>: not yet.</summary>
    public long? AfterDeletion { get; init; }

    /// <summary>The query in the order in which changes are told.</summary>
    public static Query InOrder(Query query) => query with { Orders = [new OrderBy(query.Entity.Attribute(SystemAttributes.VersionNumber))] };

    public override string Name => nameof(RetrieveEntityChanges);

    public override string EntityName => Query.Entity.LogicalName;
}

/// <summary>What a page of changes says beside its rows.</summary>
/// <param name="Until">Version up to which all is told when the last page is read.</param>
/// <param name="Deleted">Rows that went, in the order in which they did.</param>
/// <param name="NextDeletion">More rows went after this version; <c>null</c>: no more.</param>
public sealed record RowChanges(long Until, ImmutableArray<DeletedRow> Deleted, long? NextDeletion);

internal sealed class RetrieveEntityChangesHandler(Lazy<MessagePipeline> pipeline) : MessageHandler<RetrieveEntityChanges>
{
    public override bool Writes => false;

    protected override RetrieveEntityChanges Admit(RetrieveEntityChanges message, MessageScope scope)
    {
        var entity = message.Query.Entity;
        // A row that passes out of somebody's sight would have to be told as gone: whoever follows a table sees all of it.
        if (AccessPolicy.Demand(scope.Metadata, scope.Caller, entity, Privilege.Read) != PrivilegeDepth.Organization) throw Errors.MissingPrivilege(scope.Caller.UserId, Privilege.Read, entity.LogicalName);
        return entity.ChangeTracking ? message : throw Errors.NotTracked(entity.LogicalName);
    }

    protected override async Task<MessageResult> HandleAsync(RetrieveEntityChanges message, MessageScope scope, CancellationToken ct)
    {
        var (session, entity) = (scope.InTransaction, message.Query.Entity);
        // First the mark, then the rows: what is committed in between is told twice rather than never.
        var settled = await session.SettledVersionAsync(ct);
        var told = Math.Max(message.Since ?? 0, message.Until ?? 0);
        // A version that this database has not come to is one of another database, or of this one before it was restored.
        if (told > settled && told > await session.LastVersionAsync(ct)) throw Errors.ExpiredDeltaToken($"{message.Since ?? message.Until}");
        // A mark that was given stays one, even when a transaction has announced itself below it since.
        settled = Math.Max(settled, told);
        var until = message.Until ?? settled;
        var query = message.AfterDeletion is null ? message.Query : message.Query with { Top = 0 };
        if (message.Since is { } since) query = Within(query, since, until);
        // A read like any other: what its steps hide is hidden here, too.
        var end = await pipeline.Value.RunNestedAsync(new RetrieveMultiple(query, message.Rows), scope.ForPart(), ct);
        if (message.Since is not { } from) return new MessageResult { Next = end.Next, Total = end.Total, Changes = new RowChanges(until, [], null) };

        var total = end.Total is { } changed ? changed + await DeletionTable.CountAsync(session, entity, from, until, ct) : (long?)null;
        if (end.Next is not null || query.Top == 0 && message.AfterDeletion is null) return new MessageResult { Next = end.Next, Total = total, Changes = new RowChanges(until, [], null) };
        var deleted = await DeletionTable.ReadAsync(session, entity, message.AfterDeletion ?? from, until, query.PageSize + 1, ct);
        var more = deleted.Count > query.PageSize;
        ImmutableArray<DeletedRow> gone = [.. more ? deleted[..query.PageSize] : deleted];
        return new MessageResult { Total = total, Changes = new RowChanges(until, gone, more ? gone[^1].Version : null) };
    }

    private static Query Within(Query query, long since, long until)
    {
        var version = query.Entity.Attribute(SystemAttributes.VersionNumber);
        return RetrieveEntityChanges.InOrder(query) with { Filter = new AllOf([new Compare(version, Comparison.Greater, since), new Compare(version, Comparison.LessOrEqual, until)]) };
    }
}
