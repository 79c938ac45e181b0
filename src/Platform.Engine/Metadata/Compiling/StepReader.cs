using System.Collections.Immutable;
using System.Text.Json;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>steps.json</c> and the scripts beside it.</summary>
internal abstract class StepReader(PackDraft pack, StepFolder folder, MetadataDraft draft)
{
    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    protected PackDraft Pack => pack;

    protected StepFolder Folder => folder;

    /// <summary>Logical name of the entity that the messages are about; empty for none.</summary>
    protected abstract string Entity { get; }

    public void Read()
    {
        if (folder.Steps is { } file)
        {
            if (pack.Open(file) is not { } root) return;
            root.Demand("steps", "{ \"steps\": [ … ] }");
            var names = new HashSet<string>(StringComparer.Ordinal);
            foreach (var step in root.Objects("steps")) ReadStep(step, names);
            root.Close();
        }

        foreach (var script in folder.Scripts.Where(script => !used.Contains(script)))
            pack.Fail($"{folder.Path}/{script}", "No step runs this script.", $"Name it in {folder.Path}/steps.json, or take it out.");
    }

    /// <summary>The message; <c>null</c> when it is none, which is reported.</summary>
    protected abstract string? ReadMessage(JsonObject step);

    protected abstract PluginStage? ReadStage(JsonObject step);

    protected abstract ImmutableArray<string> ReadFilter(JsonObject step, string? message);

    protected abstract ImmutableArray<StepImage> ReadImages(JsonObject step, string? message, PluginStage? stage);

    protected abstract void Add(StepDefinition step, JsonNode node);

    private void ReadStep(JsonObject step, HashSet<string> names)
    {
        var name = step.DemandText("name", "Unique among the steps of the folder; error messages name it.") ?? "";
        if (name.Length > 0 && !names.Add(name)) step.Find("name")!.Fail($"There are two steps '{name}'.", "Give one of them another name.");
        var script = ReadScript(step);
        var message = ReadMessage(step);
        var stage = ReadStage(step);
        ReadMode(step);
        var runAs = ReadRunAs(step);
        var images = ReadImages(step, message, stage);
        var definition = new StepDefinition
        {
            Name = name,
            Pack = pack.Id,
            Entity = Entity,
            Script = script ?? "",
            Message = message ?? "",
            Stage = stage ?? default,
            Rank = step.Integer("rank", 0, int.MaxValue, 1),
            FilteringAttributes = ReadFilter(step, message),
            Images = images,
            RunAs = runAs,
            Trace = step.Find("trace")?.AsOneOf(("off", StepTraceLevel.Off), ("exceptions", StepTraceLevel.Exceptions), ("all", StepTraceLevel.All)) ?? StepTraceLevel.Exceptions,
            Config = ReadConfig(step),
            Limits = ReadLimits(step),
        };
        step.Close();
        Add(definition, step.Node);
    }

    private string? ReadScript(JsonObject step)
    {
        if (step.Demand("script", "The name of a script beside steps.json.") is not { } node || node.AsText() is not { } script) return null;
        used.Add(script);
        if (!StepFolder.IsScript(script))
        {
            node.Fail($"'{script}' is no script.", "Scripts end with .csx (C#) or .js (JavaScript) and stand beside steps.json.");
            return null;
        }

        if (!folder.Scripts.Contains(script))
        {
            node.Fail($"There is no file {folder.Path}/{script}.", Spelling.Hint(script, folder.Scripts, "Scripts stand beside steps.json."));
            return null;
        }

        var path = $"{folder.Path}/{script}";
        var key = $"{pack.Id}/{path}";
        var language = script.EndsWith(".csx", StringComparison.Ordinal) ? ScriptLanguage.CSharp : ScriptLanguage.JavaScript;
        draft.Scripts[key] = new(path, language, pack.Files.Files[path]);
        return key;
    }

    private static void ReadMode(JsonObject step)
    {
        if (step.Find("mode") is { } mode && mode.AsOneOf(("sync", false), ("async", true)) is true)
            mode.Fail("Asynchronous steps are not available yet.", "Write \"sync\", or leave the key out.");
    }

    private StepRunAs ReadRunAs(JsonObject step)
    {
        if (step.Find("runAs") is not { } node) return StepRunAs.Caller;
        var runAs = node.AsOneOf(("caller", StepRunAs.Caller), ("system", StepRunAs.System)) ?? StepRunAs.Caller;
        if (runAs == StepRunAs.System && !pack.MayRunAsSystem)
            node.Fail("The pack does not ask for the rights of the system.", "Write \"capabilities\": { \"runAs\": [\"system\"] } in pack.json, so that who installs it knows, or run as \"caller\".");
        return runAs;
    }

    private static string ReadConfig(JsonObject step)
    {
        if (step.Find("config") is not { } config) return "{}";
        if (config.Value.ValueKind == JsonValueKind.Object) return config.Value.GetRawText();
        config.Fail($"An object is expected here, found {config.Found}.", "Write { … }; the script reads it as Config.");
        return "{}";
    }

    private static PluginLimits ReadLimits(JsonObject step)
    {
        var otherwise = new PluginLimits();
        if (step.Object("limits") is not { } limits) return otherwise;
        var read = new PluginLimits(
            limits.Integer("milliseconds", 1, 120_000, otherwise.Milliseconds),
            limits.Integer("megabytes", 1, 1024, otherwise.Megabytes),
            limits.Integer("serviceCalls", 1, 10_000, otherwise.ServiceCalls));
        limits.Close();
        return read;
    }
}
