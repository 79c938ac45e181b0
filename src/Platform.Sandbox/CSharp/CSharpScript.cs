using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;
using Platform.Sandbox.Execution;
using Platform.Sandbox.Protocol;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.CSharp;

/// <summary>A compiled C# script in the worker.</summary>
internal sealed class CSharpScript : ILoadedScript
{
    /// <summary>Frames beyond these say nothing to an author.</summary>
    private const int MaximumFrames = 16;

    private readonly Func<object?[], Task<object>> factory;
    private readonly Assembly assembly;

    internal CSharpScript(Func<object?[], Task<object>> factory, Assembly assembly)
    {
        this.factory = factory;
        this.assembly = assembly;
    }

    /// <summary>Loads an image from memory; nothing is read from disk, so it works in a locked-down worker.</summary>
    public static CSharpScript Load(ScriptImage image)
    {
        var context = new ScriptLoadContext(image.File);
        using var stream = new MemoryStream(image.Code.ToArray(), writable: false);
        var assembly = context.LoadFromStream(stream);
        var method = assembly.GetType(CSharpScriptNames.Class, throwOnError: true)!
            .GetMethod("<Factory>", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return new CSharpScript(method.CreateDelegate<Func<object?[], Task<object>>>(), assembly);
    }

    public WorkerFrame Run(ScriptRun run)
    {
        try
        {
            // Slot 0 takes the globals, slot 1 the script object: the layout of a first submission.
            var task = factory([new ScriptGlobals(new WorkerContext(run)), null]);
            // Scripts cannot await, so the task has ended.
            task.GetAwaiter().GetResult();
        }
        catch (PluginRejectedException rejection)
        {
            return new RejectedFrame(rejection.Message, rejection.Code ?? "");
        }
        catch (OutOfMemoryException)
        {
            return new FailedFrame(PluginFailure.Memory, "the script needs more memory than its worker has");
        }
#pragma warning disable CA1031 // Whatever a script throws is its own failure: it ends the run, not the worker.
        catch (Exception error)
#pragma warning restore CA1031
        {
            return Failed(error, run);
        }
        return run.ExceededServiceCalls is { } limit
            ? new FailedFrame(PluginFailure.ServiceCalls, limit)
            : new DoneFrame(run.State.Target, run.State.InputIsSeen ? run.State.Input : null, run.State.Output, run.State.SharedVariables);
    }

    private FailedFrame Failed(Exception error, ScriptRun run)
    {
        if (run.ExceededServiceCalls is { } limit) return new FailedFrame(PluginFailure.ServiceCalls, limit, Frames: Locate(error));
        var message = error is ServiceCallException or FrameException || error.GetType() == typeof(Exception) || error is InvalidOperationException
            ? error.Message
            : $"{error.GetType().Name}: {error.Message}";
        return new FailedFrame(PluginFailure.Error, message, Frames: Locate(error), IsServiceError: ReferenceEquals(error, run.ServiceError));
    }

    /// <summary>The host turns tokens and offsets into lines; the worker cannot read debug information once it is locked down.</summary>
    private List<ImageLocation> Locate(Exception error)
    {
        var places = new List<ImageLocation>();
        foreach (var frame in new StackTrace(error, fNeedFileInfo: false).GetFrames())
        {
            if (frame.GetMethod() is not { } method || method.Module.Assembly != assembly) continue;
            places.Add(new ImageLocation(method.MetadataToken, frame.GetILOffset()));
            if (places.Count == MaximumFrames) break;
        }
        return places;
    }

    /// <summary>Collectible, so that a worker that has seen many versions of a script can let go of the old ones.</summary>
    private sealed class ScriptLoadContext(string name) : AssemblyLoadContext(name, isCollectible: true);
}

/// <summary>Names on which compiler and loader agree.</summary>
internal static class CSharpScriptNames
{
    public const string Class = "Script";
}
