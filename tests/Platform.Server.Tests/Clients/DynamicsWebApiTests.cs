using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Clients;

/// <summary>A client library written for Dataverse, which knows nothing of us, calls the server with every operation it has.</summary>
public sealed class DynamicsWebApiTests
{
    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.PostgreSql)]
    public async Task Every_operation_of_dynamics_web_api_works(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database: database, packs: ThingPack.WriteTo);

        var output = await NodeScript.RunAsync("dynamics-web-api.mjs", ("PLATFORM_URL", server.Address.ToString()), ("PLATFORM_TOKEN", await server.TokenAsync()));

        var cases = JsonSerializer.Deserialize<Case[]>(output, JsonSerializerOptions.Web)!;
        Assert.True(cases.Length >= 55, $"Only {cases.Length} cases ran.");
        var failures = cases.Where(one => one.Failure is not null).Select(one => $"{one.Name}: {one.Failure}").ToList();
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private sealed record Case(string Name, string? Failure);
}
