using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>
/// Rows of a read, kept until its steps have seen them: they go to <paramref name="target"/> with what the steps made of
/// their values.
/// </summary>
internal sealed class ReadRows(IRowSink target) : IRowSink
{
    private readonly List<RowCopy> rows = [];
    private ResultShape? shape;

    public void Start(ResultShape shape) => this.shape = shape;

    public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
    {
        rows.Add(row as RowCopy ?? RowCopy.Of(row, shape!));
        return ValueTask.CompletedTask;
    }

    /// <summary>The rows as steps see them.</summary>
    public List<EntityRecord> Records() => [.. rows.Select(row => RecordReader.Read(shape!, row))];

    /// <summary>Passes the rows on.</summary>
    /// <param name="message">Name of the message, for errors.</param>
    /// <param name="seen">What the steps left: the same rows, or fewer, with values that may be others.</param>
    /// <exception cref="PlatformException">It holds rows that were not read, or values that do not fit.</exception>
    public async Task ReleaseAsync(string message, IReadOnlyList<EntityRecord> seen, CancellationToken ct)
    {
        if (shape is null) return;
        var left = Match(message, seen);
        target.Start(shape);
        foreach (var (row, record) in left)
        {
            Change(row, record);
            await target.WriteAsync(row, ct);
        }
    }

    /// <summary>Rows that steps have taken out are found to be gone by their ids; groups, which have none, stay all.</summary>
    private List<(RowCopy Row, EntityRecord Record)> Match(string message, IReadOnlyList<EntityRecord> seen)
    {
        if (seen.Count == rows.Count) return [.. rows.Zip(seen)];
        var left = new List<(RowCopy, EntityRecord)>();
        if (shape!.IdOrdinal < 0) throw Errors.RowsOfOthers(message);
        var at = 0;
        foreach (var record in seen)
        {
            while (at < rows.Count && rows[at].GetGuid(shape.IdOrdinal) != record.Id) at++;
            if (at == rows.Count) throw Errors.RowsOfOthers(message);
            left.Add((rows[at++], record));
        }
        return left;
    }

    private void Change(RowCopy row, EntityRecord record)
    {
        var before = RecordReader.Read(shape!, row);
        if (before.Id != record.Id) throw Errors.RowsOfOthers(shape!.Entity.LogicalName);
        foreach (var column in shape!.Columns)
        {
            var name = column.Name ?? column.Attribute.LogicalName;
            if (!record.Contains(name) || Equals(before[name], record[name])) continue;
            // Groups have no columns of the table; and a key is what the row is found by.
            if (shape.IdOrdinal < 0 || column.Name is not null || column.Ordinal == shape.IdOrdinal) throw Errors.NotChangedByRead(shape.Entity.LogicalName, name);
            var one = new EntityRecord(record.LogicalName, record.Id) { [name] = record[name] };
            RecordValidator.Check(shape.Entity, one);
            row.Replace(column, one[name]);
        }
    }
}
