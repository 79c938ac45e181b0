using System.Diagnostics;
using Platform.Engine.Tests;

namespace Platform.Server.Tests.Clients;

/// <summary>A script of <c>Clients/npm</c>, run by node beside the packages of npm that it is about.</summary>
internal static class NodeScript
{
    private static readonly string Folder = RepositoryRoot.At("tests", "Platform.Server.Tests", "Clients", "npm");

    /// <returns>What it wrote to its standard output.</returns>
    public static async Task<string> RunAsync(string script, params (string Name, string Value)[] environment)
    {
        Assert.True(Directory.Exists(Path.Combine(Folder, "node_modules")), $"The clients are not installed: npm ci in {Folder}, or tests/run.");
        var start = new ProcessStartInfo("node", [Path.Combine(Folder, script)]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Folder };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return await output;
    }
}
