using System.Text.Json;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.OData.Headers;

namespace Platform.OData.Writing;

/// <summary>Writes the row of an answer that has one row.</summary>
/// <param name="known">Version that the client already has; then nothing is written.</param>
internal sealed class SingleRowSink(JsonBody body, JsonEncodedText context, AnnotationSet annotations, Caller caller, long? known = null, CurrencyTable? currencies = null) : IRowSink
{
    internal static readonly JsonEncodedText ContextName = JsonText.Encode("@odata.context");

    private ResultShape? shape;

    /// <summary>Version of the row; <c>null</c> before it came.</summary>
    public long? Version { get; private set; }

    /// <summary>The client has this very version.</summary>
    public bool IsKnown => Version is not null && Version == known;

    public void Start(ResultShape shape) => this.shape = shape;

    public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
    {
        Version = row.GetInt64(shape!.VersionOrdinal);
        if (IsKnown) return ValueTask.CompletedTask;
        var json = body.Json;
        json.WriteStartObject();
        json.WriteString(ContextName, context);
        new RowJsonWriter(shape, annotations, caller, currencies).Write(json, row);
        json.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
