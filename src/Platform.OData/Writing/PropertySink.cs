using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Engine.Records;

namespace Platform.OData.Writing;

/// <summary>Writes one column of one row as the member <c>value</c> of an object.</summary>
/// <param name="context">Value of <c>@odata.context</c>.</param>
internal sealed class PropertySink(JsonBody body, string context, AttributeDefinition attribute) : IRowSink
{
    private static readonly JsonEncodedText ValueName = JsonText.Encode("value");

    private ResultShape? shape;

    /// <summary>Version of the row; <c>null</c> before it came.</summary>
    public long? Version { get; private set; }

    /// <summary>The column is empty; nothing was written.</summary>
    public bool IsEmpty { get; private set; }

    public void Start(ResultShape shape) => this.shape = shape;

    public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
    {
        Version = row.GetInt64(shape!.VersionOrdinal);
        var column = shape.Columns.First(column => column.Attribute == attribute);
        IsEmpty = row.IsNull(column.Ordinal);
        if (IsEmpty) return ValueTask.CompletedTask;
        body.Json.WriteStartObject();
        body.Json.WriteString(SingleRowSink.ContextName, context);
        RowJsonWriter.WriteValue(body.Json, row, column, ValueName);
        body.Json.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
