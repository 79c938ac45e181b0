using Platform.Engine.Records;

namespace Platform.OData.Writing;

/// <summary>Takes rows of a read of which only the total is wanted.</summary>
internal sealed class RowCounter : IRowSink
{
    public static RowCounter Instance { get; } = new();

    public void Start(ResultShape shape)
    {
    }

    public ValueTask WriteAsync(RowCursor row, CancellationToken ct) => ValueTask.CompletedTask;
}
