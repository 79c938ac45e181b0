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

        await NodeCases.RunAsync(server, "dynamics-web-api.mjs", least: 55);
    }
}
