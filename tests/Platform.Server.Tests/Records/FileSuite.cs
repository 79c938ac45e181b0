using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Records;

public sealed class FilesOnSqlite() : FileSuite(TestDatabase.Sqlite);

public sealed class FilesOnPostgreSql() : FileSuite(TestDatabase.PostgreSql);

/// <summary>File and image columns as clients of Dataverse use them.</summary>
public abstract class FileSuite(TestDatabase database) : IAsyncLifetime
{
    private static readonly byte[] Red = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==");

    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database, packs: WritePack);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_file_goes_up_in_one_request_and_comes_down_as_an_attachment()
    {
        var id = await RowAsync();
        var tag = await TagAsync(id);
        (await SendAsync(HttpMethod.Patch, $"tst_things({id})/tst_doc", "<script>alert(1)</script>"u8, ("x-ms-file-name", Uri.EscapeDataString("보고서 1.html")))).Demand(HttpStatusCode.NoContent);

        var row = (await Http.ReadAsync($"tst_things({id})", ("Prefer", "odata.include-annotations=\"*\""))).Demand(HttpStatusCode.OK).Body;
        Assert.Equal("보고서 1.html", row.GetProperty("tst_doc_name").GetString());
        Assert.Equal("보고서 1.html", row.GetProperty("tst_doc@OData.Community.Display.V1.FormattedValue").GetString());
        Assert.NotEqual(tag, row.GetProperty("@odata.etag").GetString());
        Assert.False(row.TryGetProperty("tst_photo", out _));

        var file = (await Http.ReadAsync($"tst_things({id})/tst_doc/$value")).Demand(HttpStatusCode.OK);
        Assert.Equal("<script>alert(1)</script>", file.Text);
        Assert.Equal("application/octet-stream", file.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(("attachment", "보고서 1.html"), (file.Response.Content.Headers.ContentDisposition!.DispositionType, file.Response.Content.Headers.ContentDisposition.FileNameStar));
        Assert.Equal("nosniff", file.Response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains("sandbox", file.Response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, (await Http.ReadAsync($"tst_things({id})/tst_doc/$value", ("If-None-Match", file.Response.Headers.ETag!.ToString()))).Status);
        Assert.Equal("PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", (await Http.ReadAsync($"tst_things({id})/tst_doc")).Demand(HttpStatusCode.OK).Body.GetProperty("value").GetString());
        Assert.Equal(1, (await Http.ReadAsync("tst_things?$filter=contains(tst_doc_name,'1.HTML')")).Demand(HttpStatusCode.OK).Body.GetProperty("value").GetArrayLength());
    }

    [Theory]
    [InlineData("bytes=0-3", HttpStatusCode.PartialContent, "0123", "bytes 0-3/10")]
    [InlineData("bytes=8-", HttpStatusCode.PartialContent, "89", "bytes 8-9/10")]
    [InlineData("bytes=-1", HttpStatusCode.PartialContent, "9", "bytes 9-9/10")]
    [InlineData("bytes=5-500", HttpStatusCode.PartialContent, "56789", "bytes 5-9/10")]
    [InlineData("bytes=10-", HttpStatusCode.RequestedRangeNotSatisfiable, "", "bytes */10")]
    [InlineData("bytes=0-1,3-4", HttpStatusCode.OK, "0123456789", null)]
    [InlineData("lines=0-1", HttpStatusCode.OK, "0123456789", null)]
    public async Task A_part_is_sent_where_a_range_asks_for_it(string range, HttpStatusCode status, string expected, string? contentRange)
    {
        var id = await RowAsync();
        (await SendAsync(HttpMethod.Patch, $"tst_things({id})/tst_doc?x-ms-file-name=digits.txt", "0123456789"u8)).Demand(HttpStatusCode.NoContent);

        var part = (await Http.ReadAsync($"tst_things({id})/tst_doc/$value", ("Range", range))).Demand(status);

        Assert.Equal(expected, part.Text);
        Assert.Equal(contentRange, part.Response.Content.Headers.ContentRange?.ToString());
    }

    [Fact]
    public async Task A_file_for_a_row_that_is_not_there_or_has_changed_leaves_nothing_behind()
    {
        var id = await RowAsync();
        var before = await server.FingerprintAsync();

        (await SendAsync(HttpMethod.Patch, $"tst_things({Guid.CreateVersion7()})/tst_doc", new byte[10], ("x-ms-file-name", "a.bin"))).Demand(HttpStatusCode.NotFound);
        (await SendAsync(HttpMethod.Patch, $"tst_things({Guid.Empty})/tst_doc", new byte[10], ("x-ms-file-name", "a.bin"))).Demand(HttpStatusCode.NotFound);
        (await SendAsync(HttpMethod.Patch, $"tst_things({id})/tst_doc", new byte[10], ("x-ms-file-name", "a.bin"), ("If-Match", "W/\"1\""))).Demand(HttpStatusCode.PreconditionFailed);

        Assert.Empty(DatabaseFingerprint.Changes(before, await server.FingerprintAsync()));
    }

    [Fact]
    public async Task A_large_file_goes_up_in_chunks_to_the_address_it_is_given()
    {
        var id = await RowAsync();
        var bytes = new byte[5_000_000];
        Random.Shared.NextBytes(bytes);
        var begun = (await Http.AskAsync(HttpMethod.Patch, $"tst_things({id})/tst_doc", null, ("x-ms-transfer-mode", "chunked"), ("x-ms-file-name", "large.bin"))).Demand(HttpStatusCode.OK);
        var size = int.Parse(begun.Response.Headers.GetValues("x-ms-chunk-size").Single(), null);
        var address = begun.Response.Headers.Location!.ToString();

        for (var at = 0; at < bytes.Length; at += size)
        {
            var chunk = bytes.AsMemory(at, Math.Min(size, bytes.Length - at));
            var last = at + chunk.Length == bytes.Length;
            (await ChunkAsync(address, chunk, at, bytes.Length)).Demand(last ? HttpStatusCode.NoContent : HttpStatusCode.PartialContent);
        }

        Assert.Equal(bytes, await Http.GetByteArrayAsync($"tst_things({id})/tst_doc/$value"));
        (await ChunkAsync(address, bytes.AsMemory(0, 10), 0, 10)).Demand(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_chunk_out_of_its_place_is_refused_and_the_right_one_is_still_taken()
    {
        var id = await RowAsync();
        var address = (await Http.AskAsync(HttpMethod.Patch, $"tst_things({id})/tst_doc", null, ("x-ms-transfer-mode", "chunked"), ("x-ms-file-name", "a.txt"))).Demand(HttpStatusCode.OK).Response.Headers.Location!.ToString();
        (await ChunkAsync(address, "abc"u8.ToArray(), 0, 6)).Demand(HttpStatusCode.PartialContent);

        (await ChunkAsync(address, "ghi"u8.ToArray(), 6, 9)).Demand(HttpStatusCode.BadRequest);
        (await ChunkAsync(address, "abc"u8.ToArray(), 0, 6)).Demand(HttpStatusCode.BadRequest);
        foreach (var all in new[] { 7, 1_000, 6L + int.MaxValue })
        {
            var other = (await ChunkAsync(address, "def"u8.ToArray(), 3, all)).Demand(HttpStatusCode.BadRequest);
            Assert.Contains($"'bytes 3-5/{all}', expected is 'bytes 3-<last byte>/6'", other.ErrorMessage, StringComparison.Ordinal);
        }
        // Bodies that do not say their length: more than the range, more by pieces, and less.
        foreach (var body in new[] { new byte[4], new byte[1_200_000], new byte[2] })
        {
            using var stream = new StreamContent(new MemoryStream(body));
            stream.Headers.ContentRange = new ContentRangeHeaderValue(3, 5, 6);
            var longer = (await Http.AskAsync(HttpMethod.Patch, address, stream, ("Transfer-Encoding", "chunked"))).Demand(HttpStatusCode.BadRequest);
            Assert.Contains("not as long as its Content-Range 'bytes 3-5/6' says", longer.ErrorMessage, StringComparison.Ordinal);
        }
        Assert.Equal(JsonValueKind.Null, (await Http.ReadAsync($"tst_things({id})")).Body.GetProperty("tst_doc").ValueKind);

        (await ChunkAsync(address, "def"u8.ToArray(), 3, 6)).Demand(HttpStatusCode.NoContent);
        Assert.Equal("abcdef", (await Http.ReadAsync($"tst_things({id})/tst_doc/$value")).Text);
    }

    [Fact]
    public async Task What_is_too_large_is_cut_off_whether_or_not_the_client_says_how_large_it_is()
    {
        var id = await RowAsync();
        var declared = await SendAsync(HttpMethod.Patch, $"tst_things({id})/tst_small", new byte[2000], ("x-ms-file-name", "a.bin"));
        declared.Demand(HttpStatusCode.RequestEntityTooLarge);
        Assert.Contains("over the limit of 1 KB", declared.ErrorMessage, StringComparison.Ordinal);

        using var endless = new StreamContent(new MemoryStream(new byte[3000]));
        var streamed = await Http.AskAsync(HttpMethod.Patch, $"tst_things({id})/tst_small", endless, ("x-ms-file-name", "a.bin"), ("Transfer-Encoding", "chunked"));
        streamed.Demand(HttpStatusCode.RequestEntityTooLarge);
        (await Http.ReadAsync($"tst_things({id})/tst_small/$value")).Demand(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_file_is_removed_by_DELETE_and_a_body_does_not_set_it()
    {
        var id = await RowAsync();
        (await SendAsync(HttpMethod.Patch, $"tst_things({id})/tst_doc", "a"u8, ("x-ms-file-name", "a.txt"))).Demand(HttpStatusCode.NoContent);
        (await Http.UpdateAsync($"tst_things({id})", new { tst_name = "new", tst_doc = (string?)null, tst_doc_name = "b.txt" })).Demand(HttpStatusCode.NoContent);
        Assert.Equal("a", (await Http.ReadAsync($"tst_things({id})/tst_doc/$value")).Text);

        (await Http.RemoveAsync($"tst_things({id})/tst_doc", ("If-Match", "W/\"1\""))).Demand(HttpStatusCode.PreconditionFailed);
        (await Http.RemoveAsync($"tst_things({id})/tst_doc")).Demand(HttpStatusCode.NoContent);

        (await Http.ReadAsync($"tst_things({id})/tst_doc/$value")).Demand(HttpStatusCode.NotFound);
        (await Http.ReadAsync($"tst_things({id})/tst_name/$value")).Demand(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_image_comes_in_a_body_or_by_itself_and_is_shown_in_place()
    {
        var id = (await Http.CreateAsync("tst_things", new { tst_name = "x", tst_photo = Convert.ToBase64String(Red) })).Demand(HttpStatusCode.NoContent).EntityId;
        var full = (await Http.ReadAsync($"tst_things({id})/tst_photo/$value?size=full")).Demand(HttpStatusCode.OK);
        Assert.Equal("image/png", full.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("inline", full.Response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal(Red, await Http.GetByteArrayAsync($"tst_things({id})/tst_photo/$value?size=full"));

        var row = (await Http.ReadAsync($"tst_things({id})")).Demand(HttpStatusCode.OK).Body;
        var photo = row.GetProperty("tst_photoid").GetGuid();
        Assert.True(row.GetProperty("tst_photo_timestamp").GetInt64() > 0);
        Assert.Equal(Red, await Http.GetByteArrayAsync(new Uri(server.Address, row.GetProperty("tst_photo_url").GetString())));

        (await SendAsync(HttpMethod.Put, $"tst_things({id})/tst_photo", Red, ("x-ms-file-name", "red.png"))).Demand(HttpStatusCode.NoContent);
        Assert.NotEqual(photo, (await Http.ReadAsync($"tst_things({id})?$select=tst_photoid")).Body.GetProperty("tst_photoid").GetGuid());

        (await Http.UpdateAsync($"tst_things({id})", new { tst_photo = (string?)null })).Demand(HttpStatusCode.NoContent);
        Assert.Equal(JsonValueKind.Null, (await Http.ReadAsync($"tst_things({id})?$select=tst_photoid,tst_photo")).Body.GetProperty("tst_photoid").ValueKind);
    }

    [Fact]
    public async Task A_small_image_comes_with_the_row_that_selects_it_and_by_its_address()
    {
        var id = (await Http.CreateAsync("tst_things", new { tst_photo = Convert.ToBase64String(Image(600, 300)) })).Demand(HttpStatusCode.NoContent).EntityId;

        var small = (await Http.ReadAsync($"tst_things({id})?$select=tst_photo")).Demand(HttpStatusCode.OK).Body.GetProperty("tst_photo").GetBytesFromBase64();
        Assert.Equal([0xFF, 0xD8, 0xFF], small[..3]);
        Assert.Equal((144, 72), SizeOfJpeg(small));
        Assert.Equal(small, await Http.GetByteArrayAsync($"tst_things({id})/tst_photo/$value"));
        Assert.Equal(small, (await Http.ReadAsync($"tst_things({id})/tst_photo")).Body.GetProperty("value").GetBytesFromBase64());
        Assert.Equal(small, (await Http.ReadAsync("tst_things?$select=tst_photo")).Body.GetProperty("value")[0].GetProperty("tst_photo").GetBytesFromBase64());
        Assert.Equal(small, await Http.GetByteArrayAsync(new Uri(server.Address, $"/api/platform/files/tst_thing/{id}/tst_photo?size=thumbnail")));
    }

    [Fact]
    public async Task Broken_images_and_those_of_too_many_pixels_are_refused_and_the_server_goes_on()
    {
        var id = await RowAsync();
        var whole = Image(600, 300);
        foreach (var (bytes, reason) in new[] { (whole[..(whole.Length / 2)], "cannot be decoded"), (Image(600, 300, claimed: 60_000), "more than 50 million"), (whole[..20], "cannot be decoded") })
        {
            var refused = (await SendAsync(HttpMethod.Patch, $"tst_things({id})/tst_photo", bytes)).Demand(HttpStatusCode.BadRequest);
            Assert.Contains(reason, refused.ErrorMessage, StringComparison.Ordinal);
        }
        (await SendAsync(HttpMethod.Patch, $"tst_things({id})/tst_photo", whole)).Demand(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task What_only_calls_itself_an_image_is_refused()
    {
        var id = await RowAsync();
        var svg = await SendAsync(HttpMethod.Patch, $"tst_things({id})/tst_photo", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"u8, ("x-ms-file-name", "a.png"));
        svg.Demand(HttpStatusCode.BadRequest);
        Assert.Equal("0x80072553", svg.ErrorCode);
        (await Http.UpdateAsync($"tst_things({id})", new { tst_photo = Convert.ToBase64String("text"u8) })).Demand(HttpStatusCode.BadRequest);
        (await Http.UpdateAsync($"tst_things({id})", new { tst_photo = "no base64!" })).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_model_tells_the_types_and_the_companions()
    {
        var model = (await Http.ReadAsync("$metadata")).Demand(HttpStatusCode.OK).Text;
        foreach (var (name, type) in new[] { ("tst_doc", "Guid"), ("tst_doc_name", "String"), ("tst_photo", "Binary"), ("tst_photoid", "Guid"), ("tst_photo_timestamp", "Int64"), ("tst_photo_url", "String") })
            Assert.Contains($"<Property Name=\"{name}\" Type=\"Edm.{type}\"", model, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_upload_with_their_cookie_only_with_the_header_that_other_sites_cannot_send()
    {
        var id = await RowAsync();
        var upload = new Uri(server.Address, $"/api/platform/files/tst_thing/tst_doc?record={id}");
        using var form = new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded");
        (await Http.AskAsync(HttpMethod.Post, upload.ToString(), form)).Demand(HttpStatusCode.BadRequest);
        var taken = (await SendAsync(HttpMethod.Post, upload.ToString(), "abc"u8, ("x-ms-file-name", "a.txt"))).Demand(HttpStatusCode.Created).Body;
        Assert.Equal(("a.txt", 3), (taken.GetProperty("name").GetString(), taken.GetProperty("size").GetInt32()));

        var anonymous = await server.Anonymous.GetAsync(new Uri(server.Address, $"/api/platform/files/tst_thing/{id}/tst_doc"));
        Assert.NotEqual(HttpStatusCode.OK, anonymous.StatusCode);
    }

    private async Task<Guid> RowAsync() => (await Http.CreateAsync("tst_things", new { tst_name = "x" })).Demand(HttpStatusCode.NoContent).EntityId;

    private async Task<string?> TagAsync(Guid id) => (await Http.ReadAsync($"tst_things({id})")).Body.GetProperty("@odata.etag").GetString();

    private Task<Answer> SendAsync(HttpMethod method, string path, ReadOnlySpan<byte> bytes, params (string Name, string Value)[] headers)
    {
        var content = new ByteArrayContent(bytes.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        return Http.AskAsync(method, path, content, headers);
    }

    /// <summary>A PNG of stripes.</summary>
    /// <param name="claimed">Width and height that its head tells; <c>null</c> for the true ones.</param>
    private static byte[] Image(int width, int height, int? claimed = null)
    {
        using var pixels = new MemoryStream();
        using (var zip = new ZLibStream(pixels, CompressionLevel.Fastest, leaveOpen: true))
            for (var y = 0; y < height; y++)
            {
                zip.WriteByte(0);
                for (var x = 0; x < width; x++) zip.Write([(byte)x, (byte)y, (byte)(x * y)]);
            }
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, claimed ?? width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), claimed ?? height);
        (head[8], head[9]) = (8, 2);
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR"u8, head), .. Chunk("IDAT"u8, pixels.ToArray()), .. Chunk("IEND"u8, [])];

        static byte[] Chunk(ReadOnlySpan<byte> name, byte[] data)
        {
            var chunk = new byte[data.Length + 12];
            BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
            name.CopyTo(chunk.AsSpan(4));
            data.CopyTo(chunk.AsSpan(8));
            BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc(chunk.AsSpan(4, data.Length + 4)));
            return chunk;
        }

        static uint Crc(ReadOnlySpan<byte> bytes)
        {
            var crc = uint.MaxValue;
            foreach (var one in bytes)
            {
                crc ^= one;
                for (var bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
            return ~crc;
        }
    }

    private static (int Width, int Height) SizeOfJpeg(ReadOnlySpan<byte> jpeg)
    {
        var frame = jpeg.IndexOf([(byte)0xFF, (byte)0xC0]);
        return (BinaryPrimitives.ReadUInt16BigEndian(jpeg[(frame + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(jpeg[(frame + 5)..]));
    }

    private Task<Answer> ChunkAsync(string address, ReadOnlyMemory<byte> chunk, long at, long all)
    {
        var content = new ReadOnlyMemoryContent(chunk);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Headers.ContentRange = new ContentRangeHeaderValue(at, at + chunk.Length - 1, all);
        return Http.AskAsync(HttpMethod.Patch, address, content);
    }

    private static void WritePack(string folder)
    {
        Write("pack.json", """{ "id": "files", "version": "1.0.0", "publisher": { "prefix": "tst", "name": "Tests" }, "title": "Files", "dependencies": { "core": ">=1.0.0" } }""");
        Write("entities/tst_thing/entity.json", """
            { "title": "Thing", "type": "object",
              "x-entity": { "logicalName": "tst_thing", "entitySetName": "tst_things", "ownership": "user", "primaryNameAttribute": "tst_name" },
              "properties": {
                "tst_name": { "type": "string", "title": "Name" },
                "tst_doc": { "type": "string", "x-kind": "file", "title": "Document" },
                "tst_small": { "type": "string", "x-kind": "file", "title": "Small", "x-maxSizeInKB": 1 },
                "tst_photo": { "type": "string", "x-kind": "image", "title": "Photo" } } }
            """);

        void Write(string file, string text)
        {
            var path = Path.Combine(folder, "files", file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
    }
}
