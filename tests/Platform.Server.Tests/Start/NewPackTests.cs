using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Packs.Tests.Schemas;
using Platform.Server.Start;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

/// <summary><c>platform pack new</c>: what somebody begins with.</summary>
public sealed class NewPackTests
{
    [Fact]
    public async Task A_new_pack_passes_the_check_and_each_file_names_a_schema_that_takes_it()
    {
        using var work = new TestFolder();

        var (code, output, error) = await PlatformCommand.RunAsync("pack", "new", work["site-visits"], "--prefix", "vst", "--title", "Visits \"on site\"", "--publisher", "우리 회사");

        Assert.True(code == 0, output + error);
        var (checkedWith, told, _) = await PlatformCommand.RunAsync("pack", "check", work["site-visits"], "--core", PackFolders.Found().Core);
        Assert.True(checkedWith == 0, told);
        var files = Directory.EnumerateFiles(work["site-visits"], "*.json", SearchOption.AllDirectories).Where(file => !file.Contains(".schema/", StringComparison.Ordinal)).ToList();
        Assert.True(files.Count >= 8);
        foreach (var file in files)
        {
            var schema = Path.Combine(Path.GetDirectoryName(file)!, (string)JsonNode.Parse(await File.ReadAllTextAsync(file))!["$schema"]!);
            Assert.Empty((await JsonSchemas.ValidateAsync([(await File.ReadAllTextAsync(schema), await File.ReadAllTextAsync(file))]))[0]);
        }
    }

    [Fact]
    public async Task A_new_pack_is_applied_at_once_and_its_step_runs()
    {
        using var work = new TestFolder();
        await using var server = await TestServer.StartAsync();
        Assert.Equal(0, (await PlatformCommand.RunAsync("pack", "new", work["visits"], "--prefix", "vst")).Code);

        var (code, output, error) = await PlatformCommand.RunAsync(server, "pack", "apply", work["visits"], "--yes");

        Assert.True(code == 0, output + error);
        var row = (await server.Http.CreateAsync("vst_requests?$select=vst_number", new { vst_subject = "Light is out", vst_due = "2999-12-31" }, ("Prefer", "return=representation"))).Demand(HttpStatusCode.Created);
        Assert.Equal("R-01000", row.Body.GetProperty("vst_number").GetString());
        var refused = (await server.Http.CreateAsync("vst_requests", new { vst_subject = "Too late", vst_due = "2020-01-01" }, ("Accept-Language", "ko"))).Demand(HttpStatusCode.BadRequest);
        Assert.Contains("기한이 이미 지났습니다.", refused.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(1, (await server.Http.ReadAsync("vst_requests")).Body.GetProperty("value").GetArrayLength());
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_left_as_it_is()
    {
        using var work = new TestFolder();
        Directory.CreateDirectory(work["visits"]);
        await File.WriteAllTextAsync(work["visits/notes.txt"], "mine");

        var (code, _, error) = await PlatformCommand.RunAsync("pack", "new", work["visits"], "--prefix", "vst");

        Assert.Equal(1, code);
        Assert.Contains("is not empty", error, StringComparison.Ordinal);
        Assert.Equal([work["visits/notes.txt"]], Directory.EnumerateFileSystemEntries(work["visits"]));
    }

    [Theory]
    [InlineData("visits")]
    [InlineData("visits", "--prefix", "V")]
    [InlineData("visits", "--prefix", "vst", "--title", "")]
    [InlineData("Site Visits", "--prefix", "vst")]
    [InlineData("core", "--prefix", "vst")]
    public async Task A_wrong_name_or_prefix_is_wrong_usage_and_nothing_is_written(string name, params string[] options)
    {
        using var work = new TestFolder();

        Assert.Equal(2, (await PlatformCommand.RunAsync(["pack", "new", work[name], .. options])).Code);

        Assert.False(Directory.Exists(work[name]));
    }
}
