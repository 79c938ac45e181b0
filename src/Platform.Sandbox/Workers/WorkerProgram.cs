using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Platform.Sandbox.Execution;

namespace Platform.Sandbox.Workers;

/// <summary>Finds the worker's program and describes how to start it: with next to no environment, and none of the host's.</summary>
internal sealed class WorkerProgram
{
    private const string Assembly = "Platform.PluginWorker.dll";

    /// <summary>The host's settings of the runtime that a worker cannot start without.</summary>
    private static readonly string[] Inherited = ["DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "SystemRoot"];

    private readonly WorkerPluginHostOptions options;
    private readonly string assembly;

    public WorkerProgram(WorkerPluginHostOptions options)
    {
        this.options = options;
        assembly = Path.GetFullPath(options.WorkerPath ?? Path.Combine(AppContext.BaseDirectory, "worker", Assembly));
    }

    /// <exception cref="FileNotFoundException">The worker is not where it should be.</exception>
    public ProcessStartInfo StartInfo()
    {
        if (!File.Exists(assembly))
        {
            throw new FileNotFoundException(
                $"The plugin worker is missing at '{assembly}'. A project that hosts plugins imports Platform.Sandbox.Worker.targets, which copies it there.", assembly);
        }
        var start = new ProcessStartInfo
        {
            WorkingDirectory = Path.GetPathRoot(assembly)!,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        Command(start);
        if (!options.LockDown) start.ArgumentList.Add(WorkerMain.NoLockDown);
        Environment(start);
        return start;
    }

    private void Command(ProcessStartInfo start)
    {
        // <root>/shared/Microsoft.NETCore.App/<version>/: the runtime of the host, so that host and worker agree on it.
        var executable = OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        var muxer = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", executable));
        if (File.Exists(muxer))
        {
            start.FileName = muxer;
            start.ArgumentList.Add(assembly);
        }
        else
        {
            start.FileName = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        }
    }

    private void Environment(ProcessStartInfo start)
    {
        var environment = start.Environment;
        var kept = Inherited.Where(name => environment.TryGetValue(name, out var value) && value is not null)
            .Select(name => KeyValuePair.Create(name, environment[name])).ToList();
        environment.Clear();
        foreach (var (name, value) in kept) environment[name] = value;
        environment["DOTNET_GCHeapHardLimit"] = "0x" + ((long)options.HeapMegabytes * 1024 * 1024).ToString("X", CultureInfo.InvariantCulture);
        environment["DOTNET_gcServer"] = "0";
        environment["DOTNET_gcConcurrent"] = "0";
        environment["DOTNET_EnableDiagnostics"] = "0";
        environment["DOTNET_DbgEnableMiniDump"] = "0";
        environment["DOTNET_TieredPGO"] = "0";
        environment["TZ"] = "UTC";
    }
}
