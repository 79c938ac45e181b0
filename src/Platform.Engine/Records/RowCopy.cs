using System.Text;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Sql;
using Platform.Sdk;

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

    public static RowCopy Of(RowCursor row, ResultShape shape) => Of(row, shape, LastOrdinal(shape) + 1);

    /// <summary>Puts another value in a column, and takes what was read along with the old one.</summary>
    /// <param name="value">Of the attribute's .NET type.</param>
    public void Replace(ResultColumn column, object? value)
    {
        values[column.Ordinal] = Stored(value);
        if (column.TypeOrdinal >= 0) values[column.TypeOrdinal] = value is EntityReference row ? Encoding.UTF8.GetBytes(row.LogicalName) : null;
        if (column.NameOrdinal >= 0) values[column.NameOrdinal] = value is EntityReference { Name: { } name } ? Encoding.UTF8.GetBytes(name) : null;
        if (column.ThumbnailOrdinal >= 0) values[column.ThumbnailOrdinal] = null;
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
        if (shape.IdOrdinal >= 0)
        {
            // There is no row behind an empty lookup.
            if (row.IsNull(shape.IdOrdinal)) return;
            values[shape.IdOrdinal] = row.GetGuid(shape.IdOrdinal);
        }
        if (shape.VersionOrdinal >= 0 && !row.IsNull(shape.VersionOrdinal)) values[shape.VersionOrdinal] = row.GetInt64(shape.VersionOrdinal);
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
        foreach (var link in shape.Links) Take(row, link.Shape);
    }

    private static int LastOrdinal(ResultShape shape)
    {
        var last = Math.Max(shape.IdOrdinal, shape.VersionOrdinal);
        foreach (var column in shape.Columns) last = Math.Max(last, Math.Max(Math.Max(column.Ordinal, column.TypeOrdinal), Math.Max(column.NameOrdinal, column.ThumbnailOrdinal)));
        foreach (var expansion in shape.Expansions) if (expansion.Shape is { } inner) last = Math.Max(last, LastOrdinal(inner));
        foreach (var link in shape.Links) last = Math.Max(last, LastOrdinal(link.Shape));
        return last;
    }

    private static object? Stored(object? value) => value switch
    {
        string text => Encoding.UTF8.GetBytes(text),
        ChoiceValues choices => Encoding.UTF8.GetBytes(choices.ToString()),
        int number => (long)number,
        GeoPoint point => StoredPoint.Of(point),
        EntityReference row => row.Id,
        _ => value,
    };

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
