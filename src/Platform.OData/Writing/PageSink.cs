using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Engine.History;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.OData.Headers;

namespace Platform.OData.Writing;

/// <summary>Writes the rows of an answer as they come; the client's pace is the database's pace.</summary>
internal sealed class PageSink(JsonBody body, HttpResponse response, JsonEncodedText context, AnnotationSet annotations, Caller caller, CurrencyTable? currencies = null) : IRowSink
{
    private static readonly JsonEncodedText ValueName = JsonText.Encode("value");
    private static readonly JsonEncodedText CountName = JsonText.Encode("@odata.count");
    private static readonly JsonEncodedText NextLinkName = JsonText.Encode("@odata.nextLink");
    private static readonly JsonEncodedText TotalName = JsonText.Encode($"@{AnnotationNames.TotalRecordCount}");
    private static readonly JsonEncodedText LimitName = JsonText.Encode($"@{AnnotationNames.TotalRecordCountLimitExceeded}");
    private static readonly JsonEncodedText CookieName = JsonText.Encode($"@{AnnotationNames.FetchCookie}");
    private static readonly JsonEncodedText MoreName = JsonText.Encode($"@{AnnotationNames.MoreRecords}");
    private static readonly JsonEncodedText VersionName = JsonText.Encode($"@{AnnotationNames.GlobalMetadataVersion}");

    private static readonly JsonEncodedText DeltaLinkName = JsonText.Encode("@odata.deltaLink");
    private static readonly JsonEncodedText IdName = JsonText.Encode("id");
    private static readonly JsonEncodedText ReasonName = JsonText.Encode("reason");
    private static readonly JsonEncodedText Deleted = JsonText.Encode("deleted");

    private RowJsonWriter? rows;

    public void Start(ResultShape shape)
    {
        rows = new RowJsonWriter(shape, annotations, caller, currencies);
        body.Json.WriteStartObject();
        body.Json.WriteString(SingleRowSink.ContextName, context);
        body.Json.WriteStartArray(ValueName);
    }

    public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
    {
        body.Json.WriteStartObject();
        rows!.Write(body.Json, row);
        body.Json.WriteEndObject();
        return body.FlushIfLargeAsync(response, ct);
    }

    /// <summary>Writes rows that went, behind those that are there.</summary>
    public void WriteDeleted(IEnumerable<DeletedRow> deleted, string deletedContext)
    {
        var json = body.Json;
        foreach (var row in deleted)
        {
            json.WriteStartObject();
            json.WriteString(SingleRowSink.ContextName, deletedContext);
            json.WriteString(IdName, row.Id);
            json.WriteString(ReasonName, Deleted);
            json.WriteEndObject();
        }
    }

    /// <summary>Closes the answer. Count and link stand behind the rows, because they are known only then.</summary>
    /// <param name="deltaLink">Of the last page of a list whose changes are followed.</param>
    public void Finish(long? total, string? nextLink, long metadataVersion, string? deltaLink = null)
    {
        var json = body.Json;
        json.WriteEndArray();
        if (total is not null) json.WriteNumber(CountName, total.Value);
        if (annotations.HasFlag(AnnotationSet.TotalRecordCount)) json.WriteNumber(TotalName, total ?? -1);
        if (annotations.HasFlag(AnnotationSet.TotalRecordCountLimitExceeded)) json.WriteBoolean(LimitName, false); // counts have no limit here
        if (annotations.HasFlag(AnnotationSet.GlobalMetadataVersion)) WriteVersion(json, metadataVersion);
        if (nextLink is not null) json.WriteString(NextLinkName, nextLink);
        if (deltaLink is not null) json.WriteString(DeltaLinkName, deltaLink);
        json.WriteEndObject();
    }

    /// <summary>
    /// Closes an answer to FetchXML, which has annotations where others have a count and a link. That there are more rows
    /// is told whether asked for or not: nobody takes a page for the whole.
    /// </summary>
    public void FinishFetch(long? total, string? cookie, long metadataVersion)
    {
        var json = body.Json;
        json.WriteEndArray();
        if (total is not null || annotations.HasFlag(AnnotationSet.TotalRecordCount)) json.WriteNumber(TotalName, total ?? -1);
        if (total is not null || annotations.HasFlag(AnnotationSet.TotalRecordCountLimitExceeded)) json.WriteBoolean(LimitName, false);
        if (annotations.HasFlag(AnnotationSet.GlobalMetadataVersion)) WriteVersion(json, metadataVersion);
        if (cookie is not null) json.WriteString(CookieName, cookie);
        if (cookie is not null || annotations.HasFlag(AnnotationSet.MoreRecords)) json.WriteBoolean(MoreName, cookie is not null);
        json.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter json, long version)
    {
        Span<char> text = stackalloc char[20];
        version.TryFormat(text, out var length, default, System.Globalization.CultureInfo.InvariantCulture);
        json.WriteString(VersionName, text[..length]);
    }
}
