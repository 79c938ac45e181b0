using System.Net;

namespace Platform.Server.Tests.Hosting;

public sealed class HealthTests
{
    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.PostgreSql)]
    public async Task A_started_server_is_live_and_ready(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database: database);

        (await server.Anonymous.ReadAsync("/health/live")).Demand(HttpStatusCode.OK);
        (await server.Anonymous.ReadAsync("/health/ready")).Demand(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Pages_forbid_foreign_frames_scripts_and_guessed_types()
    {
        await using var server = await TestServer.StartAsync();

        var headers = (await server.Anonymous.ReadAsync("/sign-in")).Demand(HttpStatusCode.OK).Response.Headers;

        Assert.Equal("nosniff", headers.GetValues("X-Content-Type-Options").Single());
        Assert.Contains(headers.GetValues("Content-Security-Policy"), policy => policy.Contains("frame-ancestors 'none'", StringComparison.Ordinal));
        Assert.Equal("same-origin", headers.GetValues("Referrer-Policy").Single());
        Assert.False(headers.Contains("Server"));
    }
}
