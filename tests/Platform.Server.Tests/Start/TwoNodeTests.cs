using System.Net;
using Platform.Engine.Tests.Databases;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

/// <summary>Two server processes on one PostgreSQL database.</summary>
public sealed class TwoNodeTests
{
    [Fact]
    public async Task What_one_node_publishes_the_other_serves_and_a_version_it_cannot_load_makes_it_not_ready()
    {
        await using var database = await (await PostgreSqlCluster.SharedAsync()).CreateDatabaseAsync();
        using var folder = new TestFolder();
        await using var one = ServerProcess.Start(TestServer.Password, "--urls", "http://127.0.0.1:0", "--database", database.ConnectionString);
        using var oneHttp = await one.AdministratorAsync();
        await using var other = ServerProcess.Start(null, "--urls", "http://127.0.0.1:0", "--database", database.ConnectionString);
        using var otherHttp = await other.AdministratorAsync();
        new TestPack("things").Table("thing").WriteTo(folder.Path);
        var files = Directory.EnumerateFiles(folder["things"], "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(folder["things"], file), File.ReadAllText);
        using var body = System.Net.Http.Json.JsonContent.Create(new { packs = new[] { new { origin = "things", files } } });

        (await oneHttp.AskAsync(HttpMethod.Post, "/api/platform/apply", body)).Demand(HttpStatusCode.OK);

        await UntilAsync(async () => (await otherHttp.ReadAsync("/api/data/v9.2/tst_things")).Status == HttpStatusCode.OK);
        (await otherHttp.ReadAsync("/health/ready")).Demand(HttpStatusCode.OK);

        await using (var connection = new Npgsql.NpgsqlConnection(database.ConnectionString))
        {
            await connection.OpenAsync();
            await using var command = new Npgsql.NpgsqlCommand(
                "INSERT INTO platform_metadata_version (version, publishedon, fingerprint, documents, schema, action) SELECT version + 1, publishedon, 'of a newer engine', documents, schema, action FROM platform_metadata_version ORDER BY version DESC LIMIT 1; NOTIFY platform_metadata",
                connection);
            await command.ExecuteNonQueryAsync();
        }
        await UntilAsync(async () => (await otherHttp.ReadAsync("/health/ready")).Status == HttpStatusCode.ServiceUnavailable);
        (await otherHttp.ReadAsync("/health/live")).Demand(HttpStatusCode.OK);
        (await otherHttp.ReadAsync("/api/data/v9.2/tst_things")).Demand(HttpStatusCode.OK);
        Assert.Contains("cannot be loaded", other.Output, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < 300; tries++)
        {
            if (await holds()) return;
            await Task.Delay(50);
        }
        Assert.Fail("Nothing came of it.");
    }
}
