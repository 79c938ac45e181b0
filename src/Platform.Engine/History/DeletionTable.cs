using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Sql;

namespace Platform.Engine.History;

/// <summary>A row that is no longer there.</summary>
/// <param name="Version">Of the deletion; versions grow over all tables.</param>
public readonly record struct DeletedRow(Guid Id, long Version);

/// <summary>The table of deletions (<c>platform_deletion</c>), from which clients that follow a table learn what went.</summary>
internal static class DeletionTable
{
    /// <summary>Remembers a deletion, where the table is followed.</summary>
    public static async Task AddAsync(SqlSession session, EntityDefinition entity, Guid id, DateTime now, CancellationToken ct)
    {
        if (!entity.ChangeTracking) return;
        await session.ExecuteAsync(
            new SqlStatement("INSERT INTO platform_deletion (entity, version, id, deletedticks) VALUES ($1, $2, $3, $4)", entity.LogicalName, await session.NextVersionAsync(ct), session.Dialect.ToStorage(id), now.Ticks),
            ct);
    }

    /// <summary>Rows that went within a span of versions and have not come back, in the order in which they went.</summary>
    /// <param name="after">Exclusive.</param>
    /// <param name="until">Inclusive.</param>
    public static async Task<List<DeletedRow>> ReadAsync(SqlSession session, EntityDefinition entity, long after, long until, int most, CancellationToken ct)
    {
        var rows = new Rows();
        await session.QueryAsync(new SqlStatement($"SELECT d.id, d.version {From(entity)} ORDER BY d.version LIMIT {most}", entity.LogicalName, after, until), rows, ct);
        return rows.Read;
    }

    /// <inheritdoc cref="ReadAsync"/>
    public static async Task<long> CountAsync(SqlSession session, EntityDefinition entity, long after, long until, CancellationToken ct)
    {
        var number = new OneNumber();
        await session.QueryAsync(new SqlStatement($"SELECT COUNT(*) {From(entity)}", entity.LogicalName, after, until), number, ct);
        return number.Value;
    }

    /// <summary>Forgets what went before a time.</summary>
    public static async Task<int> ForgetAsync(SqlSession session, DateTime before, CancellationToken ct) =>
        await session.ExecuteAsync(new SqlStatement("DELETE FROM platform_deletion WHERE deletedticks < $1", before.Ticks), ct);

    private static string From(EntityDefinition entity) =>
        $"FROM platform_deletion AS d WHERE d.entity = $1 AND d.version > $2 AND d.version <= $3 AND NOT EXISTS (SELECT 1 FROM {SqlDialect.Quote(entity.LogicalName)} AS r WHERE r.{SqlDialect.Quote(entity.PrimaryIdAttribute)} = d.id)";

    private sealed class Rows : IRowReceiver
    {
        public List<DeletedRow> Read { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            Read.Add(new DeletedRow(row.GetGuid(0), row.GetInt64(1)));
            return ValueTask.FromResult(true);
        }
    }
}
