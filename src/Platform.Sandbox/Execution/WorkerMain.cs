using System.Globalization;
using Platform.Sandbox.CSharp;
using Platform.Sandbox.JavaScript;
using Platform.Sandbox.Protocol;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Execution;

/// <summary>The worker process: everything behind <c>Platform.PluginWorker</c>'s <c>Main</c>.</summary>
public static class WorkerMain
{
    /// <summary>Argument that leaves the operating system's protections off.</summary>
    internal const string NoLockDown = "--no-lock-down";

    /// <summary>Deep but honest recursion fits; a runaway one ends the process either way.</summary>
    private const int StackBytes = 16 * 1024 * 1024;

    /// <summary>Serves runs until standard input closes.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string[] arguments)
    {
        // Must come before the first Regex of the process.
        AppContext.SetData("REGEX_DEFAULT_MATCH_TIMEOUT", TimeSpan.FromMilliseconds(250));
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        var link = new HostLink(Console.OpenStandardInput(), Console.OpenStandardOutput());
        // The channel belongs to frames alone.
        Console.SetOut(TextWriter.Null);
        Console.SetIn(TextReader.Null);
        var exitCode = 0;
        var thread = new Thread(() => exitCode = Serve(link, lockDown: !arguments.Contains(NoLockDown)), StackBytes) { Name = "scripts" };
        thread.Start();
        thread.Join();
        return exitCode;
    }

    private static int Serve(HostLink link, bool lockDown)
    {
        StdinWatch.Start();
        var scripts = new ScriptTable();
        WarmUp.Run(scripts.JavaScript);
        IReadOnlyList<string> protections = lockDown ? LockDown.Apply() : [];
        new HelloFrame(FrameFormat.Version, protections).Write(link.Writer);
        try
        {
            while (link.Receive() is { } frame) Answer(frame, link, scripts).Write(link.Writer, scripts);
            return 0;
        }
        catch (IOException)
        {
            // The host is gone; nobody is left to be told.
            return 0;
        }
    }

    private static WorkerFrame Answer(ReadOnlyMemory<byte> frame, HostLink link, ScriptTable scripts)
    {
        switch (HostFrame.Read(frame))
        {
            case LoadFrame load:
                scripts.Load(load.Image);
                return new LoadedFrame();
            case RunFrame run:
                return scripts.Find(run.Key).Run(new ScriptRun(run.State, frame, link));
            case var other:
                throw FrameException.Unexpected($"a {other.GetType().Name}");
        }
    }

    private static void Write(this WorkerFrame frame, FrameWriter writer, ScriptTable scripts)
    {
        try
        {
            frame.Write(writer);
        }
        catch (FrameException error)
        {
            // A result that cannot cross the border (a type of the script's own, or too much of it): nothing was sent yet.
            new FailedFrame(PluginFailure.Error, error.Message).Write(writer);
        }
        scripts.JavaScript.PrepareNext();
    }

    /// <summary>The images this worker knows.</summary>
    private sealed class ScriptTable
    {
        private readonly Dictionary<string, ILoadedScript> scripts = new(StringComparer.Ordinal);

        public JavaScriptRuntime JavaScript { get; } = new();

        public void Load(ScriptImage image) =>
            scripts[image.Key] = image.Language == ScriptLanguage.CSharp ? CSharpScript.Load(image) : JavaScript.Load(image);

        public ILoadedScript Find(string key) =>
            scripts.TryGetValue(key, out var script) ? script : throw FrameException.Unexpected("a run before its image");
    }
}
