using Platform.Engine.Metadata;
using Platform.Engine.Records;

namespace Platform.Engine.Tests.Queries;

/// <summary>Takes rows with what they bring along, each as a line: <c>Contoso[Anna, Ben]</c>, of the columns that hold texts.</summary>
internal sealed class NestedRows : IRowSink
{
    private ResultShape? shape;

    public List<string> Lines { get; } = [];

    public void Start(ResultShape shape) => this.shape = shape;

    public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
    {
        Lines.Add(Text(shape!, row));
        return ValueTask.CompletedTask;
    }

    private static string Text(ResultShape shape, RowCursor row)
    {
        var texts = shape.Columns.Where(column => column.Attribute.Kind == AttributeKind.String).Select(column => row.IsNull(column.Ordinal) ? "-" : row.GetString(column.Ordinal));
        return string.Join('/', texts) + string.Concat(shape.Expansions.Select(expansion => $"[{string.Join(", ", Related(expansion, row))}]"));
    }

    private static IEnumerable<string> Related(Platform.Engine.Queries.ResultExpansion expansion, RowCursor row)
    {
        if (expansion.Shape is { } inner) return row.IsNull(inner.IdOrdinal) ? [] : [Text(inner, row)];
        return row.Related(expansion.Expansion) is { } related ? related.Rows.Select(one => Text(related.Shape, one)) : [];
    }
}
