using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Sql;

namespace Platform.Engine.Queries;

/// <summary>Reads the rows that belong to the rows of a page, one statement for some hundred of these at each level.</summary>
internal sealed class ExpansionReader(MetadataSnapshot metadata, SqlSession session, QueryRights rights, CancellationToken ct)
{
    /// <summary>Rows whose related rows are read by one statement.</summary>
    private const int Together = 500;

    /// <summary>Gives rows what belongs to them, and to what is read along with them.</summary>
    public Task LoadAsync(ResultShape shape, IReadOnlyList<RowCopy> rows) => LoadAsync(shape, [.. rows.Select(row => new Shown(row, 1))]);

    private async Task LoadAsync(ResultShape shape, IReadOnlyList<Shown> rows)
    {
        foreach (var (expansion, inner) in shape.Expansions)
        {
            if (inner is not null) await LoadAsync(inner, rows);
            else await LoadAsync(expansion, shape, rows);
        }
    }

    private async Task LoadAsync(Expansion expansion, ResultShape shape, IReadOnlyList<Shown> rows)
    {
        var shown = 0L;
        var owners = rows.Where(row => !row.Row.IsNull(shape.IdOrdinal)).GroupBy(row => row.Row.GetGuid(shape.IdOrdinal));
        foreach (var some in owners.Chunk(Together))
        {
            var ids = some.Select(owner => owner.Key).ToArray();
            var (statement, select) = QueryCompiler.CompileExpansion(metadata, session.Dialect, expansion, shape.Entity, ids, Expansion.MostRows - (int)shown, rights);
            var found = new Found(expansion, select);
            await session.QueryAsync(statement, found, ct);
            var inner = new List<Shown>();
            foreach (var owner in some)
            {
                if (!found.ByOwner.TryGetValue(owner.Key, out var own)) continue;
                var times = owner.Sum(row => row.Times);
                shown += own.Count * times;
                inner.AddRange(own.Select(row => new Shown(row, times)));
            }
            if (shown > Expansion.MostRows) throw Errors.TooManyExpanded(expansion.Navigation.Name, Expansion.MostRows);
            await LoadAsync(select.Shape, inner);
            foreach (var owner in some)
            {
                if (!found.ByOwner.TryGetValue(owner.Key, out var own)) continue;
                foreach (var (row, _) in owner) row.Add(expansion, new RelatedList(select.Shape, own, found.Totals.GetValueOrDefault(owner.Key)));
            }
        }
    }

    /// <summary>A row, and how often the answer shows it: a user who made many rows stands in each of them, with all that is read along.</summary>
    private readonly record struct Shown(RowCopy Row, long Times);

    private sealed class Found(Expansion expansion, SelectList select) : IRowReceiver
    {
        public Dictionary<Guid, List<RowCopy>> ByOwner { get; } = [];

        /// <summary>How many there are, where that was asked.</summary>
        public Dictionary<Guid, long> Totals { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            var owner = row.GetGuid(select.Count);
            if (!ByOwner.TryGetValue(owner, out var own)) ByOwner[owner] = own = [];
            if (expansion.Rows.CountTotal) Totals[owner] = row.GetInt64(select.Count + 2);
            if (expansion.IsNumbered && !expansion.Holds(row.GetInt64(select.Count + 1))) return ValueTask.FromResult(true);
            var copy = RowCopy.Of(row, select.Shape, select.Count);
            own.Add(copy);
            return ValueTask.FromResult(true);
        }
    }
}
