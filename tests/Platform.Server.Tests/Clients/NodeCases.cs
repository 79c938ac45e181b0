using System.Diagnostics;
using System.Text.Json;
using Platform.Engine.Tests;
using Platform.Server.Tests.Hosting;

namespace Platform.Server.Tests.Clients;

/// <summary>Cases that a script of <c>Clients/npm</c> runs against a server, with packages of npm that know nothing of us.</summary>
internal static class NodeCases
{
    private static readonly string Folder = RepositoryRoot.At("tests", "Platform.Server.Tests", "Clients", "npm");

    /// <summary>Runs the script as the administrator and fails with what it says of each case that failed.</summary>
    /// <param name="least">Cases that it has.</param>
    public static async Task RunAsync(TestServer server, string script, int least)
    {
        Assert.True(Directory.Exists(Path.Combine(Folder, "node_modules")), $"The clients are not installed: npm ci in {Folder}, or tests/run.");
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, script)]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        start.Environment["PLATFORM_URL"] = server.Address.ToString();
        start.Environment["PLATFORM_TOKEN"] = await server.TokenAsync();
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);

        var cases = JsonSerializer.Deserialize<Case[]>(await output, JsonSerializerOptions.Web)!;
        var failures = cases.Where(one => one.Failure is not null).Select(one => $"{one.Name}: {one.Failure}").ToList();
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
        Assert.True(cases.Length >= least, $"Only {cases.Length} cases ran.");
    }

    private sealed record Case(string Name, string? Failure);
}
