using System.Net;
using System.Text;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.WebApi;

/// <summary>What the Web API says of itself, and how it holds to HTTP.</summary>
public sealed class ServiceTests : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task The_service_document_lists_sets_that_answer()
    {
        var document = (await Http.ReadAsync("")).Demand(HttpStatusCode.OK);
        Assert.Equal("4.0", document.Response.Headers.GetValues("OData-Version").Single());
        foreach (var set in document.Body.GetProperty("value").EnumerateArray().Select(set => set.GetProperty("url").GetString()!))
        {
            // Definitions come all at once.
            var page = set.EndsWith("Definitions", StringComparison.Ordinal) ? "" : "$top=1&";
            (await Http.ReadAsync($"{set}?{page}$count=true", ("Prefer", "odata.include-annotations=\"*\""))).Demand(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task Metadata_is_sent_once_and_then_only_when_it_changed()
    {
        var first = (await Http.ReadAsync("$metadata")).Demand(HttpStatusCode.OK);
        Assert.Equal("application/xml", first.Response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("EntityType Name=\"account\"", first.Text, StringComparison.Ordinal);

        var again = (await Http.ReadAsync("$metadata", ("If-None-Match", first.Response.Headers.ETag!.ToString()))).Demand(HttpStatusCode.NotModified);
        Assert.Empty(again.Text);

        // Who accepts JSON everywhere gets XML all the same; JSON is asked for by name.
        var json = (await Http.ReadAsync("$metadata?$format=json", ("Accept", "application/xml"), ("If-None-Match", first.Response.Headers.ETag!.ToString()))).Demand(HttpStatusCode.OK);
        Assert.Equal("application/json", json.Response.Content.Headers.ContentType!.MediaType);
        var types = json.Body.GetProperty("Microsoft.Dynamics.CRM");
        Assert.Equal(("EntityType", "accountid", "Edm.Decimal"), (types.GetProperty("account").GetProperty("$Kind").GetString(), types.GetProperty("account").GetProperty("$Key")[0].GetString(), types.GetProperty("account").GetProperty("revenue").GetProperty("$Type").GetString()));
        (await Http.ReadAsync("$metadata?$format=json", ("If-None-Match", json.Response.Headers.ETag!.ToString()))).Demand(HttpStatusCode.NotModified);
        Assert.Equal("application/xml", (await Http.ReadAsync("$metadata", ("Accept", "application/json"))).Response.Content.Headers.ContentType!.MediaType);
        (await Http.ReadAsync("$metadata?$format=atom")).Demand(HttpStatusCode.NotImplemented);
    }

    [Fact]
    public async Task Who_am_i_names_user_and_business_unit()
    {
        var me = (await Http.ReadAsync("WhoAmI()")).Demand(HttpStatusCode.OK).Body;
        (await Http.ReadAsync($"systemusers({me.GetProperty("UserId").GetGuid()})?$select=fullname")).Demand(HttpStatusCode.OK);
        (await Http.ReadAsync($"businessunits({me.GetProperty("BusinessUnitId").GetGuid()})?$select=name")).Demand(HttpStatusCode.OK);

        var organization = me.GetProperty("OrganizationId").GetGuid();
        Assert.NotEqual(Guid.Empty, organization);
        await server.RestartAsync();
        Assert.Equal(organization, (await Http.ReadAsync("WhoAmI()")).Demand(HttpStatusCode.OK).Body.GetProperty("OrganizationId").GetGuid());
    }

    [Fact]
    public async Task Older_minor_versions_answer_with_links_to_themselves()
    {
        using var old = new HttpClient { BaseAddress = new Uri(server.Address, "/api/data/v9.0/") };
        old.DefaultRequestHeaders.Authorization = Http.DefaultRequestHeaders.Authorization;
        var created = (await old.CreateAsync("accounts", new { name = "Old client" })).Demand(HttpStatusCode.NoContent);
        Assert.StartsWith(old.BaseAddress.ToString(), created.Response.Headers.Location!.ToString(), StringComparison.Ordinal);

        var row = (await old.ReadAsync($"accounts(accountid={created.EntityId})?$select=name")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal($"{old.BaseAddress}$metadata#accounts(name)/$entity", row.GetProperty("@odata.context").GetString());
        (await Http.AskAsync(HttpMethod.Get, "/api/data/v8.2/accounts", null)).Demand(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_count_is_plain_text_and_regards_the_filter()
    {
        foreach (var name in (string[])["North", "North", "South"]) (await Http.CreateAsync("accounts", new { name })).Demand(HttpStatusCode.NoContent);
        var north = (await Http.ReadAsync("accounts/$count?$filter=name eq 'North'")).Demand(HttpStatusCode.OK);
        Assert.Equal(("text/plain", "2"), (north.Response.Content.Headers.ContentType!.MediaType, north.Text));

        var page = (await Http.ReadAsync("accounts?$select=name&$count=true&$top=1")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(3, page.GetProperty("@odata.count").GetInt64());
        Assert.Equal(1, page.GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task A_page_of_thousands_streams_without_a_length_and_is_whole()
    {
        foreach (var chunk in Enumerable.Range(0, 300).Chunk(50))
            await Task.WhenAll(chunk.Select(async at => (await Http.CreateAsync("accounts", new { name = $"Row {at:D4}", description = new string('한', 200) })).Demand(HttpStatusCode.NoContent)));
        var page = (await Http.ReadAsync("accounts?$select=name,description&$orderby=name")).Demand(HttpStatusCode.OK);
        Assert.Equal(Enumerable.Range(0, 300).Select(at => $"Row {at:D4}"), page.Body.GetProperty("value").EnumerateArray().Select(row => row.GetProperty("name").GetString()));
    }

    [Fact]
    public async Task What_is_not_there_says_so_with_the_right_status()
    {
        var wrongMethod = (await Http.AskAsync(HttpMethod.Put, "accounts", null)).Demand(HttpStatusCode.MethodNotAllowed);
        Assert.Equal(["GET", "HEAD", "POST"], wrongMethod.Response.Content.Headers.Allow);
        (await Http.ReadAsync("accounts?savedQuery=00000000-0000-0000-0000-000000000000")).Demand(HttpStatusCode.NotFound);
        (await Http.ReadAsync("accounts(name='x')")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync($"accounts?$filter=name eq '{new string('x', 33_000)}'")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync("accounts?$skiptoken=WzFd")).Demand(HttpStatusCode.BadRequest);
        (await Http.ReadAsync($"accounts({Guid.CreateVersion7()})?$top=1")).Demand(HttpStatusCode.BadRequest);
        (await Http.AskAsync(HttpMethod.Post, "accounts", new StringContent("{}", Encoding.UTF8, "text/plain"))).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_body_without_a_length_is_cut_at_the_limit()
    {
        using var body = new StreamContent(new EndlessBlanks(48 * 1024 * 1024));
        body.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "accounts") { Content = body };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.ExpectContinue = false;
        using var answer = await Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Contains("0x8FF00004", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Blanks, which JSON allows before a value, in a stream that does not tell its length.</summary>
    private sealed class EndlessBlanks(long length) : Stream
    {
        private long left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var taken = (int)Math.Min(count, left);
            buffer.AsSpan(offset, taken).Fill((byte)' ');
            left -= taken;
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
