using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

/// <summary><c>platform diff</c> between two running servers, on two databases.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes by IAsyncLifetime.")]
public sealed class DiffTests : IAsyncLifetime
{
    private TestServer a = null!, b = null!;

    public async Task InitializeAsync()
    {
        a = await TestServer.StartAsync(packs: Things);
        b = await TestServer.StartAsync(database: TestDatabase.PostgreSql, packs: Things);
    }

    public async Task DisposeAsync()
    {
        await a.DisposeAsync();
        await b.DisposeAsync();
    }

    [Fact]
    public async Task Systems_with_the_same_in_force_have_no_drift()
    {
        var (code, output, error) = await DiffAsync();

        Assert.True(code == 0, output + error);
        Assert.Contains("No drift", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_administrator_changed_and_what_a_pack_brought_is_drift_with_its_layer()
    {
        await CustomizeAsync(b, """
            { "put": { "attribute/tst_thing/tst_number": { "type": "integer", "title": "Count", "maximum": 5 }, "attribute/tst_thing/new_colour": { "type": "string", "title": "Colour" } },
              "labels": [ { "language": "ko", "component": "attribute/tst_thing/tst_number", "path": "title", "text": "개수" } ] }
            """);
        using var work = new TestFolder();
        new TestPack("more").Table("extra").WriteTo(work.Path);
        Assert.Equal(0, (await PlatformCommand.RunAsync(a, "pack", "apply", work["more"], "--yes")).Code);

        var (code, output, error) = await DiffAsync();

        Assert.True(code == 1, output + error);
        Assert.Contains("  more: 1.0.0 | none", output, StringComparison.Ordinal);
        Assert.Contains("- entity/tst_extra (more), only in A", output, StringComparison.Ordinal);
        Assert.Contains("+ attribute/tst_thing/new_colour (customization), only in B", output, StringComparison.Ordinal);
        Assert.Contains("~ attribute/tst_thing/tst_number (things)", output, StringComparison.Ordinal);
        Assert.Contains("/title: \"Number\" (things) | \"Count\" (customization)", output, StringComparison.Ordinal);
        Assert.Contains("/maximum: none | 5 (customization)", output, StringComparison.Ordinal);
        Assert.Contains("/labels/ko/title: none | \"개수\" (customization)", output, StringComparison.Ordinal);
        Assert.DoesNotContain("account", output, StringComparison.Ordinal);

        var (jsonCode, json, _) = await DiffAsync("--json");
        Assert.Equal(1, jsonCode);
        var number = JsonSerializer.Deserialize<JsonElement>(json).GetProperty("components").EnumerateArray().Single(item => item.GetProperty("component").GetString() == "attribute/tst_thing/tst_number");
        Assert.Equal("different", number.GetProperty("drift").GetString());
        var title = number.GetProperty("properties").EnumerateArray().Single(item => item.GetProperty("pointer").GetString() == "/title");
        Assert.Equal(("things", "customization"), (title.GetProperty("a").GetProperty("layer").GetString(), title.GetProperty("b").GetProperty("layer").GetString()));
    }

    [Fact]
    public async Task The_same_said_by_another_layer_is_no_drift()
    {
        await CustomizeAsync(a, """{ "put": { "attribute/tst_thing/tst_number": { "type": "integer", "title": "Count" } } }""");
        using var work = new TestFolder();
        Things(work.Path);
        var entity = work["things/entities/tst_thing/entity.json"];
        await File.WriteAllTextAsync(entity, (await File.ReadAllTextAsync(entity)).Replace("\"Number\"", "\"Count\"", StringComparison.Ordinal));
        Assert.Equal(0, (await PlatformCommand.RunAsync(b, "pack", "apply", work["things"], "--yes")).Code);

        var (code, output, error) = await DiffAsync();

        Assert.True(code == 0, output + error);
    }

    [Fact]
    public async Task A_comparison_that_cannot_be_made_ends_with_2()
    {
        var token = Token(a);

        Assert.Equal(2, (await PlatformCommand.RunAsync([new("PLATFORM_TOKEN", null)], "diff", a.Address.ToString(), b.Address.ToString())).Code);
        Assert.Equal(2, (await PlatformCommand.RunAsync([new("PLATFORM_TOKEN_A", token), new("PLATFORM_TOKEN_B", "no token")], "diff", a.Address.ToString(), b.Address.ToString())).Code);
        Assert.Equal(2, (await PlatformCommand.RunAsync([new("PLATFORM_TOKEN", token)], "diff", a.Address.ToString(), "http://127.0.0.1:1")).Code);
        Assert.Equal(2, (await PlatformCommand.RunAsync("diff", a.Address.ToString())).Code);
        Assert.Equal(2, (await PlatformCommand.RunAsync("diff", a.Address.ToString(), "nowhere")).Code);
    }

    [Fact]
    public async Task Only_administrators_see_the_components()
    {
        await a.AddUserAsync("basic", "Basic User");
        using var basic = new HttpClient { BaseAddress = a.Address };
        basic.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await a.TokenAsync("basic"));

        (await basic.ReadAsync("/api/platform/components")).Demand(HttpStatusCode.Forbidden);
        (await a.Anonymous.ReadAsync("/api/platform/components")).Demand(HttpStatusCode.Unauthorized);
    }

    private static void Things(string folder) => new TestPack("things").Table("thing").WriteTo(folder);

    private static string? Token(TestServer server) => server.Http.DefaultRequestHeaders.Authorization!.Parameter;

    private Task<(int Code, string Output, string Error)> DiffAsync(params string[] options) =>
        PlatformCommand.RunAsync([new("PLATFORM_TOKEN_A", Token(a)), new("PLATFORM_TOKEN", Token(b))], ["diff", a.Address.ToString(), b.Address.ToString(), .. options]);

    private static async Task CustomizeAsync(TestServer server, string body)
    {
        using var content = new StringContent(body);
        (await server.Http.AskAsync(HttpMethod.Post, new Uri(server.Address, "/api/platform/customize").ToString(), content)).Demand(HttpStatusCode.OK);
    }
}
