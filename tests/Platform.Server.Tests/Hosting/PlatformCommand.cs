using System.Diagnostics;

namespace Platform.Server.Tests.Hosting;

/// <summary>The <c>platform</c> command, run as a process whose output goes to a pipe.</summary>
internal static class PlatformCommand
{
    /// <summary>Runs without a server.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync([], arguments);

    /// <param name="environment">Further variables, such as <c>PLATFORM_TOKEN</c>.</param>
    public static async Task<(int Code, string Output, string Error)> RunAsync(IEnumerable<KeyValuePair<string, string?>> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "platform.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Runs against a server, as its administrator.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(TestServer server, params string[] arguments) =>
        RunAsync([new("PLATFORM_TOKEN", server.Http.DefaultRequestHeaders.Authorization!.Parameter)], [.. arguments, "--url", server.Address.ToString()]);
}
