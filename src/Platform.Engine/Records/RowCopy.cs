using System.Text;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;

namespace Platform.Engine.Records;

/// <summary>A row that outlives its read, because others belong to it that are read after it.</summary>
internal sealed class RowCopy : RowCursor
{
    private readonly object?[] values;
    private readonly Dictionary<Expansion, RelatedList> related = new(ReferenceEqualityComparer.Instance);

    private RowCopy(int count) => values = new object?[count];

    /// <param name="count">Columns of the row.</param>
    public static RowCopy Of(RowCursor row, ResultShape shape, int count)
    {
        var copy = new RowCopy(count);
        copy.Take(row, shape);
        return copy;
    }

    public void Add(Expansion expansion, RelatedList rows) => related[expansion] = rows;

    public override RelatedList? Related(Expansion expansion) => related.GetValueOrDefault(expansion);

    public override bool IsNull(int ordinal) => values[ordinal] is null;

    public override long GetInt64(int ordinal) => (long)values[ordinal]!;

    public override double GetDouble(int ordinal) => (double)values[ordinal]!;

    public override decimal GetDecimal(int ordinal, int scale) => (decimal)values[ordinal]!;

    public override bool GetBoolean(int ordinal) => (bool)values[ordinal]!;

    public override string GetString(int ordinal) => Encoding.UTF8.GetString((byte[])values[ordinal]!);

    public override ReadOnlySpan<byte> GetUtf8(int ordinal) => (byte[])values[ordinal]!;

    public override byte[] GetBytes(int ordinal) => (byte[])values[ordinal]!;

    public override Guid GetGuid(int ordinal) => (Guid)values[ordinal]!;

    public override DateTime GetDateTime(int ordinal) => (DateTime)values[ordinal]!;

    public override DateOnly GetDate(int ordinal) => (DateOnly)values[ordinal]!;

    private void Take(RowCursor row, ResultShape shape)
    {
        // There is no row behind an empty lookup.
        if (row.IsNull(shape.IdOrdinal)) return;
        values[shape.IdOrdinal] = row.GetGuid(shape.IdOrdinal);
        values[shape.VersionOrdinal] = row.GetInt64(shape.VersionOrdinal);
        foreach (var column in shape.Columns)
        {
            if (row.IsNull(column.Ordinal)) continue;
            values[column.Ordinal] = Value(row, column);
            foreach (var text in (ReadOnlySpan<int>)[column.TypeOrdinal, column.NameOrdinal])
                if (text >= 0 && !row.IsNull(text)) values[text] = row.GetUtf8(text).ToArray();
            if (column.ThumbnailOrdinal is >= 0 and var small && !row.IsNull(small)) values[small] = row.GetBytes(small);
        }
        foreach (var expansion in shape.Expansions)
            if (expansion.Shape is { } inner) Take(row, inner);
    }

    private static object Value(RowCursor row, ResultColumn column)
    {
        var at = column.Ordinal;
        return column.Attribute.Kind switch
        {
            AttributeKind.String or AttributeKind.Memo or AttributeKind.MultiChoice => row.GetUtf8(at).ToArray(),
            AttributeKind.Decimal or AttributeKind.Money => row.GetDecimal(at, column.Attribute.StoredScale),
            AttributeKind.Double => row.GetDouble(at),
            AttributeKind.Boolean => row.GetBoolean(at),
            AttributeKind.DateTime => row.GetDateTime(at),
            AttributeKind.DateOnly => row.GetDate(at),
            AttributeKind.Lookup or AttributeKind.UniqueIdentifier or AttributeKind.File or AttributeKind.Image => row.GetGuid(at),
            _ => row.GetInt64(at),
        };
    }
}
