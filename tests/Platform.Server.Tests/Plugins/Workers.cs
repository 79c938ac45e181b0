using System.Diagnostics;
using System.Globalization;

namespace Platform.Server.Tests.Plugins;

/// <summary>The worker processes of this process, as the operating system sees them.</summary>
internal static class Workers
{
    /// <summary>Ends them all with SIGKILL; returns their ids.</summary>
    public static IReadOnlyList<int> KillAll()
    {
        var killed = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) || !IsWorker(folder)) continue;
            using var process = Process.GetProcessById(id);
            process.Kill();
            killed.Add(id);
        }

        return killed;
    }

    private static bool IsWorker(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains("Platform.PluginWorker", StringComparison.Ordinal)
                && File.ReadLines(Path.Combine(folder, "status")).Any(line => line == $"PPid:\t{Environment.ProcessId}");
        }
        catch (IOException)
        {
            // The process ended meanwhile.
            return false;
        }
    }
}

/// <summary>Tests that must not share their process with running scripts of other tests.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneInTheProcess
{
    public const string Name = "alone";
}
