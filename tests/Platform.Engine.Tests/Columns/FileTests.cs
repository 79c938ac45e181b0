using Platform.Engine.Files;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Engine.Sql;
using Platform.Engine.Tests.Databases;
using Platform.Sdk;

namespace Platform.Engine.Tests.Columns;

public sealed class SqliteFileTests : FileTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.SqliteAsync();
}

public sealed class PostgreSqlFileTests : FileTests
{
    protected override Task<TestDatabase> DatabaseAsync() => CoreDatabase.PostgreSqlAsync();
}

public abstract class FileTests
{
    private const string Columns = """
        "tst_doc": { "type": "string", "x-kind": "file", "title": "Document", "x-maxSizeInKB": 2048, "x-allowedTypes": [".txt", "application/pdf"] },
        "tst_photo": { "type": "string", "x-kind": "image", "title": "Photo", "x-maxSizeInKB": 16 },
        "tst_locked": { "type": "string", "x-kind": "file", "title": "Locked", "x-readOnly": true }
        """;

    private static readonly byte[] Pixel = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    protected abstract Task<TestDatabase> DatabaseAsync();

    [Fact]
    public async Task Content_of_many_pieces_is_read_as_it_was_written_in_whole_and_in_part()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing"));
        var bytes = new byte[FileUploads.PieceBytes * 3 + 17];
        Random.Shared.NextBytes(bytes);

        var before = (await engine.ReadAsync("tst_thing", id)).Version;
        var file = await UploadAsync(engine, "tst_doc", "보고서.txt", bytes, id);
        Assert.Null((await engine.ReadAsync("tst_thing", id))["tst_doc"]);
        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_doc"] = file.Id }));

        var row = await engine.ReadAsync("tst_thing", id);
        Assert.Equal((file.Id, "보고서.txt"), (row["tst_doc"], row["tst_doc_name"]));
        Assert.True(row.Version > before);
        Assert.Equal(bytes, await ContentAsync(engine, id, "tst_doc"));
        Assert.Equal(bytes[600_000..600_003], await ContentAsync(engine, id, "tst_doc", 600_000, 3));
        Assert.Equal(bytes[^1..], await ContentAsync(engine, id, "tst_doc", bytes.Length - 1, 1));
        Assert.Equal("보고서.txt", Assert.Single(await engine.QueryAsync("tst_thing", "?$select=tst_doc_name&$orderby=tst_doc_name&$filter=endswith(tst_doc_name,'서.TXT') and tst_doc ne null"))["tst_doc_name"]);
    }

    [Fact]
    public async Task An_image_tells_its_id_its_time_and_its_address()
    {
        await using var engine = await StartAsync();
        var photo = await UploadAsync(engine, "tst_photo", "me.png", Pixel);
        Assert.Equal(("image/gif", true), (photo.MediaType, photo.IsImage));

        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_photo"] = photo.Id });

        var row = await engine.ReadAsync("tst_thing", id);
        Assert.Equal((photo.Id, photo.Id), (row["tst_photo"], row["tst_photoid"]));
        Assert.Equal($"/api/platform/files/tst_thing/{id:D}/tst_photo?version={photo.Id:D}", row["tst_photo_url"]);
        Assert.True(row.Get<long>("tst_photo_timestamp") > 0);
    }

    [Fact]
    public async Task Content_goes_when_it_is_replaced_emptied_or_its_row_is_deleted()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_doc"] = (await UploadAsync(engine, "tst_doc", "a.txt", "a"u8)).Id });
        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_doc"] = (await UploadAsync(engine, "tst_doc", "b.txt", "bb"u8, id)).Id }));
        Assert.Equal("bb"u8.ToArray(), await ContentAsync(engine, id, "tst_doc"));
        Assert.Equal((1, 1), await CountAsync(engine));

        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_doc"] = null }));
        Assert.Equal((0, 0), await CountAsync(engine));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<PlatformException>(() => ContentAsync(engine, id, "tst_doc"))).Kind);

        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_doc"] = (await UploadAsync(engine, "tst_doc", "c.txt", "c"u8, id)).Id }));
        await engine.SendAsync(new Delete(new EntityReference("tst_thing", id)));
        Assert.Equal((0, 0), await CountAsync(engine));
    }

    [Fact]
    public async Task The_history_tells_names_and_sizes_and_no_content()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_doc"] = (await UploadAsync(engine, "tst_doc", "a.txt", "a"u8)).Id });
        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_doc"] = (await UploadAsync(engine, "tst_doc", "b.txt", "bb"u8, id)).Id }));
        await engine.SendAsync(new Delete(new EntityReference("tst_thing", id)));

        var told = (await engine.QueryAsync("audit", $"?$orderby=versionnumber&$filter=objectid eq {id}")).Select(row => (string)row["changedata"]!).ToList();
        Assert.Contains("\"tst_doc\":{\"new\":\"a.txt (1 bytes)\"}", told[0], StringComparison.Ordinal);
        Assert.Equal("""{"tst_doc":{"old":"a.txt (1 bytes)","new":"b.txt (2 bytes)"}}""", told[1]);
        Assert.Contains("\"tst_doc\":{\"old\":\"b.txt (2 bytes)\"}", told[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_column_does_not_take_is_refused_and_nothing_of_it_stays()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing"));
        foreach (var (attribute, name, bytes, code) in new (string, string, byte[], string)[]
        {
            ("tst_doc", "a.exe", [1], "0x80043e09"),
            ("tst_doc", "a.pdf", "<html>"u8.ToArray(), "0x8FF00052"),
            ("tst_doc", "a.txt", new byte[2048 * 1024 + 1], "0x80044a02"),
            ("tst_doc", "  ", [1], "0x8FF00051"),
            ("tst_doc", "a\n.txt", [1], "0x8FF00051"),
            ("tst_photo", "a.png", "<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), "0x80072553"),
            ("tst_photo", "a.png", [], "0x80072553"),
            ("tst_photo", "a.gif", [.. Pixel, .. new byte[16 * 1024]], "0x80044a02"),
            ("tst_name", "a.txt", [1], "0x8FF00050"),
            ("tst_locked", "a.txt", [1], "0x8FF00002"),
        })
        {
            var refused = await Assert.ThrowsAsync<PlatformException>(() => UploadAsync(engine, attribute, name, bytes, id));
            Assert.Equal((code, attribute), (refused.Code, refused.Attribute));
        }
        var declared = await Assert.ThrowsAsync<PlatformException>(() => engine.Uploads.BeginAsync(new EntityReference("tst_thing", id), "tst_doc", "a.txt", 1L << 40, engine.Admin, CancellationToken.None));
        Assert.Equal(ErrorKind.TooLarge, declared.Kind);
        Assert.Equal((0, 0), await CountAsync(engine));
    }

    [Fact]
    public async Task Only_a_complete_upload_of_the_same_user_for_the_same_column_is_taken()
    {
        await using var engine = await StartAsync();
        var other = await engine.UserAsync(engine.Metadata.Roles.Single(role => role.Name == "system-administrator").Id);
        var mine = await UploadAsync(engine, "tst_doc", "a.txt", "a"u8);
        var photo = await UploadAsync(engine, "tst_photo", "a.gif", Pixel);
        var begun = await engine.Uploads.BeginAsync(new EntityReference("tst_thing", Guid.Empty), "tst_doc", "a.txt", null, engine.Admin, CancellationToken.None);
        await Assert.ThrowsAsync<PlatformException>(() => engine.Uploads.FindAsync(begun.Id, other, CancellationToken.None));

        await RefusedAsync(new EntityRecord("tst_thing") { ["tst_doc"] = mine.Id }, other);
        await RefusedAsync(new EntityRecord("tst_thing") { ["tst_doc"] = photo.Id }, engine.Admin);
        await RefusedAsync(new EntityRecord("tst_thing") { ["tst_doc"] = begun.Id }, engine.Admin);
        await RefusedAsync(new EntityRecord("tst_thing") { ["tst_doc"] = Guid.CreateVersion7() }, engine.Admin);
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_doc"] = mine.Id });
        await RefusedAsync(new EntityRecord("tst_thing") { ["tst_doc"] = mine.Id }, engine.Admin);
        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_doc"] = mine.Id, ["tst_name"] = "sent back" }));
        Assert.Equal("a"u8.ToArray(), await ContentAsync(engine, id, "tst_doc"));

        async Task RefusedAsync(EntityRecord row, Caller caller) =>
            Assert.Equal("0x8FF00054", (await Assert.ThrowsAsync<PlatformException>(() => engine.CreateAsync(row, caller))).Code);
    }

    [Fact]
    public async Task Rights_on_the_row_decide_who_reads_and_who_uploads()
    {
        await using var engine = await StartAsync();
        var stranger = await engine.UserAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_doc"] = (await UploadAsync(engine, "tst_doc", "a.txt", "a"u8)).Id });

        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new RetrieveFile(new EntityReference("tst_thing", id), "tst_doc"), stranger))).Kind);
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new BeginUpload(new EntityReference("tst_thing", id), "tst_doc", "b.txt", 1), stranger))).Kind);
        Assert.Equal((1, 1), await CountAsync(engine));
    }

    [Fact]
    public async Task Uploads_that_nobody_attached_are_removed_in_time_and_what_rows_hold_stays()
    {
        var clock = new ShiftedClock();
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), clock, packs: ColumnPack.Of(Columns));
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_doc"] = (await UploadAsync(engine, "tst_doc", "kept.txt", "k"u8)).Id });
        await UploadAsync(engine, "tst_doc", "given up.txt", "g"u8);
        await engine.Uploads.BeginAsync(new EntityReference("tst_thing", id), "tst_doc", "begun.txt", null, engine.Admin, CancellationToken.None);

        Assert.Equal(0, await engine.Uploads.RemoveAbandonedAsync(CancellationToken.None));
        clock.Offset = FileUploads.Lifetime + TimeSpan.FromMinutes(1);
        Assert.Equal(2, await engine.Uploads.RemoveAbandonedAsync(CancellationToken.None));

        Assert.Equal("k"u8.ToArray(), await ContentAsync(engine, id, "tst_doc"));
    }

    [Fact]
    public async Task A_parked_column_keeps_its_content_until_it_is_purged()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_doc"] = (await UploadAsync(engine, "tst_doc", "a.txt", "a"u8)).Id });
        var without = ColumnPack.Of("\"tst_other\": { \"type\": \"string\", \"title\": \"Other\" }");
        Task ApplyAsync(PackFiles pack) => engine.Publisher.ApplyAsync(new MetadataChange { Packs = [pack] }, new PublishOptions { Park = true }, CancellationToken.None);

        await ApplyAsync(without);
        Assert.Equal((1, 1), await CountAsync(engine));
        await ApplyAsync(ColumnPack.Of(Columns));
        Assert.Equal("a"u8.ToArray(), await ContentAsync(engine, id, "tst_doc"));

        await ApplyAsync(without);
        await engine.Publisher.PurgeAsync(Assert.Single(await engine.Publisher.ParkedAsync(CancellationToken.None)).Name, CancellationToken.None);
        Assert.Equal((0, 0), await CountAsync(engine));
    }

    [Fact]
    public async Task A_row_that_is_deleted_takes_the_content_of_parked_columns_along()
    {
        await using var engine = await StartAsync();
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_doc"] = (await UploadAsync(engine, "tst_doc", "a.txt", "a"u8)).Id });
        await engine.Publisher.ApplyAsync(new MetadataChange { Packs = [ColumnPack.Of("\"tst_other\": { \"type\": \"string\", \"title\": \"Other\" }")] }, new PublishOptions { Park = true }, CancellationToken.None);

        await engine.SendAsync(new Delete(new EntityReference("tst_thing", id)));

        Assert.Equal((0, 0), await CountAsync(engine));
    }

    [Fact]
    public async Task A_step_sees_an_upload_and_may_refuse_it()
    {
        const string steps = """{ "steps": [ { "name": "look", "script": "look.js", "message": "Update", "stage": "PreOperation", "filteringAttributes": ["tst_doc"] } ] }""";
        await using var engine = await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(
            Columns, "", ("entities/tst_thing/steps.json", steps),
            ("entities/tst_thing/look.js", "if (context.target.get('tst_doc') !== null) context.reject('Not now.', 'tst_not_now');")));
        var id = await engine.CreateAsync(new EntityRecord("tst_thing") { ["tst_doc"] = (await UploadAsync(engine, "tst_doc", "a.txt", "a"u8)).Id });
        var next = await UploadAsync(engine, "tst_doc", "b.txt", "b"u8, id);

        await Assert.ThrowsAsync<PlatformException>(() => engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_doc"] = next.Id })));

        Assert.Equal("a"u8.ToArray(), await ContentAsync(engine, id, "tst_doc"));
        await engine.SendAsync(new Update(new EntityRecord("tst_thing", id) { ["tst_doc"] = null }));
    }

    private async Task<TestEngine> StartAsync() => await TestEngine.StartAsync(await DatabaseAsync(), packs: ColumnPack.Of(Columns));

    private static Task<StoredFile> UploadAsync(TestEngine engine, string attribute, string name, ReadOnlySpan<byte> bytes, Guid row = default) => UploadAsync(engine, attribute, name, bytes.ToArray(), row);

    private static async Task<StoredFile> UploadAsync(TestEngine engine, string attribute, string name, byte[] bytes, Guid row = default)
    {
        var upload = await engine.Uploads.BeginAsync(new EntityReference("tst_thing", row), attribute, name, null, engine.Admin, CancellationToken.None);
        foreach (var piece in bytes.Chunk(FileUploads.PieceBytes)) upload = await engine.Uploads.AppendAsync(upload, piece, CancellationToken.None);
        return await engine.Uploads.CompleteAsync(upload, CancellationToken.None);
    }

    private static async Task<byte[]> ContentAsync(TestEngine engine, Guid id, string attribute, long from = 0, long? count = null)
    {
        var file = (await engine.SendAsync(new RetrieveFile(new EntityReference("tst_thing", id), attribute))).File!;
        using var bytes = new MemoryStream();
        await engine.Contents.CopyAsync(file, from, count ?? file.Size, bytes.WriteAsync, CancellationToken.None);
        return bytes.ToArray();
    }

    /// <summary>Rows of the two tables of content.</summary>
    private static async Task<(long Files, long Pieces)> CountAsync(TestEngine engine)
    {
        var counts = new Numbers();
        await engine.Database.ReadAsync(
            async (session, ct) =>
            {
                await session.QueryAsync(new SqlStatement("SELECT count(*) FROM platform_file"), counts, ct);
                await session.QueryAsync(new SqlStatement("SELECT count(*) FROM platform_file_piece"), counts, ct);
                return true;
            },
            CancellationToken.None);
        return (counts.Found[0], counts.Found[1]);
    }

    private sealed class Numbers : IRowReceiver
    {
        public List<long> Found { get; } = [];

        public ValueTask<bool> ReceiveAsync(RowCursor row, CancellationToken ct)
        {
            Found.Add(row.GetInt64(0));
            return ValueTask.FromResult(true);
        }
    }

    private sealed class ShiftedClock : TimeProvider
    {
        public TimeSpan Offset { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
    }
}
