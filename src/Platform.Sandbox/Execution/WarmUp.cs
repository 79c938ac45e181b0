using System.Globalization;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using System.Text.RegularExpressions;
using Platform.Sandbox.CSharp;
using Platform.Sandbox.JavaScript;
using Platform.Sandbox.Protocol;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Sandbox.Execution;

/// <summary>
/// Brings into memory whatever a script may touch. After the lock-down no file can be opened any more, so an assembly or
/// a library that is loaded on first use would fail a script for no fault of its own.
/// </summary>
internal static class WarmUp
{
    /// <summary>What scripts can reach beside the references of this assembly.</summary>
    private static readonly string[] Roots =
    [
        "System.Runtime", "System.Private.CoreLib", "System.Linq", "System.Collections", "System.Text.RegularExpressions",
        "System.Diagnostics.StackTrace", "System.Runtime.Loader", "System.Memory", "System.Runtime.Extensions",
    ];

    private const string JavaScript = """
        var rows = context.service.retrieveMultiple('warm', '');
        var seen = {}, sum = 0;
        rows.forEach(function (row) { seen[row.get('name')] = row.get('amount'); sum += row.get('amount'); });
        context.target.set('text', JSON.stringify(seen).replace(/[a-z]+/g, function (word) { return word.toUpperCase(); }));
        context.target.set('amount', Math.round(sum * 100) / 100);
        context.target.set('when', new Date(context.now.getTime() + 1000));
        context.trace([3, 1, 2].sort().map(String).concat(['x']).join(','));
        try { null.missing; } catch (error) { context.trace(error.message + (12.345).toFixed(2) + 'a b'.split(' ').length); }
        """;

    public static void Run(JavaScriptRuntime javaScript)
    {
        LoadAssemblies();
        TouchPlatform();
        var key = new string('0', 64);
        var scripts = new (ILoadedScript Script, int Calls)[]
        {
            (javaScript.Load(new ScriptImage(key, "warm.js", ScriptLanguage.JavaScript, Encoding.UTF8.GetBytes(JavaScript))), 1),
            (new CSharpScript(CSharp, typeof(WarmUp).Assembly), 1),
            (new CSharpScript(_ => throw new InvalidOperationException("warm"), typeof(WarmUp).Assembly), 0),
        };
        foreach (var (script, calls) in scripts) Rehearse(script, calls);
        javaScript.PrepareNext();
    }

    /// <summary>Runs a script against a recorded host, through the real frames.</summary>
    private static void Rehearse(ILoadedScript script, int calls)
    {
        var recording = new MemoryStream();
        var host = new FrameWriter(recording);
        RunFrame.Write(host, Sample());
        for (var call = 0; call < calls; call++)
            new AnswerFrame(new List<object?> { new EntityRecord("warm") { ["name"] = "a", ["amount"] = 1.5m } }).Write(host);
        recording.Position = 0;
        var link = new HostLink(recording, new MemoryStream());
        var frame = link.Receive()!.Value;
        var run = (RunFrame)HostFrame.Read(frame);
        script.Run(new ScriptRun(run.State, frame, link)).Write(link.Writer);
    }

    private static PluginRun Sample()
    {
        var image = new ScriptImage(new string('0', 64), "warm", ScriptLanguage.CSharp, default);
        var now = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        return new PluginRun
        {
            Image = image,
            Step = "warm",
            Message = "Create",
            Stage = PluginStage.PreOperation,
            User = new EntityReference("systemuser", Guid.Empty),
            Now = now,
            Config = """{ "floor": 0, "rate": 1.5, "names": ["a"], "inner": { "flag": true } }""",
            Input = new PluginParameters([KeyValuePair.Create<string, object?>("list", new List<object?> { 1, "a" })]),
            Target = new EntityRecord("warm", Guid.Empty)
            {
                ["text"] = "warm", ["number"] = 1, ["long"] = 1L, ["amount"] = 1.5m, ["double"] = 1.5, ["flag"] = true, ["when"] = now,
                ["day"] = DateOnly.FromDateTime(now), ["id"] = Guid.Empty, ["lookup"] = new EntityReference("warm", Guid.Empty), ["nothing"] = null,
            },
        };
    }

    private static Task<object> CSharp(object?[] submission)
    {
        var context = ((ScriptGlobals)submission[0]!).Context;
        var sum = context.Service.RetrieveMultiple("warm", "").Where(row => row.Contains("name")).Sum(row => row.Get<decimal>("amount"));
        context.Target["amount"] = sum + context.Config.Get<int>("floor");
        context.Trace($"{context.Target.GetLookup("lookup")} {sum:0.00}");
        return Task.FromResult<object>(sum);
    }

    private static void LoadAssemblies()
    {
        var waiting = new Queue<AssemblyName>(Roots.Select(root => new AssemblyName(root)));
        foreach (var reference in typeof(WarmUp).Assembly.GetReferencedAssemblies()) waiting.Enqueue(reference);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (waiting.TryDequeue(out var name))
        {
            if (!seen.Add(name.Name!) || TryLoad(name) is not { } assembly) continue;
            foreach (var reference in assembly.GetReferencedAssemblies()) waiting.Enqueue(reference);
        }
    }

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return AssemblyLoadContext.Default.LoadFromAssemblyName(name);
        }
        catch (FileNotFoundException)
        {
            // The compiler is not shipped with the worker: scripts arrive compiled.
            return null;
        }
    }

    /// <summary>Parts of the runtime that open files or libraries on first use.</summary>
    private static void TouchPlatform()
    {
        _ = CultureInfo.GetCultureInfo("ko-KR").CompareInfo.Compare("가", "나", CompareOptions.IgnoreCase);
        _ = "İ".Normalize(NormalizationForm.FormD).ToUpperInvariant();
        _ = TimeZoneInfo.Local.GetUtcOffset(DateTimeOffset.UnixEpoch);
        _ = Guid.CreateVersion7(DateTimeOffset.UnixEpoch);
        _ = new Random().Next() + Random.Shared.Next();
        _ = Regex.Replace("warm", "[a-z]", "x");
        var context = new AssemblyLoadContext("warm", isCollectible: true);
        using var image = new MemoryStream(File.ReadAllBytes(typeof(EntityRecord).Assembly.Location));
        context.LoadFromStream(image).GetType(typeof(EntityReference).FullName!);
        context.Unload();
    }
}
