using System.Diagnostics;
using System.Text.Json;
using Platform.Server.Start;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

/// <summary>The <c>platform</c> command, as a process.</summary>
public sealed class PackCheckTests
{
    [Fact]
    public async Task The_packs_of_the_repository_have_no_errors()
    {
        var packs = PackFolders.Found();

        var (code, output) = await RunAsync(["pack", "check", packs.Core, .. packs.PluginPacks()]);

        Assert.True(code == 0, output);
        Assert.Contains("no errors", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_errors_are_told_at_once_with_file_place_reason_and_hint()
    {
        using var folder = new TestFolder();
        new TestPack("things").Table("thing").Table("other").WriteTo(folder.Path);
        await BreakAsync(folder["things/entities/tst_thing/entity.json"], "\"maxLength\":100", "\"maxLength\":\"long\"");
        await BreakAsync(folder["things/entities/tst_other/entity.json"], "\"primaryNameAttribute\":\"tst_name\"", "\"primaryNameAttribute\":\"tst_nome\"");

        var (code, output) = await RunAsync(["pack", "check", folder["things"], "--core", PackFolders.Found().Core, "--json"]);

        Assert.Equal(1, code);
        var errors = JsonSerializer.Deserialize<JsonElement>(output).EnumerateArray().ToList();
        Assert.Contains(errors, error => error.GetProperty("file").GetString()!.EndsWith("tst_thing/entity.json", StringComparison.Ordinal) && error.GetProperty("pointer").GetString() == "/properties/tst_name/maxLength");
        Assert.Contains(errors, error => error.GetProperty("file").GetString()!.EndsWith("tst_other/entity.json", StringComparison.Ordinal));
        Assert.All(errors, error => Assert.NotEmpty(error.GetProperty("reason").GetString()!));
        Assert.All(errors, error => Assert.NotEmpty(error.GetProperty("hint").GetString()!));
    }

    [Fact]
    public async Task Scripts_and_filters_of_views_are_checked_as_a_plan_checks_them()
    {
        using var folder = new TestFolder();
        new TestPack("things").Table("thing", "sharp.csx", "var x = ;").Table("other", "script.js", "const = 1;").WriteTo(folder.Path);
        Directory.CreateDirectory(folder["things/entities/tst_thing/views"]);
        await File.WriteAllTextAsync(folder["things/entities/tst_thing/views/all.json"], """{ "title": "All", "columns": [ { "attribute": "tst_name" } ], "filter": "tst_nome eq 'a'", "orderby": "tst_none desc" }""");

        var (code, output) = await RunAsync(["pack", "check", folder["things"], "--core", PackFolders.Found().Core, "--json"]);

        Assert.Equal(1, code);
        var errors = JsonSerializer.Deserialize<JsonElement>(output).EnumerateArray()
            .Select(error => (File: Path.GetRelativePath(folder["things"], error.GetProperty("file").GetString()!), Pointer: error.GetProperty("pointer").GetString())).ToList();
        Assert.Contains(("entities/tst_thing/sharp.csx", "1:9"), errors);
        Assert.Contains(errors, error => error.File == "entities/tst_other/script.js");
        Assert.Contains(("entities/tst_thing/views/all.json", "/filter"), errors);
        Assert.Contains(("entities/tst_thing/views/all.json", "/orderby"), errors);
    }

    [Theory]
    [InlineData("pack")]
    [InlineData("pack", "check")]
    [InlineData("pack", "check", "/no/such/folder")]
    [InlineData("nonsense")]
    public async Task Wrong_usage_ends_with_2(params string[] arguments) =>
        Assert.Equal(2, (await RunAsync(arguments)).Code);

    private static async Task BreakAsync(string file, string good, string bad) =>
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file)).Replace(good, bad, StringComparison.Ordinal));

    private static async Task<(int Code, string Output)> RunAsync(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "platform.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }
}
