using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Clients;

/// <summary>The OpenAPI document, as a validator of others reads it.</summary>
public sealed class OpenApiTests
{
    [Fact]
    public async Task The_document_is_valid_and_true()
    {
        await using var server = await TestServer.StartAsync("loyalty");

        await NodeCases.RunAsync(server, "openapi.mjs", least: 5);
    }
}
