using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Security;

/// <summary>
/// The shares of rows in <c>principalobjectaccess</c>, in the transaction of the message. Whoever changes the shares of
/// a row holds the row's lock.
/// </summary>
internal sealed class ShareTable
{
    private const string Key = "principalobjectaccessid", Row = "objectid", RowEntity = "objecttypecode", PrincipalId = "principalid", PrincipalEntity = "principaltypecode",
        Own = "accessrightsmask", Inherited = "inheritedaccessrightsmask", ChangedOn = "changedon";

    private const int AtOnce = 250;

    private readonly EntityDefinition table;

    private ShareTable(EntityDefinition table) => this.table = table;

    /// <summary>Logical name of the table.</summary>
    public const string Name = "principalobjectaccess";

    /// <summary>The table; <c>null</c> in a version of the base tables that has no shares.</summary>
    public static ShareTable? Of(MetadataSnapshot metadata) => metadata.Find(Name) is { } table ? new ShareTable(table) : null;

    /// <summary>A condition that a row is shared with one of some principals.</summary>
    /// <param name="areFew">The condition alone leaves few rows of the table.</param>
    public SharedWith With(EntityDefinition entity, IReadOnlyList<Guid> principals, AccessRights right, bool areFew) => new(
        entity,
        table,
        new AllOf([
            new OneOf(table.Attribute(PrincipalId), [.. principals.Cast<object>()]),
            new Compare(table.Attribute(RowEntity), Comparison.Equal, entity.LogicalName)]),
        table.Attribute(Row),
        [table.Attribute(Own), table.Attribute(Inherited)],
        (int)right,
        areFew);

    /// <summary>What some principals together may do with a row by its shares.</summary>
    public async Task<AccessRights> RightsAsync(SqlSession session, EntityReference row, IReadOnlyList<Guid> principals, CancellationToken ct)
    {
        var rights = AccessRights.None;
        foreach (var share in await FindAsync(session, row.LogicalName, [row.Id], principals, ct)) rights |= share.Rights;
        return rights;
    }

    /// <summary>The shares of rows of one entity.</summary>
    /// <param name="principals">Only theirs; <c>null</c>: of all.</param>
    public async Task<List<Share>> FindAsync(SqlSession session, string entity, IReadOnlyCollection<Guid> rows, IReadOnlyCollection<Guid>? principals, CancellationToken ct)
    {
        var found = new Shares();
        foreach (var some in rows.Chunk(AtOnce))
        {
            foreach (var others in principals?.Chunk(AtOnce) ?? [[]])
            {
                var sql = new SqlText(session.Dialect)
                    .Append($"SELECT {Columns(Key, Row, PrincipalId, PrincipalEntity, Own, Inherited)} FROM {SqlDialect.Quote(table.LogicalName)} WHERE {OfEntity(session.Dialect)} = ")
                    .Parameter(SqlDialect.FoldText(entity)).Append(" AND ").AppendIn(SqlDialect.Quote(Row), some);
                if (principals is not null) sql.Append(" AND ").AppendIn(SqlDialect.Quote(PrincipalId), others);
                await session.QueryAsync(sql.ToStatement(), found, ct);
            }
        }
        return found.List;
    }

    /// <summary>Stores shares as they are now, those without rights not at all.</summary>
    /// <param name="shares">Of rows of one entity, each that has changed once.</param>
    public async Task StoreAsync(string entity, IReadOnlyCollection<Share> shares, MessageScope scope, CancellationToken ct)
    {
        if (shares.Count == 0) return;
        var version = await scope.InTransaction.NextVersionAsync(ct);
        foreach (var some in shares.Where(share => share.Id == Guid.Empty && share.Rights != AccessRights.None).Chunk(AtOnce))
            await scope.InTransaction.ExecuteAsync(Insert(entity, some, version, scope), ct);
        foreach (var alike in shares.Where(share => share.Id != Guid.Empty).GroupBy(share => (share.Own, share.Inherited)))
        {
            foreach (var some in alike.Select(share => share.Id).Chunk(AtOnce))
                await scope.InTransaction.ExecuteAsync(Change(alike.Key.Own, alike.Key.Inherited, some, version, scope), ct);
        }
    }

    /// <summary>A row is gone, and with it its shares.</summary>
    public static async Task RemoveOfRowAsync(SqlSession session, EntityReference row, CancellationToken ct) =>
        await session.ExecuteAsync(
            new SqlStatement(
                $"DELETE FROM {SqlDialect.Quote(Name)} WHERE {SqlDialect.Quote(Row)} = $1 AND {OfEntity(session.Dialect)} = $2",
                session.Dialect.ToStorage(row.Id),
                SqlDialect.FoldText(row.LogicalName)),
            ct);

    /// <summary>A table is gone, and with it the shares of its rows.</summary>
    public static async Task RemoveOfTableAsync(SqlSession session, string entity, CancellationToken ct) =>
        await session.ExecuteAsync(new SqlStatement($"DELETE FROM {SqlDialect.Quote(Name)} WHERE {OfEntity(session.Dialect)} = $1", SqlDialect.FoldText(entity)), ct);

    /// <summary>A user or team is gone, and with it what was shared with it.</summary>
    public static async Task RemoveOfPrincipalAsync(SqlSession session, Guid principal, CancellationToken ct) =>
        await session.ExecuteAsync(new SqlStatement($"DELETE FROM {SqlDialect.Quote(Name)} WHERE {SqlDialect.Quote(PrincipalId)} = $1", session.Dialect.ToStorage(principal)), ct);

    private SqlStatement Insert(string entity, Share[] shares, long version, MessageScope scope)
    {
        var dialect = scope.InTransaction.Dialect;
        var sql = new SqlText(dialect);
        sql.Append($"INSERT INTO {SqlDialect.Quote(Name)} ({Columns(Key, Row, RowEntity, PrincipalId, PrincipalEntity, Own, Inherited, ChangedOn, SystemAttributes.CreatedOn, SystemAttributes.CreatedBy, SystemAttributes.VersionNumber)}) VALUES ");
        var now = dialect.ToStorage(table.Attribute(ChangedOn), scope.Now);
        var separator = "(";
        foreach (var share in shares)
        {
            sql.Append(separator).Parameter(dialect.ToStorage(RowId.New(scope.Now)));
            foreach (var value in (object?[])[
                dialect.ToStorage(share.Row), entity, dialect.ToStorage(share.Principal.Id), share.Principal.LogicalName,
                Mask(Own, share.Own, dialect), Mask(Inherited, share.Inherited, dialect), now, now, dialect.ToStorage(scope.Caller.UserId), version])
            {
                sql.Append(", ").Parameter(value);
            }
            separator = "), (";
        }
        return sql.Append(")").ToStatement();
    }

    private SqlStatement Change(AccessRights own, AccessRights inherited, Guid[] ids, long version, MessageScope scope)
    {
        var dialect = scope.InTransaction.Dialect;
        var sql = new SqlText(dialect);
        if ((own | inherited) == AccessRights.None)
        {
            sql.Append($"DELETE FROM {SqlDialect.Quote(Name)} WHERE ");
        }
        else
        {
            sql.Append($"UPDATE {SqlDialect.Quote(Name)} SET {SqlDialect.Quote(Own)} = ").Parameter(Mask(Own, own, dialect))
                .Append($", {SqlDialect.Quote(Inherited)} = ").Parameter(Mask(Inherited, inherited, dialect))
                .Append($", {SqlDialect.Quote(ChangedOn)} = ").Parameter(dialect.ToStorage(table.Attribute(ChangedOn), scope.Now))
                .Append($", {SqlDialect.Quote(SystemAttributes.VersionNumber)} = ").Parameter(version).Append(" WHERE ");
        }
        return sql.AppendIn(SqlDialect.Quote(Key), ids).ToStatement();
    }

    private object? Mask(string attribute, AccessRights rights, SqlDialect dialect) => dialect.ToStorage(table.Attribute(attribute), (int)rights);

    private static string OfEntity(SqlDialect dialect) => dialect.TextKey(SqlDialect.Quote(RowEntity));

    private static string Columns(params string[] names) => string.Join(", ", names.Select(SqlDialect.Quote));

    private sealed class Shares : IRowReceiver
    {
        public List<Share> List { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            List.Add(new Share(row.GetGuid(0), row.GetGuid(1), new EntityReference(row.GetString(3), row.GetGuid(2)), (AccessRights)row.GetInt64(4), (AccessRights)row.GetInt64(5)));
            return ValueTask.FromResult(true);
        }
    }
}
