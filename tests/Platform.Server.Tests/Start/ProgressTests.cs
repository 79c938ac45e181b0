using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

public sealed class ProgressOnSqlite() : ProgressTests(TestDatabase.Sqlite);

public sealed class ProgressOnPostgreSql() : ProgressTests(TestDatabase.PostgreSql);

/// <summary>How far a publish is, as clients and people see it.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public abstract class ProgressTests(TestDatabase database) : IAsyncLifetime
{
    private const string Lines = "application/x-ndjson";

    private readonly TestFolder work = new();
    private TestServer server = null!;

    public async Task InitializeAsync()
    {
        server = await TestServer.StartAsync(database: database);
        new TestPack("things").Table("thing", "check.js", "context.trace('made');").Table("other").WriteTo(work.Path);
    }

    public async Task DisposeAsync()
    {
        await server.DisposeAsync();
        work.Dispose();
    }

    [Fact]
    public async Task A_client_that_reads_JSON_lines_hears_each_stage_and_last_the_result()
    {
        var (status, type, lines) = await ApplyAsync(await BodyAsync());

        Assert.Equal((HttpStatusCode.OK, Lines), (status, type));
        var stages = lines.SkipLast(1).Select(line => line.GetProperty("progress").GetProperty("stage").GetString()).Distinct();
        Assert.Equal(["plan", "compile", "change"], stages);
        var change = lines[^2].GetProperty("progress");
        Assert.Equal(change.GetProperty("total").GetInt32(), change.GetProperty("done").GetInt32());
        Assert.Equal(200, lines[^1].GetProperty("status").GetInt32());
        Assert.Equal(2, lines[^1].GetProperty("result").GetProperty("version").GetInt64());
        (await server.Http.CreateAsync("tst_things", new { tst_name = "x" })).Demand(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task What_is_refused_is_the_last_line_and_a_wrong_request_is_refused_before_the_first()
    {
        await File.WriteAllTextAsync(work["things/entities/tst_thing/entity.json"], "{ \"title\": 3 }");
        var (_, _, refused) = await ApplyAsync(await BodyAsync());
        var (_, _, outrun) = await ApplyAsync("""{ "uninstall": [], "expectedPlan": "of yesterday" }""");
        var (wrong, type, _) = await ApplyAsync("""{ "nonsense": true }""");

        Assert.Equal(422, refused[^1].GetProperty("status").GetInt32());
        Assert.Contains(refused[^1].GetProperty("errors").EnumerateArray(), error => error.GetProperty("file").GetString()!.EndsWith("tst_thing/entity.json", StringComparison.Ordinal));
        Assert.Equal(409, outrun[^1].GetProperty("status").GetInt32());
        Assert.Equal(1, outrun[^1].GetProperty("plan").GetProperty("baseVersion").GetInt64());
        Assert.Equal((HttpStatusCode.BadRequest, "application/json"), (wrong, type));
    }

    [Fact]
    public async Task In_a_pipe_the_command_prints_plain_lines_and_beside_JSON_nothing()
    {
        var (code, output, error) = await PlatformCommand.RunAsync(server, "pack", "apply", work["things"], "--yes");

        Assert.True(code == 0, output + error);
        Assert.Contains("Planning\nChanging the database: ", output.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("Version 2 is in force.", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output + error);

        var (removed, json, _) = await PlatformCommand.RunAsync(server, "pack", "uninstall", "things", "--yes", "--json");
        Assert.Equal(0, removed);
        Assert.Equal(3, JsonSerializer.Deserialize<JsonElement>(json).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task A_publish_that_somebody_else_makes_meanwhile_is_told_by_the_command_with_the_plan_of_now()
    {
        var (planned, plan, _) = await PlatformCommand.RunAsync(server, "pack", "plan", work["things"], "--out", work["plan.json"]);
        Assert.True(planned == 0, plan);
        new TestPack("more").Table("extra").WriteTo(work.Path);
        Assert.Equal(0, (await PlatformCommand.RunAsync(server, "pack", "apply", work["more"], "--yes")).Code);

        var (code, _, error) = await PlatformCommand.RunAsync(server, "pack", "apply", "--plan", work["plan.json"], "--yes");

        Assert.Equal(1, code);
        Assert.Contains("since the plan was saved", error, StringComparison.Ordinal);
    }

    private async Task<string> BodyAsync()
    {
        var files = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(work["things"], "*", SearchOption.AllDirectories)) files[Path.GetRelativePath(work["things"], file)] = await File.ReadAllTextAsync(file);
        return JsonSerializer.Serialize(new { packs = new[] { new { origin = "things", files } } });
    }

    private async Task<(HttpStatusCode Status, string? Type, JsonElement[] Lines)> ApplyAsync(string body)
    {
        using var content = new StringContent(body);
        var answer = await server.Http.AskAsync(HttpMethod.Post, new Uri(server.Address, "/api/platform/apply").ToString(), content, ("Accept", Lines));
        return (answer.Status, answer.Response.Content.Headers.ContentType?.MediaType, [.. answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line))]);
    }
}
