using System.Diagnostics;
using System.Text.Json;
using Platform.Server.Start;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Start;

/// <summary>What the <c>platform</c> command says when it cannot do what it is asked.</summary>
public sealed class CommandFailureTests
{
    // Nothing listens there: the discard port.
    private const string Nowhere = "http://127.0.0.1:9";

    [Theory]
    [InlineData(1, "pack", "export", "OUT", "--url", Nowhere)]
    [InlineData(1, "pack", "apply", "--plan", "OUT/none", "--url", Nowhere)]
    [InlineData(1, "pack", "apply", "--plan", "PACK/list.json", "--url", Nowhere)]
    [InlineData(1, "pack", "plan", "PACK", "--url", Nowhere)]
    [InlineData(1, "pack", "uninstall", "things", "--yes", "--url", Nowhere)]
    [InlineData(1, "metadata", "versions", "--url", Nowhere)]
    [InlineData(1, "metadata", "purge", "x", "--url", Nowhere)]
    [InlineData(2, "diff", Nowhere, Nowhere)]
    [InlineData(2, "pack", "check", "/no/such/folder")]
    [InlineData(2, "pack", "check", "PACK", "--core", "/no/such/folder")]
    [InlineData(2, "metadata", "nonsense")]
    public async Task With_json_every_command_prints_one_object_that_says_why(int expected, params string[] arguments)
    {
        using var folder = new TestFolder();
        new TestPack("things").Table("thing").WriteTo(folder.Path);
        // No saved plan, and none of the pack's files either.
        if (arguments.Contains("PACK/list.json")) await File.WriteAllTextAsync(folder["things/list.json"], "[]");
        string[] actual = [.. arguments.Select(argument => argument.Replace("OUT", folder["out"], StringComparison.Ordinal).Replace("PACK", folder["things"], StringComparison.Ordinal)), "--json"];

        var (code, output, _) = await PlatformCommand.RunAsync([new("PLATFORM_TOKEN", "token")], actual);

        Assert.True(code == expected, output);
        var failure = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.NotEmpty(failure.GetProperty("error").GetProperty("message").GetString()!);
        Assert.Equal(JsonValueKind.String, failure.GetProperty("error").GetProperty("hint").ValueKind);
        Assert.Equal(JsonValueKind.Array, failure.GetProperty("errors").ValueKind);
    }

    [Fact]
    public async Task Files_that_cannot_be_read_stand_among_the_errors_and_a_pipe_is_not_waited_for()
    {
        using var folder = new TestFolder();
        new TestPack("things").Table("thing").WriteTo(folder.Path);
        await Process.Start("mkfifo", [folder["things/pipe.json"]]).WaitForExitAsync();

        var (code, output, _) = await PlatformCommand.RunAsync([new("PLATFORM_TOKEN", "token")], "pack", "plan", folder["things"], "--url", Nowhere, "--json");

        Assert.Equal(1, code);
        var error = Assert.Single(JsonSerializer.Deserialize<JsonElement>(output).GetProperty("errors").EnumerateArray());
        Assert.EndsWith("things/pipe.json", error.GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, (await PlatformCommand.RunAsync("pack", "check", folder["things"], "--core", PackFolders.Found().Core)).Code);
    }

    [Theory]
    [InlineData("abc\ndef", "a line break at position 4")]
    [InlineData("Bearer abc", "a space at position 7")]
    [InlineData("tokén", "U+00E9 at position 4")]
    [InlineData(" \n", "is not set")]
    public async Task What_is_no_token_is_named(string token, string reason)
    {
        var (code, output, error) = await PlatformCommand.RunAsync([new("PLATFORM_TOKEN", token)], "metadata", "versions", "--url", Nowhere);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_feed_at_the_end_of_a_token_does_not_count()
    {
        await using var server = await TestServer.StartAsync();
        var token = server.Http.DefaultRequestHeaders.Authorization!.Parameter + "\n";

        var (code, _, error) = await PlatformCommand.RunAsync([new("PLATFORM_TOKEN", token)], "metadata", "versions", "--url", server.Address.ToString());

        Assert.True(code == 0, error);
    }
}
