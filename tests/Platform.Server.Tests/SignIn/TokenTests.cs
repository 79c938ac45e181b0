using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.SignIn;

public sealed class TokenTests : IAsyncLifetime
{
    private TestServer server = null!;

    public async Task InitializeAsync() => server = await TestServer.StartAsync();

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    [Fact]
    public async Task A_password_gives_a_token_that_opens_the_Web_API()
    {
        var answer = (await AskAsync(("grant_type", "password"), ("username", "admin"), ("password", TestServer.Password))).Demand(HttpStatusCode.OK);

        Assert.Equal("Bearer", answer.Body.GetProperty("token_type").GetString());
        Assert.Equal(3600, answer.Body.GetProperty("expires_in").GetInt32());
        Assert.Equal("no-store", answer.Response.Headers.CacheControl!.ToString());
        (await UseAsync(answer.Body.GetProperty("access_token").GetString())).Demand(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refresh_token_gives_the_next_token_and_is_no_access_token()
    {
        var first = (await AskAsync(("grant_type", "password"), ("username", "ADMIN"), ("password", TestServer.Password))).Demand(HttpStatusCode.OK);
        var refresh = first.Body.GetProperty("refresh_token").GetString()!;

        var second = (await AskAsync(("grant_type", "refresh_token"), ("refresh_token", refresh))).Demand(HttpStatusCode.OK);

        (await UseAsync(second.Body.GetProperty("access_token").GetString())).Demand(HttpStatusCode.OK);
        (await UseAsync(refresh)).Demand(HttpStatusCode.Unauthorized);
        (await AskAsync(("grant_type", "refresh_token"), ("refresh_token", second.Body.GetProperty("access_token").GetString()!))).Demand(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("invalid_grant", "grant_type=password&username=admin&password=wrong")]
    [InlineData("invalid_grant", "grant_type=password&username=nobody&password=wrong")]
    [InlineData("invalid_grant", "grant_type=refresh_token&refresh_token=nonsense")]
    [InlineData("invalid_request", "grant_type=password&username=admin")]
    [InlineData("invalid_request", "grant_type=refresh_token")]
    [InlineData("invalid_request", "username=admin")]
    [InlineData("unsupported_grant_type", "grant_type=implicit")]
    public async Task A_refused_grant_says_why_in_the_words_of_OAuth(string error, string form)
    {
        using var body = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded");

        var answer = (await server.Anonymous.AskAsync(HttpMethod.Post, "/connect/token", body)).Demand(HttpStatusCode.BadRequest);

        Assert.Equal(error, answer.Body.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", "grant_type=password&username=a%00b&password=x", "invalid_request")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=password&username=a%EF%BF%BEb&password=x", "invalid_grant")]
    [InlineData("multipart/form-data", "grant_type=password", "invalid_request")]
    [InlineData("multipart/form-data; boundary=", "grant_type=password", "invalid_request")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "grant_type=password", "invalid_request")]
    public async Task A_body_that_is_no_proper_form_is_refused_in_the_words_of_OAuth(string type, string form, string error)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(form));
        body.Headers.TryAddWithoutValidation("Content-Type", type);

        var answer = (await server.Anonymous.AskAsync(HttpMethod.Post, "/connect/token", body)).Demand(HttpStatusCode.BadRequest);

        Assert.Equal(error, answer.Body.GetProperty("error").GetString());
    }

    [Fact]
    public async Task A_form_with_a_key_beyond_all_limits_is_refused()
    {
        using var body = new StringContent(new string('k', 5000) + "=1", Encoding.UTF8, "application/x-www-form-urlencoded");

        (await server.Anonymous.AskAsync(HttpMethod.Post, "/connect/token", body)).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_token_request_in_JSON_is_refused()
    {
        using var body = new StringContent("""{"grant_type":"password"}""", Encoding.UTF8, "application/json");

        var answer = (await server.Anonymous.AskAsync(HttpMethod.Post, "/connect/token", body)).Demand(HttpStatusCode.BadRequest);

        Assert.Equal("invalid_request", answer.Body.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Without_a_token_the_Web_API_is_closed()
    {
        var answer = (await server.Anonymous.ReadAsync("/api/data/v9.2/accounts")).Demand(HttpStatusCode.Unauthorized);

        Assert.Equal("0x8004A101", answer.ErrorCode);
        Assert.Equal("POST /connect/token gives one.", answer.Body.GetProperty("error").GetProperty("@Platform.Hint").GetString());
        Assert.Equal("Bearer", answer.Response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("CfDJ8AAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_token_that_is_not_ours_is_refused(string token) =>
        (await UseAsync(token)).Demand(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_changed_token_is_refused()
    {
        var token = (await server.TokenAsync()).ToCharArray();
        token[^10] = token[^10] == 'A' ? 'B' : 'A';

        (await UseAsync(new string(token))).Demand(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Too_many_wrong_passwords_lock_the_account_for_a_while()
    {
        for (var attempt = 0; attempt < 10; attempt++)
            (await AskAsync(("grant_type", "password"), ("username", "admin"), ("password", "wrong"))).Demand(HttpStatusCode.BadRequest);

        var answer = (await AskAsync(("grant_type", "password"), ("username", "admin"), ("password", TestServer.Password))).Demand(HttpStatusCode.BadRequest);

        Assert.Equal("invalid_grant", answer.Body.GetProperty("error").GetString());
    }

    private Task<Answer> AskAsync(params (string Name, string Value)[] form) =>
        server.Anonymous.AskAsync(HttpMethod.Post, "/connect/token", new FormUrlEncodedContent(form.Select(field => KeyValuePair.Create(field.Name, field.Value))));

    private Task<Answer> UseAsync(string? token) =>
        server.Anonymous.ReadAsync("/api/data/v9.2/accounts?$top=1", ("Authorization", new AuthenticationHeaderValue("Bearer", token).ToString()));
}
