using Platform.Engine.Metadata;
using Platform.Engine.Sql;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>Collects rows as <see cref="EntityRecord"/>s, for steps and for pages of the app. Lookups carry the target's name where it was asked for.</summary>
public sealed class RecordList : IRowSink
{
    private ResultShape? shape;

    public List<EntityRecord> Records { get; } = [];

    public void Start(ResultShape shape) => this.shape = shape;

    public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
    {
        Records.Add(RecordReader.Read(shape!, row));
        return ValueTask.CompletedTask;
    }
}

/// <summary>Turns the current row of a cursor into values of the attributes' .NET types.</summary>
public static class RecordReader
{
    public static EntityRecord Read(ResultShape shape, RowCursor row)
    {
        // Groups have neither key nor version.
        var record = new EntityRecord(shape.Entity.LogicalName, shape.IdOrdinal < 0 ? Guid.Empty : row.GetGuid(shape.IdOrdinal))
        {
            Version = shape.VersionOrdinal < 0 || row.IsNull(shape.VersionOrdinal) ? null : row.GetInt64(shape.VersionOrdinal),
        };
        foreach (var column in shape.Columns)
            record[column.Name ?? column.Attribute.LogicalName] = Value(column, row);
        foreach (var link in shape.Links)
            foreach (var column in link.Shape.Columns) record[column.Name!] = Value(column, row);
        return record;
    }

    /// <summary>Value of one column; <c>null</c> when it is empty.</summary>
    public static object? Value(ResultColumn column, RowCursor row)
    {
        var at = column.Ordinal;
        if (row.IsNull(at)) return null;
        return column.Attribute.Kind switch
        {
            AttributeKind.String or AttributeKind.Memo => row.GetString(at),
            AttributeKind.Integer or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => (int)row.GetInt64(at),
            AttributeKind.MultiChoice => ChoiceValues.Parse(row.GetString(at)),
            AttributeKind.BigInt => row.GetInt64(at),
            AttributeKind.Decimal or AttributeKind.Money => row.GetDecimal(at, column.Attribute.StoredScale),
            AttributeKind.Double => row.GetDouble(at),
            AttributeKind.Boolean => row.GetBoolean(at),
            AttributeKind.DateTime => row.GetDateTime(at),
            AttributeKind.DateOnly => row.GetDate(at),
            AttributeKind.GeoPoint => StoredPoint.ToPoint(row.GetInt64(at)),
            AttributeKind.UniqueIdentifier or AttributeKind.File or AttributeKind.Image => row.GetGuid(at),
            AttributeKind.Lookup => Reference(column, row),
            var kind => throw new InvalidOperationException($"Attribute kind {kind} has no .NET type."),
        };
    }

    private static EntityReference Reference(ResultColumn column, RowCursor row)
    {
        var target = column.TypeOrdinal < 0 ? column.Attribute.Lookup!.Targets[0] : row.GetString(column.TypeOrdinal);
        var named = column.NameOrdinal >= 0 && !row.IsNull(column.NameOrdinal);
        return new EntityReference(target, row.GetGuid(column.Ordinal)) { Name = named ? row.GetString(column.NameOrdinal) : null };
    }
}
