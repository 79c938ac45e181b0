using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Sql;
using Platform.Engine.Sql.Schema;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>Rows in and out of the database, one at a time. Knows nothing of callers, steps or rules.</summary>
internal sealed class RecordStore
{
    private readonly ConditionalWeakTable<MetadataSnapshot, RetrievePlans> plans = [];

    /// <summary>Streams one row to a sink; false when there is none.</summary>
    /// <param name="filter">What the caller may see; <c>null</c>: everything.</param>
    /// <remarks>
    /// Inside a transaction that writes, the row is locked until its end: a step that reads a balance, adds to it and
    /// writes it back must not lose what another message adds meanwhile. On SQLite the one writer sees to that.
    /// </remarks>
    public async Task<bool> ReadAsync(MetadataSnapshot metadata, SqlSession session, Retrieve retrieve, EntityDefinition entity, FilterNode? filter, CancellationToken ct)
    {
        var plan = plans.GetValue(metadata, static snapshot => new RetrievePlans(snapshot)).For(session.Dialect, entity, retrieve);
        var row = new SingleRow(plan.Select.Shape, retrieve.Rows);
        var statement = plan.Statement(session.Dialect, retrieve.Target.Id, filter);
        if (session.Writes) statement = statement with { Text = statement.Text + session.Dialect.LockRow };
        await session.QueryAsync(statement, row, ct);
        return row.Found;
    }

    /// <summary>Reads a row inside a transaction and keeps others from changing it until the end; <c>null</c> when there is none.</summary>
    public static Task<EntityRecord?> LockAsync(MetadataSnapshot metadata, SqlSession session, EntityDefinition entity, Guid id, ImmutableArray<AttributeDefinition> columns, CancellationToken ct) =>
        ReadOneAsync(metadata, session, entity, id, columns, session.Dialect.LockRow, ct);

    /// <summary>Reads a row without keeping others from changing it; <c>null</c> when there is none.</summary>
    public static Task<EntityRecord?> PeekAsync(MetadataSnapshot metadata, SqlSession session, EntityDefinition entity, Guid id, ImmutableArray<AttributeDefinition> columns, CancellationToken ct) =>
        ReadOneAsync(metadata, session, entity, id, columns, "", ct);

    private static async Task<EntityRecord?> ReadOneAsync(MetadataSnapshot metadata, SqlSession session, EntityDefinition entity, Guid id, ImmutableArray<AttributeDefinition> columns, string suffix, CancellationToken ct)
    {
        var (select, text) = QueryCompiler.CompileRetrieve(metadata, session.Dialect, entity, columns, lookupNames: false);
        var list = new RecordList();
        await session.QueryAsync(new SqlStatement(text + suffix, session.Dialect.ToStorage(id)), new SingleRow(select.Shape, list), ct);
        return list.Records.SingleOrDefault();
    }

    /// <summary>True when a row exists.</summary>
    public static async Task<bool> ExistsAsync(SqlSession session, EntityDefinition entity, Guid id, CancellationToken ct)
    {
        var found = new Ids();
        await session.QueryAsync(new SqlStatement($"SELECT {SqlDialect.Quote(entity.PrimaryIdAttribute)} FROM {SqlDialect.Quote(entity.LogicalName)} WHERE {SqlDialect.Quote(entity.PrimaryIdAttribute)} = $1", session.Dialect.ToStorage(id)), found, ct);
        return found.List.Count > 0;
    }

    /// <summary>Ids of the rows whose lookup points to a row.</summary>
    /// <param name="most">Stop after so many.</param>
    public static async Task<IReadOnlyList<Guid>> ReferencingAsync(MetadataSnapshot metadata, SqlSession session, EntityDefinition entity, AttributeDefinition lookup, EntityReference target, int most, CancellationToken ct) =>
        await FindAsync(metadata, session, entity, new Compare(lookup, Comparison.Equal, target), most, ct);

    /// <summary>Ids of the rows for which a condition holds.</summary>
    /// <param name="most">Stop after so many.</param>
    public static async Task<IReadOnlyList<Guid>> FindAsync(MetadataSnapshot metadata, SqlSession session, EntityDefinition entity, FilterNode condition, int most, CancellationToken ct)
    {
        var sql = new SqlText(AttributeSql.Of(metadata, session.Dialect));
        var row = new RowScope(sql, entity, QueryRights.Everything);
        var where = sql.Part();
        FilterCompiler.Write(condition, row, where);
        sql.Append($"SELECT {row.Column(entity.PrimaryId)} FROM {row.Table}").Append(row.Joins).Append(" WHERE ").Append(where).Append(" LIMIT ").Parameter((long)most);
        var found = new Ids();
        await session.QueryAsync(sql.ToStatement(), found, ct);
        return found.List;
    }

    /// <summary>Writes a new row with the attributes that the record holds.</summary>
    /// <exception cref="PlatformException">An id or key is taken, a lookup points nowhere.</exception>
    public static async Task InsertAsync(SqlSession session, EntityDefinition entity, EntityRecord record, CancellationToken ct)
    {
        var columns = new SqlText(session.Dialect).Append($"INSERT INTO {SqlDialect.Quote(entity.LogicalName)} ({SqlDialect.Quote(entity.PrimaryIdAttribute)}");
        var assignments = Assignments(session.Dialect, entity, record);
        foreach (var (column, _) in assignments)
            columns.Append(", ").Append(SqlDialect.Quote(column));
        columns.Append(") VALUES (").Parameter(session.Dialect.ToStorage(record.Id));
        foreach (var (_, value) in assignments)
            columns.Append(", ").Parameter(value);
        await ExecuteAsync(session, entity, record.Id, columns.Append(")").ToStatement(), ct);
    }

    /// <summary>Changes the attributes that the record holds.</summary>
    /// <exception cref="PlatformException">A key is taken, a lookup points nowhere.</exception>
    public static async Task UpdateAsync(SqlSession session, EntityDefinition entity, EntityRecord changes, CancellationToken ct)
    {
        var sql = new SqlText(session.Dialect).Append($"UPDATE {SqlDialect.Quote(entity.LogicalName)} SET ");
        var separator = "";
        foreach (var (column, value) in Assignments(session.Dialect, entity, changes))
        {
            sql.Append(separator).Append(SqlDialect.Quote(column)).Append(" = ").Parameter(value);
            separator = ", ";
        }
        sql.Append($" WHERE {SqlDialect.Quote(entity.PrimaryIdAttribute)} = ").Parameter(session.Dialect.ToStorage(changes.Id));
        await ExecuteAsync(session, entity, changes.Id, sql.ToStatement(), ct);
    }

    /// <summary>Removes a row.</summary>
    public static async Task DeleteAsync(SqlSession session, EntityDefinition entity, Guid id, CancellationToken ct) =>
        await ExecuteAsync(session, entity, id, new SqlStatement($"DELETE FROM {SqlDialect.Quote(entity.LogicalName)} WHERE {SqlDialect.Quote(entity.PrimaryIdAttribute)} = $1", session.Dialect.ToStorage(id)), ct);

    private static List<(string Column, object? Value)> Assignments(SqlDialect dialect, EntityDefinition entity, EntityRecord record)
    {
        var list = new List<(string, object?)>(record.Attributes.Count + 2);
        foreach (var (name, value) in record.Attributes)
        {
            var attribute = entity.Attribute(name);
            if (name == entity.PrimaryIdAttribute) continue;
            list.Add((name, dialect.ToStorage(attribute, value)));
            if (attribute.IsPolymorphic) list.Add((SqlDialect.TypeColumn(attribute), (value as EntityReference)?.LogicalName));
        }
        return list;
    }

    private static async Task ExecuteAsync(SqlSession session, EntityDefinition entity, Guid id, SqlStatement statement, CancellationToken ct)
    {
        try
        {
            await session.ExecuteAsync(statement, ct);
        }
        catch (ConstraintException refused)
        {
            throw Translate(refused, entity, id);
        }
    }

    private static PlatformException Translate(ConstraintException refused, EntityDefinition entity, Guid id)
    {
        if (refused.Kind == ConstraintKind.ForeignKey) return Errors.ForeignKey(entity.LogicalName);
        if (refused.Kind == ConstraintKind.PrimaryKey || refused.Columns is [var only] && only == entity.PrimaryIdAttribute) return Errors.DuplicateId(entity.LogicalName, id);
        if (refused.Kind == ConstraintKind.TooLong) return Errors.TooLongForIndex(entity.LogicalName, refused.Constraint);
        var key = entity.Keys.FirstOrDefault(key => SchemaNames.KeyIndex(entity.LogicalName, key.Name) == refused.Constraint || key.Attributes.SequenceEqual(refused.Columns));
        return Errors.DuplicateKey(entity.LogicalName, key?.Name ?? refused.Constraint, key?.Attributes ?? [.. refused.Columns]);
    }

    /// <summary>SQL of reads by key, once per metadata version, entity and set of columns.</summary>
    private sealed class RetrievePlans(MetadataSnapshot metadata)
    {
        // Keyed by the array instance: callers that repeat a request (the Web API's cached options) hand out the same one.
        private readonly ConditionalWeakTable<object, RetrievePlan> known = [];

        public RetrievePlan For(SqlDialect dialect, EntityDefinition entity, Retrieve retrieve)
        {
            var (columns, lookupNames, thumbnails) = (retrieve.Columns, retrieve.LookupNames, retrieve.Thumbnails);
            object identity = columns.IsDefaultOrEmpty ? entity : ImmutableCollectionsMarshal.AsArray(columns)!;
            if (known.TryGetValue(identity, out var plan) && plan.LookupNames == lookupNames && plan.Thumbnails == thumbnails && plan.Entity == entity) return plan;
            var attributes = columns.IsDefaultOrEmpty ? entity.Attributes : [.. columns.Select(entity.Attribute)];
            var (select, text) = QueryCompiler.CompileRetrieve(metadata, dialect, entity, attributes, lookupNames, thumbnails);
            plan = new RetrievePlan(AttributeSql.Of(metadata, dialect), entity, lookupNames, thumbnails, select, text);
            known.AddOrUpdate(identity, plan);
            return plan;
        }
    }

    private sealed record RetrievePlan(AttributeSql Attributes, EntityDefinition Entity, bool LookupNames, bool Thumbnails, SelectList Select, string Text)
    {
        public SqlStatement Statement(SqlDialect dialect, Guid id, FilterNode? filter)
        {
            if (filter is null) return new SqlStatement(Text, dialect.ToStorage(id));
            var sql = new SqlText(Attributes);
            sql.Argument(dialect.ToStorage(id));
            sql.Append(Text).Append(" AND ");
            FilterCompiler.Write(filter, new RowScope(sql, Entity, QueryRights.Everything), sql);
            return sql.ToStatement();
        }
    }

    private sealed class SingleRow(ResultShape shape, IRowSink sink) : IRowReceiver
    {
        public bool Found { get; private set; }

        public async ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            Found = true;
            sink.Start(shape);
            await sink.WriteAsync(row, ct);
            return false;
        }
    }

    private sealed class Ids : IRowReceiver
    {
        public List<Guid> List { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            List.Add(row.GetGuid(0));
            return ValueTask.FromResult(true);
        }
    }
}
