using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;
using static Platform.Server.Tests.WebApi.BatchText;

namespace Platform.Server.Tests.WebApi;

/// <summary>Many requests in one, on each database.</summary>
public abstract class BatchSuite(TestDatabase database) : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync(database: database);

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task Requests_are_answered_in_their_order_as_if_each_had_come_alone()
    {
        await Http.CreateAsync("accounts", new { name = "Alone" });
        var answer = (await SendAsync(Batch(
            Part("POST accounts", """{"name":"One"}""", id: "first", headers: "Prefer: return=representation\r\n"),
            Part("GET /api/data/v9.2/accounts?$filter=name eq 'One'&$select=name", headers: "Prefer: odata.maxpagesize=1\r\n"),
            Part($"GET {Http.BaseAddress}accounts/$count"),
            Part("GET EntityDefinitions(LogicalName='account')?$select=LogicalName"),
            Part("GET WhoAmI()"),
            Part("GET $metadata"),
            Part("GET /api/data/v9.0/accounts?$select=name")), ("Prefer", "return=minimal"))).Demand(HttpStatusCode.OK);

        Assert.Equal([201, 200, 200, 200, 200, 200, 200], Statuses(answer.Text));
        Assert.StartsWith("--batchresponse_", answer.Text, StringComparison.Ordinal);
        Assert.Contains("Content-ID: first\r\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains("Preference-Applied: odata.maxpagesize=1\r\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\n2\r\n", answer.Text, StringComparison.Ordinal);
        Assert.Contains("EntityType Name=\"account\"", answer.Text, StringComparison.Ordinal);
        Assert.Contains("v9.0/$metadata#accounts(name)", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("REQ_ID", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bare_line_feeds_preamble_and_missing_empty_lines_are_read()
    {
        var text = Batch(Part("POST accounts", """{"name":"LF"}"""), Part("GET accounts?$select=name")).Replace("\r\n", "\n", StringComparison.Ordinal);
        var answer = (await SendAsync("preamble\n" + text + "epilogue")).Demand(HttpStatusCode.OK);
        Assert.Equal([204, 200], Statuses(answer.Text));
        Assert.Contains("\"LF\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_set_refers_to_what_it_made_in_urls_binds_and_links()
    {
        var answer = (await SendAsync(Batch(
            ChangeSet(
                Part("POST accounts", """{"name":"Nordwind"}""", id: "1"),
                Part("POST contacts", """{"lastname":"Kim","parentcustomerid_account@odata.bind":"$1"}""", id: "2"),
                Part("PUT $1/primarycontactid/$ref", """{"@odata.id":"$2"}"""),
                Part("PATCH $1", """{"telephone1":"+82"}""", id: "3")),
            Part("GET $1?$select=name,telephone1&$expand=primarycontactid($select=lastname)")))).Demand(HttpStatusCode.OK);

        Assert.Equal([204, 204, 204, 204, 200], Statuses(answer.Text));
        Assert.Contains("boundary=changesetresponse_", answer.Text, StringComparison.Ordinal);
        Assert.Contains("Content-ID: 2\r\n", answer.Text, StringComparison.Ordinal);
        var row = (await Http.ReadAsync("accounts?$filter=name eq 'Nordwind'&$select=telephone1&$expand=primarycontactid($select=lastname)")).Body.GetProperty("value")[0];
        Assert.Equal("+82", row.GetProperty("telephone1").GetString());
        Assert.Equal("Kim", row.GetProperty("primarycontactid").GetProperty("lastname").GetString());
    }

    [Fact]
    public async Task A_change_set_that_fails_is_answered_once_and_leaves_nothing()
    {
        var set = ChangeSet(Part("POST accounts", """{"name":"Lost"}""", id: "1"), Part("POST accounts", """{"name":"Lost","nothing":1}""", id: "2"), Part("POST accounts", """{"name":"Lost"}""", id: "3"));
        var stopped = await SendAsync(Batch(Part("POST accounts", """{"name":"Kept"}"""), set, Part("GET accounts")));

        Assert.Equal(HttpStatusCode.BadRequest, stopped.Status);
        Assert.Equal([204, 400], Statuses(stopped.Text));
        Assert.Contains("Content-ID: 2\r\nREQ_ID: ", stopped.Text, StringComparison.Ordinal);
        Assert.Contains("'nothing'", stopped.Text, StringComparison.Ordinal);

        var went = (await SendAsync(Batch(set, Part("PATCH $1", """{"name":"Lost"}"""), Part("GET accounts?$filter=name eq 'Lost'")), ("Prefer", "odata.continue-on-error"))).Demand(HttpStatusCode.OK);
        Assert.Equal([400, 400, 200], Statuses(went.Text));
        Assert.Contains("Content-ID Reference: '$1' does not exist in the batch context.", went.Text.Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("odata.continue-on-error", went.Response.Headers.GetValues("Preference-Applied").Single());
        Assert.Equal("1", (await Http.ReadAsync("accounts/$count")).Text);
    }

    [Fact]
    public async Task Conditions_count_for_their_request_alone()
    {
        var id = (await Http.CreateAsync("accounts", new { name = "Tagged" })).EntityId;
        var answer = await SendAsync(Batch(
            ChangeSet(Part($"PATCH accounts({id})", """{"name":"Changed"}"""), Part($"DELETE accounts({id})", headers: "If-Match: W/\"1\"\r\n"))));
        Assert.Equal(HttpStatusCode.PreconditionFailed, answer.Status);
        Assert.Equal("Tagged", (await Http.ReadAsync($"accounts({id})")).Body.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Json_is_answered_in_json()
    {
        var answer = (await SendJsonAsync("""
            {"requests":[
              {"id":"a","method":"post","url":"accounts","body":{"name":"Nordwind"},"atomicityGroup":"g"},
              {"id":"c","method":"POST","url":"contacts","headers":{"prefer":"return=representation"},"body":{"lastname":"Kim","parentcustomerid_account@odata.bind":"$a"},"atomicityGroup":"g","dependsOn":["a"]},
              {"id":"n","method":"GET","url":"accounts/$count","dependsOn":["g"]},
              {"id":"m","method":"GET","url":"$metadata"},
              {"id":"r","method":"GET","url":"$a?$select=name"}]}
            """)).Demand(HttpStatusCode.OK);

        var parts = answer.Body.GetProperty("responses").EnumerateArray().ToList();
        Assert.Equal(["a", "c", "n", "m", "r"], parts.Select(part => part.GetProperty("id").GetString()));
        Assert.Equal([204, 201, 200, 200, 200], parts.Select(part => part.GetProperty("status").GetInt32()));
        Assert.Equal("g", parts[1].GetProperty("atomicityGroup").GetString());
        Assert.Equal("Kim", parts[1].GetProperty("body").GetProperty("lastname").GetString());
        Assert.Equal("1", parts[2].GetProperty("body").GetString());
        Assert.Equal(JsonValueKind.String, parts[3].GetProperty("body").ValueKind);
        Assert.Equal("Nordwind", parts[4].GetProperty("body").GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_failed_atomicity_group_says_so_of_each_of_its_requests_and_of_those_that_depend_on_it()
    {
        var answer = (await SendJsonAsync(
            """
            {"requests":[
              {"id":"1","method":"POST","url":"accounts","body":{"name":"Lost"},"atomicityGroup":"g"},
              {"id":"2","method":"DELETE","url":"accounts(00000000-0000-0000-0000-000000000001)","atomicityGroup":"g"},
              {"id":"3","method":"GET","url":"accounts/$count","dependsOn":["g"]},
              {"id":"4","method":"GET","url":"accounts/$count"}]}
            """,
            ("Prefer", "continue-on-error=true"))).Demand(HttpStatusCode.OK);

        var parts = answer.Body.GetProperty("responses").EnumerateArray().ToList();
        Assert.Equal([424, 404, 424, 200], parts.Select(part => part.GetProperty("status").GetInt32()));
        Assert.Equal("0", parts[3].GetProperty("body").GetString());
        Assert.True(parts[1].GetProperty("headers").TryGetProperty("REQ_ID", out _));
    }

    [Fact]
    public async Task An_image_in_a_change_set_is_stored_with_its_row_or_not_at_all()
    {
        const string dot = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
        var good = Part("POST contacts", $$"""{"lastname":"Kim","entityimage":"{{dot}}"}""", id: "1");
        var stored = (await SendAsync(Batch(ChangeSet(good)))).Demand(HttpStatusCode.OK);
        Assert.Equal([204], Statuses(stored.Text));
        var id = (await Http.ReadAsync("contacts?$select=lastname")).Body.GetProperty("value")[0].GetProperty("contactid").GetGuid();
        Assert.Equal(Convert.FromBase64String(dot), await Http.GetByteArrayAsync($"contacts({id})/entityimage/$value?size=full"));

        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(Batch(ChangeSet(good, Part("DELETE contacts(00000000-0000-0000-0000-000000000001)"))))).Status);
        Assert.Equal("1", (await Http.ReadAsync("contacts/$count")).Text);
    }

    [Fact]
    public async Task What_cannot_stand_in_a_batch_is_refused_in_words()
    {
        await RefusedAsync(Batch(Part("POST $batch", "{}")), "cannot hold another batch");
        await RefusedAsync(Batch(ChangeSet(Part("GET accounts"))), "a change set holds a GET request");
        await RefusedAsync(Batch(ChangeSet(Part("POST EntityDefinitions", "{}"))), "A change of metadata cannot stand in a change set");
        await RefusedAsync(Batch(ChangeSet(ChangeSet(Part("POST accounts", "{}")))), "content type");
        await RefusedAsync(Batch(Part("GET https://elsewhere.example/api/data/v9.2/accounts")), "not of this service");
        await RefusedAsync(Batch(Part("GET /health")), "not of this service");
        await RefusedAsync(Batch(Part("POST contacts", """{"lastname":"Kim","parentcustomerid_account@odata.bind":"$9"}""")), "$9");
        await RefusedAsync(Batch(Part("GET accounts?$filter=name eq '" + new string('x', 65536) + "'")), "65536");
        await RefusedAsync(Batch([.. Enumerable.Repeat(Part("GET WhoAmI()"), 1001)]), "more than 1000 requests");
        await RefusedAsync(Batch(ChangeSet([.. Enumerable.Repeat(Part("POST accounts", "{}"), 600)]), ChangeSet([.. Enumerable.Repeat(Part("POST accounts", "{}"), 401)])), "more than 1000 requests");
        await RefusedAsync(Batch(Part("GET accounts")).Replace($"--{Boundary}--", "", StringComparison.Ordinal), "last boundary");
        await RefusedAsync("nothing", "does not occur");
        await RefusedAsync(Batch(), "no request");
        await RefusedAsync(Batch(ChangeSet(Part("POST accounts", "{}", id: "1"), Part("POST accounts", "{}", id: "1"))), "twice");
        await RefusedAsync(Batch("Content-Type: text/plain\r\n\r\nGET accounts HTTP/1.1\r\n\r\n"), "content type");
        await RefusedAsync(Batch("Content-Type: application/http\r\n\r\nGET accounts\r\n\r\n"), "line of a request");
        Assert.Equal("0", (await Http.ReadAsync("accounts/$count")).Text);
        // Longer than a URL may be outside of a batch.
        var longer = Part("GET accounts?$filter=name eq '" + new string('x', 40000) + "'");
        var read = (await SendAsync(Batch(longer))).Demand(HttpStatusCode.OK);
        Assert.Equal([200], Statuses(read.Text));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Http.ReadAsync("$batch")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Http.AskAsync(HttpMethod.Post, "$batch", Content(Batch(Part("GET accounts")), "multipart/mixed"))).Status);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"requests":[]}""")]
    [InlineData("""{"requests":[1]}""")]
    [InlineData("""{"requests":[{"id":1,"method":"GET","url":"accounts"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"G T","url":"accounts"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"accounts","dependsOn":["2"]},{"id":"2","method":"GET","url":"accounts"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"accounts"},{"id":"1","method":"GET","url":"accounts"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"DELETE","url":"x","atomicityGroup":"g"},{"id":"2","method":"GET","url":"accounts"},{"id":"3","method":"DELETE","url":"x","atomicityGroup":"g"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"accounts","atomicityGroup":"g"}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"accounts","headers":{"a b":"c"}}]}""")]
    [InlineData("""{"requests":[{"id":"1","method":"GET","url":"accounts","headers":{"a":"b\r\nc: d"}}]}""")]
    [InlineData("""{"requests":[{"id":"\ud800","method":"GET","url":"accounts"}]}""")]
    public async Task Json_that_is_no_batch_is_refused(string text) => (await SendJsonAsync(text)).Demand(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Bytes_at_random_never_break_the_server()
    {
        var random = new Random(4711);
        var whole = System.Text.Encoding.UTF8.GetBytes(Batch(ChangeSet(Part("POST accounts", """{"name":"x"}""", id: "1"), Part("PATCH $1", """{"name":"y"}""")), Part("GET $1?$select=name")));
        for (var round = 0; round < 150; round++)
        {
            var bytes = (byte[])whole.Clone();
            if (round % 10 == 0) random.NextBytes(bytes);
            for (var change = random.Next(1, 8); change > 0; change--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var answer = await Http.AskAsync(HttpMethod.Post, "$batch", Content(round % 3 == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes));
            Assert.True((int)answer.Status < 500 || answer.Status == HttpStatusCode.NotImplemented, $"Round {round}: {answer.Text}");
            Assert.DoesNotContain(500, Statuses(answer.Text));
        }
    }

    private async Task RefusedAsync(string batch, string words)
    {
        var answer = await SendAsync(batch);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains(words, answer.Text, StringComparison.Ordinal);
    }

    private Task<Answer> SendAsync(string text, params (string, string)[] headers) => Http.AskAsync(HttpMethod.Post, "$batch", Content(text), headers);

    private Task<Answer> SendJsonAsync(string text, params (string, string)[] headers) => Http.AskAsync(HttpMethod.Post, "$batch", Content(text, "application/json"), headers);
}

public sealed class BatchOnSqlite() : BatchSuite(TestDatabase.Sqlite);

public sealed class BatchOnPostgreSql() : BatchSuite(TestDatabase.PostgreSql);
