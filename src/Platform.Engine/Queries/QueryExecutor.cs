using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>Where a read ended.</summary>
internal readonly record struct QueryEnd(PageToken? Next, long? Total);

/// <summary>Runs compiled queries and streams their rows to a sink.</summary>
internal sealed class QueryExecutor
{
    // The Web API hands the same Query instance out for the same URL: its SQL is compiled once and dropped with it.
    private readonly ConditionalWeakTable<Query, CompiledQuery> unrestricted = [];

    public Task<QueryEnd> RunAsync(MetadataSnapshot metadata, SqlSession session, Query query, QueryRights rights, IRowSink sink, CancellationToken ct) =>
        RunAsync(metadata, session, query, Compile(metadata, session.Dialect, query, rights), rights, sink, ct);

    /// <param name="compiled">The query as <see cref="Compile"/> made it.</param>
    public static async Task<QueryEnd> RunAsync(MetadataSnapshot metadata, SqlSession session, Query query, CompiledQuery compiled, QueryRights rights, IRowSink sink, CancellationToken ct)
    {
        long? total = null;
        if (compiled.Count is { } count) total = await ScalarAsync(session, count, ct);
        if (query.Expansions.Any(expansion => expansion.HasMany)) return new QueryEnd(await RunWithRelatedAsync(metadata, session, query, compiled, rights, sink, ct), total);
        sink.Start(compiled.Select.Shape);
        if (compiled.Limit == 0) return new QueryEnd(null, total);
        var page = new Page(compiled, query, sink);
        await session.QueryAsync(compiled.Rows, page, ct);
        return new QueryEnd(page.Next, total);
    }

    /// <summary>Reads the page, then what belongs to its rows, and passes on both.</summary>
    private static async Task<PageToken?> RunWithRelatedAsync(MetadataSnapshot metadata, SqlSession session, Query query, CompiledQuery compiled, QueryRights rights, IRowSink sink, CancellationToken ct)
    {
        var (shape, rows) = (compiled.Select.Shape, new Copies(compiled.Select.Count));
        var page = new Page(compiled, query, rows);
        rows.Start(shape);
        if (compiled.Limit > 0) await session.QueryAsync(compiled.Rows, page, ct);
        await new ExpansionReader(metadata, session, rights, ct).LoadAsync(shape, rows.Rows);
        sink.Start(shape);
        foreach (var row in rows.Rows) await sink.WriteAsync(row, ct);
        return page.Next;
    }

    /// <summary>The query as SQL; made once for an instance that says the same to everybody who asks.</summary>
    public CompiledQuery Compile(MetadataSnapshot metadata, SqlDialect dialect, Query query, QueryRights rights)
    {
        if (query.After is not null) return QueryCompiler.Compile(metadata, dialect, query, rights);
        if (unrestricted.TryGetValue(query, out var known) && known.Entities.All(entity => rights.Of(entity) is null)) return known;
        var compiled = QueryCompiler.Compile(metadata, dialect, query, rights);
        if (!rights.AreLimited) unrestricted.AddOrUpdate(query, compiled);
        return compiled;
    }

    private static async Task<long> ScalarAsync(SqlSession session, SqlStatement statement, CancellationToken ct)
    {
        var number = new OneNumber();
        await session.QueryAsync(statement, number, ct);
        return number.Value;
    }

    private sealed class Copies(int count) : IRowSink
    {
        private ResultShape? shape;

        public List<RowCopy> Rows { get; } = [];

        public void Start(ResultShape shape) => this.shape = shape;

        public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
        {
            Rows.Add(RowCopy.Of(row, shape!, count));
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Passes the rows of a page on and remembers where it ended.</summary>
    private sealed class Page(CompiledQuery compiled, Query query, IRowSink sink) : IRowReceiver
    {
        private int delivered;
        private PageToken? last;

        /// <summary>Set when a row beyond the page was seen.</summary>
        public PageToken? Next { get; private set; }

        public async ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            if (delivered == compiled.Limit)
            {
                if (query.Top is not { } top || last!.Taken < top) Next = last;
                return false;
            }
            delivered++;
            // The token is taken from the page's last row only: reading it is not free.
            if (delivered == compiled.Limit) last = Token(row);
            await sink.WriteAsync(row, ct);
            return true;
        }

        private PageToken Token(RowCursor row)
        {
            var values = compiled.Select.OrderOrdinals.Select(column => Value(column, row)).ToImmutableArray();
            if (query.Grouping is not null) return new PageToken([], Guid.Empty, (query.After?.Taken ?? 0) + delivered);
            return new PageToken(values, row.GetGuid(compiled.Select.Shape.IdOrdinal), (query.After?.Taken ?? 0) + delivered);
        }

        // A lookup is ordered by its target's name, so that is what the token holds.
        private static object? Value(ResultColumn column, RowCursor row)
        {
            if (row.IsNull(column.Ordinal)) return null;
            if (column.NameOrdinal >= 0) return row.GetString(column.NameOrdinal);
            return column.Attribute.Lookup is null ? RecordReader.Value(column, row) : row.GetGuid(column.Ordinal);
        }
    }
}
