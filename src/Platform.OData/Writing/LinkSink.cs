using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Records;

namespace Platform.OData.Writing;

/// <summary>Writes links to rows instead of the rows.</summary>
/// <param name="root">URL of the service, with the slash at its end.</param>
internal sealed class LinkSink(JsonBody body, HttpResponse response, string root, EntityDefinition entity) : IRowSink
{
    private static readonly JsonEncodedText LinkName = JsonText.Encode("@odata.id");

    private ResultShape? shape;

    public void Start(ResultShape shape)
    {
        if (shape.IdOrdinal < 0) throw Errors.BadRequest("Groups are no rows to which links could lead.");
        this.shape = shape;
        body.Json.WriteStartObject();
        body.Json.WriteString(SingleRowSink.ContextName, root + "$metadata#Collection($ref)");
        body.Json.WriteStartArray("value");
    }

    public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
    {
        body.Json.WriteStartObject();
        body.Json.WriteString(LinkName, $"{root}{entity.EntitySetName}({row.GetGuid(shape!.IdOrdinal):D})");
        body.Json.WriteEndObject();
        return body.FlushIfLargeAsync(response, ct);
    }

    /// <summary>Closes the answer.</summary>
    public void Finish(long? total, string? nextLink)
    {
        body.Json.WriteEndArray();
        if (total is not null) body.Json.WriteNumber("@odata.count", total.Value);
        if (nextLink is not null) body.Json.WriteString("@odata.nextLink", nextLink);
        body.Json.WriteEndObject();
    }
}
