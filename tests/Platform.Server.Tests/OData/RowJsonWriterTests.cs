using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.OData.Headers;
using Platform.OData.Writing;

namespace Platform.Server.Tests.OData;

public sealed class RowJsonWriterTests
{
    private const AnnotationSet AllOnRows = AnnotationSet.FormattedValue | AnnotationSet.LookupLogicalName | AnnotationSet.AssociatedNavigation;

    private static readonly Guid Id = Guid.Parse("0190b6c4-7d4f-7c3a-9d2e-1f2a3b4c5d6e");
    private static readonly Caller Someone = new(Id, Id, [], []);
    private static readonly JsonEncodedText Context = JsonText.Encode("http://host/api/data/v9.2/$metadata#accounts/$entity");

    // id, version, then the columns; a lookup's type and name stand behind it
    private static readonly string[] Columns =
        ["name", "numberofemployees", "views", "revenue", "score", "creditonhold", "lastcall", "founded", "industrycode", "externalid", "description"];

    private static readonly ValueCursor FullRow = new(
        Id, 123L, "한글 \"q\" <b>", 1500, 5000000000L, 1250.5000m, 0.25, true, new DateTime(2025, 1, 31, 15, 4, 5, DateTimeKind.Utc), new DateOnly(2025, 1, 31), 2, Id, null);

    [Fact]
    public async Task A_row_is_written_with_each_columns_json_type_and_the_key_comes_along()
    {
        Assert.Equal(
            $$"""
            {"@odata.context":"http://host/api/data/v9.2/$metadata#accounts/$entity","@odata.etag":"W/\"123\"","name":"한글 \"q\" <b>","numberofemployees":1500,"views":5000000000,"revenue":1250.5000,"score":0.25,"creditonhold":true,"lastcall":"2025-01-31T15:04:05Z","founded":"2025-01-31","industrycode":2,"externalid":"{{Id}}","description":null,"accountid":"{{Id}}"}
            """,
            await WriteAsync(Shape(Columns), FullRow, AnnotationSet.None, Someone));
    }

    [Fact]
    public async Task A_selected_key_is_written_once()
    {
        var shape = Shape(["accountid"]);
        var json = await WriteAsync(shape, new ValueCursor(Id, 1L, Id), AnnotationSet.None, Someone);
        Assert.EndsWith($"\"W/\\\"1\\\"\",\"accountid\":\"{Id}\"}}", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Formatted_values_speak_the_callers_language_and_time_zone()
    {
        var korean = Someone with { Language = "ko", TimeZone = TimeZoneInfo.CreateCustomTimeZone("Seoul", TimeSpan.FromHours(9), "Seoul", "Seoul") };
        var english = JsonDocument.Parse(await WriteAsync(Shape(Columns), FullRow, AnnotationSet.FormattedValue, Someone)).RootElement;
        var translated = JsonDocument.Parse(await WriteAsync(Shape(Columns), FullRow, AnnotationSet.FormattedValue, korean)).RootElement;

        Assert.Equal(["1,500", "1,250.50", "Yes", "1/31/2025 3:04 PM", "1/31/2025", "Farming"], Formatted(english));
        Assert.Equal("예", Formatted(translated)[2]);
        Assert.Equal("농업", Formatted(translated)[5]);
        Assert.Contains("2025", Formatted(translated)[3], StringComparison.Ordinal);
        Assert.Contains("12:04", Formatted(translated)[3], StringComparison.Ordinal); // midnight and four minutes of the next day
        Assert.False(english.TryGetProperty("name@" + AnnotationNames.FormattedValue, out _));
    }

    [Fact]
    public async Task A_lookup_carries_its_name_its_type_and_its_navigation_property()
    {
        var account = SampleMetadata.AccountEntity;
        var shape = new ResultShape(account, 0, 1,
        [
            new ResultColumn(account.Attribute("primarycontactid"), 2, NameOrdinal: 3),
            new ResultColumn(account.Attribute("ownerid"), 4, TypeOrdinal: 5, NameOrdinal: 6),
            new ResultColumn(account.Attribute("parentaccountid"), 7, NameOrdinal: 8),
        ]);
        var row = new ValueCursor(Id, 1L, Id, "Anna", Id, "systemuser", "보라", null, null);
        var json = await WriteAsync(shape, row, AllOnRows, Someone);
        Assert.Contains(
            $$"""
            "_primarycontactid_value@OData.Community.Display.V1.FormattedValue":"Anna","_primarycontactid_value@Microsoft.Dynamics.CRM.associatednavigationproperty":"primarycontactid","_primarycontactid_value@Microsoft.Dynamics.CRM.lookuplogicalname":"contact","_primarycontactid_value":"{{Id}}","_ownerid_value@OData.Community.Display.V1.FormattedValue":"보라","_ownerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty":"ownerid_systemuser","_ownerid_value@Microsoft.Dynamics.CRM.lookuplogicalname":"systemuser","_ownerid_value":"{{Id}}","_parentaccountid_value":null,
            """, json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_row_that_the_client_has_is_not_written_again()
    {
        var body = JsonBody.Rent();
        var sink = new SingleRowSink(body, Context, AnnotationSet.None, Someone, known: 123);
        sink.Start(Shape(Columns));
        await sink.WriteAsync(FullRow, CancellationToken.None);
        Assert.True(sink.IsKnown);
        Assert.Equal(0, body.Json.BytesPending + body.Json.BytesCommitted);
        body.Return();
    }

    [Fact]
    public async Task A_short_page_has_a_length_and_a_long_one_streams_while_rows_come()
    {
        var (shortPage, _, shortLength) = await PageAsync(rows: 2, AnnotationSet.None);
        Assert.Equal(shortPage.Length, shortLength);
        Assert.Equal(2, JsonDocument.Parse(shortPage).RootElement.GetProperty("value").GetArrayLength());

        var (longPage, sentEarly, longLength) = await PageAsync(rows: 5000, AnnotationSet.None);
        Assert.True(sentEarly > 16 * 1024);
        Assert.Null(longLength);
        var page = JsonDocument.Parse(longPage).RootElement;
        Assert.Equal(5000, page.GetProperty("value").GetArrayLength());
        Assert.Equal(77, page.GetProperty("@odata.count").GetInt64());
        Assert.Equal("http://next", page.GetProperty("@odata.nextLink").GetString());
    }

    [Fact]
    public async Task An_answer_can_still_become_an_error_before_the_first_hand_over()
    {
        var http = new DefaultHttpContext();
        var body = JsonBody.Rent();
        var sink = new PageSink(body, http.Response, Context, AnnotationSet.None, Someone);
        sink.Start(Shape(Columns));
        await sink.WriteAsync(FullRow, CancellationToken.None);
        Assert.False(http.Response.HasStarted);
        body.Return();

        var fresh = JsonBody.Rent();
        Assert.Equal(0, fresh.Json.BytesPending + fresh.Json.BytesCommitted);
        fresh.Return();
    }

    [Fact]
    public async Task Collection_annotations_come_when_asked_for()
    {
        var (text, _, _) = await PageAsync(rows: 0, AnnotationSet.TotalRecordCount | AnnotationSet.TotalRecordCountLimitExceeded | AnnotationSet.GlobalMetadataVersion);
        Assert.Contains("""
            "@Microsoft.Dynamics.CRM.totalrecordcount":77,"@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded":false,"@Microsoft.Dynamics.CRM.globalmetadataversion":"7"
            """, Encoding.UTF8.GetString(text), StringComparison.Ordinal);
    }

    private static async Task<(byte[] Text, long SentEarly, long? Length)> PageAsync(int rows, AnnotationSet annotations)
    {
        var http = new DefaultHttpContext();
        using var sent = new MemoryStream();
        http.Response.Body = sent;
        var body = JsonBody.Rent();
        var sink = new PageSink(body, http.Response, Context, annotations, Someone);
        sink.Start(Shape(Columns));
        for (var at = 0; at < rows; at++) await sink.WriteAsync(FullRow, CancellationToken.None);
        var early = sent.Length;
        sink.Finish(77, "http://next", 7);
        // A memory stream has no headers to send: what stands for "started" is what was sent.
        if (early > 0) await body.FlushIfLargeAsync(http.Response, CancellationToken.None);
        await body.CompleteAsync(http.Response, CancellationToken.None);
        body.Return();
        return (sent.ToArray(), early, early > 0 ? null : http.Response.ContentLength);
    }

    private static ResultShape Shape(string[] columns) => new(SampleMetadata.AccountEntity, 0, 1,
        [.. columns.Select((name, at) => new ResultColumn(SampleMetadata.AccountEntity.Attribute(name), at + 2))]);

    private static async Task<string> WriteAsync(ResultShape shape, ValueCursor row, AnnotationSet annotations, Caller caller)
    {
        var http = new DefaultHttpContext();
        using var sent = new MemoryStream();
        http.Response.Body = sent;
        var body = JsonBody.Rent();
        var sink = new SingleRowSink(body, Context, annotations, caller);
        sink.Start(shape);
        await sink.WriteAsync(row, CancellationToken.None);
        await body.CompleteAsync(http.Response, CancellationToken.None);
        body.Return();
        return Encoding.UTF8.GetString(sent.ToArray());
    }

    private static string[] Formatted(JsonElement row) =>
        [.. ((string[])["numberofemployees", "revenue", "creditonhold", "lastcall", "founded", "industrycode"]).Select(name => row.GetProperty($"{name}@{AnnotationNames.FormattedValue}").GetString()!)];
}
