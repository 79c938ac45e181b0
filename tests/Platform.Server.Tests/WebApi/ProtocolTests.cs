using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>What HTTP itself offers on every resource.</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private TestServer server = null!;
    private Guid account;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync();
        account = (await Http.CreateAsync("accounts", new { name = "Nordwind", description = new string('한', 1900) })).Demand(HttpStatusCode.NoContent).EntityId;
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task HEAD_answers_as_GET_does_without_the_body()
    {
        foreach (var path in (string[])["", "$metadata", "accounts", "accounts?$top=0", "accounts/$count", $"accounts({account})", $"accounts({account})/name", $"accounts({account})/name/$value", $"accounts({account})/owninguser", "WhoAmI()", "EntityDefinitions(LogicalName='account')?$select=LogicalName", $"accounts({Guid.CreateVersion7()})", "nothing"])
        {
            var get = await Http.ReadAsync(path);
            var head = await Http.AskAsync(HttpMethod.Head, path, null);

            Assert.Equal((get.Status, ""), (head.Status, head.Text));
            Assert.Equal(get.Response.Content.Headers.ContentType, head.Response.Content.Headers.ContentType);
            Assert.Equal(get.Response.Headers.ETag, head.Response.Headers.ETag);
        }
    }

    [Fact]
    public async Task Bodies_may_come_compressed_and_count_by_what_is_in_them()
    {
        static HttpContent Compressed(string text, string encoding, string type = "application/json", Func<Stream, Stream>? by = null)
        {
            using var bytes = new MemoryStream();
            using (var stream = by?.Invoke(bytes) ?? encoding switch { "br" => new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true), "deflate" => new ZLibStream(bytes, CompressionLevel.Fastest, leaveOpen: true), "identity" => bytes, _ => new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true) })
                stream.Write(Encoding.UTF8.GetBytes(text));
            var content = new ByteArrayContent(bytes.ToArray());
            content.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse(type);
            content.Headers.ContentEncoding.Add(encoding);
            return content;
        }

        foreach (var encoding in (string[])["gzip", "br", "deflate", "identity"])
        {
            var id = (await Http.AskAsync(HttpMethod.Post, "accounts", Compressed("""{ "name": "Compressed" }""", encoding))).Demand(HttpStatusCode.NoContent).EntityId;
            Assert.Equal("Compressed", (await Http.ReadAsync($"accounts({id})/name/$value")).Demand(HttpStatusCode.OK).Text);
        }
        var batch = (await Http.AskAsync(HttpMethod.Post, "$batch", Compressed("--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET accounts/$count HTTP/1.1\r\n\r\n\r\n--b--\r\n", "gzip", "multipart/mixed; boundary=b"))).Demand(HttpStatusCode.OK);
        Assert.Contains("\r\n\r\n5", batch.Text, StringComparison.Ordinal);

        // A bomb: some kilobytes that become more than a body may have, or a batch.
        var bomb = $$"""{ "name": "x", "description": "{{new string('x', 40 * 1024 * 1024)}}" }""";
        foreach (var (path, encoding) in new[] { ("accounts", "gzip"), ("accounts", "br"), ("$batch", "deflate") })
        {
            var refused = (await Http.AskAsync(HttpMethod.Post, path, Compressed(bomb, encoding))).Demand(HttpStatusCode.RequestEntityTooLarge);
            Assert.Contains(path == "$batch" ? "33554432" : "10485760", refused.ErrorMessage, StringComparison.Ordinal);
        }
        foreach (var unknown in (string[])["zstd", "compress", "x-my"])
        {
            var refused = (await Http.AskAsync(HttpMethod.Post, "accounts", Compressed("""{ "name": "x" }""", unknown))).Demand(HttpStatusCode.UnsupportedMediaType);
            Assert.Equal("gzip, br, deflate", string.Join(", ", refused.Response.Headers.GetValues("Accept-Encoding")));
        }
        // What is not what it says is the sender's mistake, also when it breaks off.
        foreach (var encoding in (string[])["gzip", "br", "deflate"])
            (await Http.AskAsync(HttpMethod.Post, "accounts", Compressed("""{ "name": "x" }""", encoding, by: stream => new BufferedStream(stream)))).Demand(HttpStatusCode.BadRequest);
        Assert.Equal("5", (await Http.ReadAsync("accounts/$count")).Demand(HttpStatusCode.OK).Text);
    }

    [Fact]
    public async Task OPTIONS_tells_what_each_resource_takes_and_does_nothing()
    {
        (string Path, string Allowed)[] resources =
        [
            ("", "GET, HEAD"), ("$metadata", "GET, HEAD"), ("WhoAmI()", "GET, HEAD"), ("$batch", "POST"),
            ("accounts", "GET, HEAD, POST"), ($"accounts({account})", "GET, HEAD, PATCH, DELETE"), ("accounts/$count", "GET, HEAD"),
            ($"accounts({account})/name", "GET, HEAD, PUT, DELETE"), ($"accounts({account})/name/$value", "GET, HEAD"), ($"accounts({account})/contact_customer_accounts/$ref", "GET, HEAD, POST, DELETE"),
            ("Merge", "POST"), ("accounts/Microsoft.Dynamics.CRM.CreateMultiple", "POST"), ("PublishAllXml", "POST"),
            ("EntityDefinitions", "GET, HEAD, POST"), ("EntityDefinitions(LogicalName='account')", "GET, HEAD, PUT, DELETE"),
        ];
        foreach (var (path, allowed) in resources)
        {
            var answer = await Http.AskAsync(HttpMethod.Options, path, null);
            Assert.True(answer.Status == HttpStatusCode.NoContent, $"{path}: {answer.Status} {answer.Text}");
            Assert.Equal((path, allowed), (path, string.Join(", ", answer.Response.Content.Headers.Allow)));
        }

        (await Http.AskAsync(HttpMethod.Options, "nothing", null)).Demand(HttpStatusCode.NotFound);
        (await server.Anonymous.AskAsync(HttpMethod.Options, "/api/data/v9.2/accounts", null)).Demand(HttpStatusCode.Unauthorized);
        (await Http.ReadAsync($"accounts({account})")).Demand(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Answers_travel_compressed_to_who_takes_it(string encoding)
    {
        foreach (var path in (string[])["accounts?$select=name,description", "$metadata"])
        {
            var plain = (await Http.ReadAsync(path)).Demand(HttpStatusCode.OK);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.ParseAdd(encoding);
            using var answer = await Http.SendAsync(request);
            var sent = await answer.Content.ReadAsByteArrayAsync();

            Assert.Empty(plain.Response.Content.Headers.ContentEncoding);
            Assert.Equal(encoding, Assert.Single(answer.Content.Headers.ContentEncoding));
            Assert.True(sent.Length < plain.Text.Length / 2, $"{sent.Length} of {plain.Text.Length} bytes");
            using Stream unpacked = encoding == "br" ? new BrotliStream(new MemoryStream(sent), CompressionMode.Decompress) : new GZipStream(new MemoryStream(sent), CompressionMode.Decompress);
            Assert.Equal(plain.Text, await new StreamReader(unpacked, Encoding.UTF8).ReadToEndAsync());
        }
    }

    [Fact]
    public async Task Pages_of_other_sites_call_only_where_the_configuration_names_them()
    {
        const string friend = "https://app.example.com";
        using var folder = new TestFolder();
        await using var open = ServerProcess.Start(TestServer.Password, ["--urls", "http://127.0.0.1:0", "--data", folder["data"]], ("Cors__Origins__0", friend));
        using var http = new HttpClient { BaseAddress = new Uri(await open.ListeningAsync(), "/api/data/v9.2/") };

        var asked = (await http.AskAsync(HttpMethod.Options, "accounts", null, Preflight(friend))).Demand(HttpStatusCode.NoContent);
        Assert.Equal(friend, asked.Response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("PATCH", asked.Response.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.Equal("authorization,prefer", asked.Response.Headers.GetValues("Access-Control-Allow-Headers").Single());
        Assert.False(asked.Response.Headers.Contains("Access-Control-Allow-Credentials"));
        var called = (await http.ReadAsync("accounts", ("Origin", friend))).Demand(HttpStatusCode.Unauthorized);
        Assert.Equal(friend, called.Response.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Contains("OData-EntityId", called.Response.Headers.GetValues("Access-Control-Expose-Headers").Single(), StringComparison.Ordinal);

        foreach (var (client, path, origin) in new[] { (http, "accounts", "https://evil.example.com"), (http, "/sign-in", friend), (server.Anonymous, "/api/data/v9.2/accounts", friend) })
            Assert.False((await client.AskAsync(HttpMethod.Options, path, null, Preflight(origin))).Response.Headers.Contains("Access-Control-Allow-Origin"), path);

        static (string, string)[] Preflight(string origin) => [("Origin", origin), ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "authorization,prefer")];
    }

    [Fact]
    public async Task A_user_who_asks_too_much_is_told_when_to_ask_again()
    {
        using var folder = new TestFolder();
        await using var open = ServerProcess.Start(
            TestServer.Password, ["--urls", "http://127.0.0.1:0", "--data", folder["data"]], ("WebApi__Limits__Requests", "3"), ("WebApi__Limits__ExecutionTime", "00:20:00"));
        using var http = await open.AdministratorAsync();
        (await http.ReadAsync("WhoAmI()")).Demand(HttpStatusCode.OK);
        var batch = await http.AskAsync(HttpMethod.Post, "$batch", JsonContent.Create(new { requests = new[] { "accounts", "contacts", "teams" }.Select((url, at) => new { id = $"{at}", method = "GET", url }) }));
        batch.Demand(HttpStatusCode.OK);
        Assert.All(batch.Body.GetProperty("responses").EnumerateArray(), answer => Assert.Equal(200, answer.GetProperty("status").GetInt32()));
        Assert.Equal("1", batch.Response.Headers.GetValues("x-ms-ratelimit-burst-remaining-xrm-requests").Single());
        (await http.ReadAsync("nothing")).Demand(HttpStatusCode.NotFound);
        (await http.ReadAsync("accounts")).Demand(HttpStatusCode.OK);

        var refused = await http.CreateAsync("accounts", new { name = "One too many" });

        refused.Demand(HttpStatusCode.TooManyRequests);
        Assert.Equal("0x80072322", refused.Body.GetProperty("error").GetProperty("code").GetString());
        Assert.InRange(refused.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 300);
    }

    [Theory]
    [InlineData("Cors__Origins__0", "app.example.com/path", "'app.example.com/path', which is no origin")]
    [InlineData("WebApi__Limits__Requests", "many", "'many' at 'WebApi:Limits:Requests'")]
    [InlineData("WebApi__Limits__Window", "00:00:00", "WebApi:Limits:Window is more than 0")]
    public async Task A_setting_that_makes_no_sense_is_refused_at_the_start(string setting, string value, string sentence)
    {
        using var folder = new TestFolder();
        await using var refused = ServerProcess.Start(TestServer.Password, ["--urls", "http://127.0.0.1:0", "--data", folder["data"]], (setting, value));

        Assert.Equal(1, await refused.ExitAsync());
        Assert.Contains(sentence, refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Output, StringComparison.Ordinal);
    }
}
