using Platform.Engine.Sql;

namespace Platform.Engine.Records;

/// <summary>Takes the first column of the first row.</summary>
internal sealed class OneNumber : IRowReceiver
{
    /// <summary>There is no row, or nothing in it.</summary>
    public bool IsEmpty { get; private set; } = true;

    public long Value { get; private set; }

    public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
    {
        IsEmpty = row.IsNull(0);
        if (!IsEmpty) Value = row.GetInt64(0);
        return ValueTask.FromResult(false);
    }
}
