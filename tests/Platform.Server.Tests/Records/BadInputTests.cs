using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Records;

/// <summary>Wrong requests: each is refused with a sentence that helps, and changes nothing.</summary>
public sealed class BadInputTests : IAsyncLifetime
{
    private TestServer server = null!;

    private HttpClient Http => server.Http;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public async Task DisposeAsync()
    {
        // Whatever was sent, the server serves on.
        (await Http.ReadAsync("accounts?$top=1")).Demand(HttpStatusCode.OK);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task An_unknown_entity_set_is_not_found()
    {
        var answer = (await Http.ReadAsync("nosuchthings")).Demand(HttpStatusCode.NotFound);

        Assert.Contains("nosuchthings", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("accounts?$select=nosuchcolumn")]
    [InlineData("accounts?$filter=nosuchcolumn eq 1")]
    [InlineData("accounts?$orderby=nosuchcolumn")]
    public async Task An_unknown_column_in_a_query_is_named(string path)
    {
        var answer = (await Http.ReadAsync(path)).Demand(HttpStatusCode.BadRequest);

        Assert.Contains("nosuchcolumn", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_column_in_a_body_is_named()
    {
        var answer = (await Http.CreateAsync("accounts", new { name = "X", nosuchcolumn = 1 })).Demand(HttpStatusCode.BadRequest);

        Assert.Contains("nosuchcolumn", answer.ErrorMessage, StringComparison.Ordinal);
        await NothingWasWrittenAsync();
    }

    [Theory]
    [InlineData("""{"name":"X","numberofemployees":"many"}""", "numberofemployees")]
    [InlineData("""{"name":12}""", "name")]
    [InlineData("""{"name":"X","creditonhold":"yes"}""", "creditonhold")]
    [InlineData("""{"name":"X","numberofemployees":1.5}""", "numberofemployees")]
    [InlineData("""{"name":{"first":"X"}}""", "name")]
    public async Task A_wrong_type_names_the_column_and_what_it_expects(string body, string column)
    {
        var answer = (await SendAsync(body)).Demand(HttpStatusCode.BadRequest);

        Assert.Contains(column, answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("expects", answer.ErrorMessage, StringComparison.Ordinal);
        await NothingWasWrittenAsync();
    }

    [Fact]
    public async Task A_text_too_long_is_refused_with_both_lengths()
    {
        var answer = (await Http.CreateAsync("accounts", new { name = new string('x', 161) })).Demand(HttpStatusCode.BadRequest);

        Assert.Contains("160", answer.ErrorMessage, StringComparison.Ordinal);
        Assert.Contains("161", answer.ErrorMessage, StringComparison.Ordinal);
        await NothingWasWrittenAsync();
    }

    [Theory]
    [InlineData("{\"name\":\"a\\uFFFEb\"}", "name")]
    [InlineData("{\"name\":\"a\\u0000b\"}", "name")]
    [InlineData("{\"name\":\"x\",\"accountid\":\"\\ud800\"}", "accountid")]
    public async Task Characters_that_are_none_are_refused_and_the_column_is_named(string body, string column)
    {
        var answer = (await SendAsync(body)).Demand(HttpStatusCode.BadRequest);

        Assert.Contains(column, answer.ErrorMessage, StringComparison.Ordinal);
        await NothingWasWrittenAsync();
    }

    [Theory]
    [InlineData("accounts")]
    [InlineData("SetAutoNumberSeed")]
    [InlineData("SetState")]
    [InlineData("accounts/Microsoft.Dynamics.CRM.CreateMultiple")]
    [InlineData("EntityDefinitions")]
    [InlineData("$batch")]
    public async Task A_body_that_is_no_UTF_8_is_refused_everywhere(string path)
    {
        byte[] body = [.. "{\"name\":1,\""u8, 0xED, 0xA0, 0x80, .. "\":\"x\"}"u8];
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        (await Http.AskAsync(HttpMethod.Post, path, content)).Demand(HttpStatusCode.BadRequest);
        await NothingWasWrittenAsync();
    }

    [Theory]
    [InlineData("odata.include-annotations=\"한글\"")]
    [InlineData("return=representation,x=é")]
    public async Task A_preference_that_no_header_can_echo_is_passed_over_and_the_row_is_written_once(string prefer)
    {
        var answer = await Http.CreateAsync("accounts", new { name = "X" }, ("Prefer", prefer));

        Assert.True(answer.Response.IsSuccessStatusCode, answer.Text);
        Assert.Equal("1", (await Http.ReadAsync("accounts/$count")).Text);
    }

    [Theory]
    [InlineData("MSCRMCallerID")]
    [InlineData("CallerObjectId")]
    public async Task Acting_for_somebody_else_is_refused_rather_than_done_with_the_callers_own_rights(string header)
    {
        (await Http.CreateAsync("accounts", new { name = "X" }, (header, "0197a000-0000-7000-8000-000000000002"))).Demand(HttpStatusCode.NotImplemented);

        await NothingWasWrittenAsync();
    }

    [Theory]
    [InlineData("revenue gt 1e28")]
    [InlineData("exchangerate lt 99999999999999999999")]
    public async Task A_number_beyond_every_value_is_compared_all_the_same(string filter) =>
        (await Http.ReadAsync($"accounts?$filter={Uri.EscapeDataString(filter)}")).Demand(HttpStatusCode.OK);

    [Theory]
    [InlineData("revenue eq NaN")]
    [InlineData("revenue lt INF")]
    [InlineData("1M eq -INF")]
    [InlineData("revenue gt 1e400")]
    public async Task A_literal_that_is_no_such_number_is_refused(string filter) =>
        (await Http.ReadAsync($"accounts?$filter={Uri.EscapeDataString(filter)}")).Demand(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Broken_JSON_is_refused_with_the_position()
    {
        var answer = (await SendAsync("{\"name\":\n  \"X\",, }")).Demand(HttpStatusCode.BadRequest);

        Assert.Matches("line 2", answer.ErrorMessage);
        await NothingWasWrittenAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public async Task A_body_that_is_no_object_is_refused(string body) =>
        (await SendAsync(body)).Demand(HttpStatusCode.BadRequest);

    [Fact]
    public async Task An_unknown_lookup_target_is_refused()
    {
        var nobody = Guid.CreateVersion7();

        var answer = (await Http.CreateAsync("accounts", new Dictionary<string, object?> { ["name"] = "X", ["primarycontactid@odata.bind"] = $"/contacts({nobody})" })).Demand(HttpStatusCode.BadRequest);

        Assert.Contains(nobody.ToString("D"), answer.ErrorMessage, StringComparison.Ordinal);
        await NothingWasWrittenAsync();
    }

    [Fact]
    public async Task A_lookup_to_the_wrong_kind_of_row_is_refused()
    {
        var answer = (await Http.CreateAsync("accounts", new Dictionary<string, object?> { ["name"] = "X", ["primarycontactid@odata.bind"] = $"/accounts({Guid.CreateVersion7()})" })).Demand(HttpStatusCode.BadRequest);

        Assert.Contains("primarycontactid", answer.ErrorMessage, StringComparison.Ordinal);
        await NothingWasWrittenAsync();
    }

    [Fact]
    public async Task A_missing_required_value_is_refused()
    {
        var answer = (await Http.CreateAsync("accounts", new { telephone1 = "1" })).Demand(HttpStatusCode.BadRequest);

        Assert.Contains("name", answer.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_too_large()
    {
        using var body = new StringContent($$"""{"name":"X","description":"{{new string('x', 11 * 1024 * 1024)}}"}""", Encoding.UTF8, "application/json");

        (await Http.AskAsync(HttpMethod.Post, "accounts", body)).Demand(HttpStatusCode.RequestEntityTooLarge);

        await NothingWasWrittenAsync();
    }

    [Fact]
    public async Task A_method_that_a_row_does_not_have_is_not_allowed() =>
        (await Http.AskAsync(HttpMethod.Put, $"accounts({Guid.CreateVersion7()})", new StringContent("{}", Encoding.UTF8, "application/json"))).Demand(HttpStatusCode.MethodNotAllowed);

    [Theory]
    [InlineData("accounts(not-a-guid)")]
    [InlineData("accounts?$filter=name eq")]
    [InlineData("accounts?$filter=name eq 'unclosed")]
    [InlineData("accounts?$top=-1")]
    [InlineData("accounts?$top=many")]
    [InlineData("accounts?$nosuchoption=1")]
    public async Task A_query_that_cannot_be_read_is_a_bad_request(string path) =>
        (await Http.ReadAsync(path)).Demand(HttpStatusCode.BadRequest);

    [Fact]
    public async Task SQL_in_a_query_is_no_SQL()
    {
        foreach (var path in (string[])
            ["accounts?$filter=name eq 'x'';DROP TABLE account;--'", "accounts?$orderby=name;DROP TABLE account", "accounts?$select=name,(SELECT 1)", "accounts('1'' OR ''1''=''1')"])
        {
            var answer = await Http.ReadAsync(path);
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.NotImplemented, $"{path}: {(int)answer.Status} {answer.Text}");
        }

        (await Http.CreateAsync("accounts", new { name = "still here" })).Demand(HttpStatusCode.NoContent);
    }

    private Task<Answer> SendAsync(string body)
    {
        var content = new StringContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("application/json");
        return Http.AskAsync(HttpMethod.Post, "accounts", content);
    }

    private async Task NothingWasWrittenAsync() =>
        Assert.Equal(0, (await Http.ReadAsync("accounts?$count=true&$select=name")).Demand(HttpStatusCode.OK).Body.GetProperty("@odata.count").GetInt32());
}
