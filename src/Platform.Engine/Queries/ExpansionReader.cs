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
    public async Task LoadAsync(ResultShape shape, IReadOnlyList<RowCopy> rows)
    {
        foreach (var (expansion, inner) in shape.Expansions)
        {
            if (inner is not null) await LoadAsync(inner, rows);
            else await LoadAsync(expansion, shape, rows);
        }
    }

    private async Task LoadAsync(Expansion expansion, ResultShape shape, IReadOnlyList<RowCopy> rows)
    {
        var read = 0;
        var owners = rows.Where(row => !row.IsNull(shape.IdOrdinal)).GroupBy(row => row.GetGuid(shape.IdOrdinal));
        foreach (var some in owners.Chunk(Together))
        {
            var ids = some.Select(owner => owner.Key).ToArray();
            var (statement, select) = QueryCompiler.CompileExpansion(metadata, session.Dialect, expansion, shape.Entity, ids, Expansion.MostRows - read, rights);
            var found = new Found(select);
            await session.QueryAsync(statement, found, ct);
            read += found.All.Count;
            if (read > Expansion.MostRows) throw Errors.TooManyExpanded(expansion.Navigation.Name, Expansion.MostRows);
            await LoadAsync(select.Shape, found.All);
            foreach (var owner in some)
            {
                if (!found.ByOwner.TryGetValue(owner.Key, out var own)) continue;
                foreach (var row in owner) row.Add(expansion, new RelatedList(select.Shape, own));
            }
        }
    }

    private sealed class Found(SelectList select) : IRowReceiver
    {
        public List<RowCopy> All { get; } = [];

        public Dictionary<Guid, List<RowCopy>> ByOwner { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            var copy = RowCopy.Of(row, select.Shape, select.Count);
            All.Add(copy);
            var owner = row.GetGuid(select.Count);
            if (!ByOwner.TryGetValue(owner, out var own)) ByOwner[owner] = own = [];
            own.Add(copy);
            return ValueTask.FromResult(true);
        }
    }
}
