using System.Net;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

/// <summary>What a start does with metadata that changed while the server was down.</summary>
public sealed class DeploymentTests
{
    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.PostgreSql)]
    public async Task A_new_column_is_there_after_the_next_start_and_the_rows_are_kept(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database: database, packs: new TestPack("things").Table("thing").WriteTo);
        var id = (await server.Http.CreateAsync("tst_things", new { tst_name = "old" })).Demand(HttpStatusCode.NoContent).EntityId;

        await ChangeAsync(server, text => text.Replace("\"tst_number\":", "\"tst_color\":{\"type\":\"string\",\"title\":\"Color\"},\"tst_number\":", StringComparison.Ordinal));

        (await server.Http.UpdateAsync($"tst_things({id})", new { tst_color = "red" })).Demand(HttpStatusCode.NoContent);
        var row = (await server.Http.ReadAsync($"tst_things({id})?$select=tst_name,tst_color")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal("old", row.GetProperty("tst_name").GetString());
        Assert.Equal("red", row.GetProperty("tst_color").GetString());
    }

    [Fact]
    public async Task A_malformed_file_leaves_the_metadata_as_it_was()
    {
        await using var server = await TestServer.StartAsync(packs: new TestPack("things").Table("thing").WriteTo);
        var id = (await server.Http.CreateAsync("tst_things", new { tst_name = "kept" })).Demand(HttpStatusCode.NoContent).EntityId;

        await ChangeAsync(server, text => text.Replace("\"maxLength\":100", "\"maxLength\":\"long\"", StringComparison.Ordinal));

        (await server.Http.ReadAsync($"tst_things({id})")).Demand(HttpStatusCode.OK);
        (await server.Http.CreateAsync("tst_things", new { tst_name = "new" })).Demand(HttpStatusCode.NoContent);
    }

    [Theory]
    [InlineData(TestDatabase.Sqlite)]
    [InlineData(TestDatabase.PostgreSql)]
    public async Task A_change_that_would_lose_data_is_not_made(TestDatabase database)
    {
        await using var server = await TestServer.StartAsync(database: database, packs: new TestPack("things").Table("thing").WriteTo);
        var id = (await server.Http.CreateAsync("tst_things", new { tst_name = "kept", tst_number = 7 })).Demand(HttpStatusCode.NoContent).EntityId;

        await ChangeAsync(server, text => text.Replace("tst_number", "tst_other", StringComparison.Ordinal));

        var row = (await server.Http.ReadAsync($"tst_things({id})?$select=tst_number")).Demand(HttpStatusCode.OK).Body;
        Assert.Equal(7, row.GetProperty("tst_number").GetInt32());
        (await server.Http.ReadAsync("tst_things?$select=tst_other")).Demand(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_script_that_does_not_compile_leaves_the_old_one_at_work()
    {
        await using var server = await TestServer.StartAsync(packs: new TestPack("things").Table("thing", "set.csx", "Context.Target.Set(\"tst_number\", 5);\n").WriteTo);

        await File.WriteAllTextAsync(Path.Combine(server.Packs, "things/entities/tst_thing/set.csx"), "System.Environment.Exit(1);\n");
        await server.RestartAsync();

        var created = (await server.Http.CreateAsync("tst_things?$select=tst_number", new { tst_name = "x" }, ("Prefer", "return=representation"))).Demand(HttpStatusCode.Created);
        Assert.Equal(5, created.Body.GetProperty("tst_number").GetInt32());
    }

    [Fact]
    public async Task A_pack_whose_folder_is_gone_is_served_as_it_was_deployed()
    {
        await using var server = await TestServer.StartAsync(packs: new TestPack("things").Table("thing").WriteTo);
        (await server.Http.CreateAsync("tst_things", new { tst_name = "kept" })).Demand(HttpStatusCode.NoContent);

        Directory.Delete(Path.Combine(server.Packs, "things"), recursive: true);
        await server.RestartAsync();

        Assert.Single((await server.Http.ReadAsync("tst_things")).Demand(HttpStatusCode.OK).Body.GetProperty("value").EnumerateArray());
    }

    [Fact]
    public async Task Tokens_of_before_a_restart_are_good_after_it()
    {
        await using var server = await TestServer.StartAsync();
        var token = await server.TokenAsync();

        await server.RestartAsync();

        (await server.Anonymous.ReadAsync("/api/data/v9.2/accounts", ("Authorization", $"Bearer {token}"))).Demand(HttpStatusCode.OK);
    }

    private static async Task ChangeAsync(TestServer server, Func<string, string> change)
    {
        var file = Path.Combine(server.Packs, "things/entities/tst_thing/entity.json");
        var before = await File.ReadAllTextAsync(file);
        var after = change(before);
        Assert.NotEqual(before, after);
        await File.WriteAllTextAsync(file, after);
        await server.RestartAsync();
    }
}
