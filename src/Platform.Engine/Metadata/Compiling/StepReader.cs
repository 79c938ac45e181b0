using System.Collections.Immutable;
using System.Text.Json;
using Platform.Sdk;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>steps.json</c> and the scripts beside it.</summary>
internal sealed class StepReader(EntityDraft entity, PackDraft pack, TableFolder folder, MetadataDraft draft)
{
    private const string Create = "Create", Update = "Update", Delete = "Delete", Retrieve = "Retrieve", RetrieveMultiple = "RetrieveMultiple", Associate = "Associate", Disassociate = "Disassociate";

    private static readonly string[] Messages = [Create, Update, Delete, Associate, Disassociate, Retrieve, RetrieveMultiple];

    private readonly HashSet<string> used = new(StringComparer.Ordinal);

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

    private void ReadStep(JsonObject step, HashSet<string> names)
    {
        var name = step.DemandText("name", "Unique among the steps of the folder; error messages name it.") ?? "";
        if (name.Length > 0 && !names.Add(name)) step.Find("name")!.Fail($"There are two steps '{name}'.", "Give one of them another name.");
        var script = ReadScript(step);
        var message = ReadMessage(step);
        var stage = ReadStage(step);
        ReadMode(step);
        var images = ReadImages(step, message, stage);
        var definition = new StepDefinition
        {
            Name = name,
            Pack = pack.Id,
            Entity = entity.Name,
            Script = script ?? "",
            Message = message ?? "",
            Stage = stage ?? default,
            Rank = step.Integer("rank", 0, int.MaxValue, 1),
            FilteringAttributes = ReadFilter(step, message),
            Images = images,
            Config = ReadConfig(step),
            Limits = ReadLimits(step),
        };
        step.Close();
        entity.Steps.Add(definition);
    }

    private string? ReadScript(JsonObject step)
    {
        if (step.Demand("script", "The name of a script beside steps.json.") is not { } node || node.AsText() is not { } script) return null;
        used.Add(script);
        if (!TableFolder.IsScript(script))
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

    private static string? ReadMessage(JsonObject step)
    {
        if (step.Demand("message", $"One of {string.Join(", ", Messages)}.") is not { } node || node.AsText() is not { } message) return null;
        if (Messages.Contains(message)) return message;
        node.Fail($"Steps on the message '{message}' are not available.", Spelling.Hint(message, Messages, ""));
        return null;
    }

    private static PluginStage? ReadStage(JsonObject step)
    {
        if (step.Demand("stage", "PreValidation, PreOperation or PostOperation.") is not { } node) return null;
        if (node.IsText && node.Value.GetString() == nameof(PluginStage.MainOperation))
        {
            node.Fail("Only custom APIs have steps in MainOperation.", "Use PreOperation to change what is written, PostOperation to act after it.");
            return null;
        }

        return node.AsOneOf(
            (nameof(PluginStage.PreValidation), PluginStage.PreValidation),
            (nameof(PluginStage.PreOperation), PluginStage.PreOperation),
            (nameof(PluginStage.PostOperation), PluginStage.PostOperation));
    }

    private static void ReadMode(JsonObject step)
    {
        if (step.Find("mode") is { } mode && mode.AsOneOf(("sync", false), ("async", true)) is true)
            mode.Fail("Asynchronous steps are not available yet.", "Write \"sync\", or leave the key out.");
        if (step.Find("runAs") is { } runAs && runAs.AsText() is { } who && who != "caller")
            runAs.Fail($"Steps cannot run as '{who}'.", "Steps run with the rights of the caller: write \"caller\", or leave the key out.");
    }

    private ImmutableArray<string> ReadFilter(JsonObject step, string? message)
    {
        var nodes = step.Texts("filteringAttributes");
        if (nodes.Count > 0 && message is not (Update or null))
            step.Find("filteringAttributes")!.Fail($"A step on {message} runs always.", "Only steps on Update are filtered by what changes; take the key out.");
        return [.. nodes.Select(FilteringAttribute).OfType<string>()];
    }

    private string? FilteringAttribute(JsonNode node)
    {
        if (entity.Resolve(node) is not { } attribute) return null;
        if (attribute.ComputedDraft is not null) node.Fail($"'{attribute.Name}' is not stored: no message changes it.", "Name the columns it is calculated from.");
        return attribute.Name;
    }

    private ImmutableArray<StepImage> ReadImages(JsonObject step, string? message, PluginStage? stage)
    {
        var images = ImmutableArray.CreateBuilder<StepImage>();
        var aliases = new HashSet<string>(StringComparer.Ordinal);
        foreach (var image in step.Objects("images"))
        {
            var type = image.Demand("type", "pre or post.");
            var kind = type?.AsOneOf(("pre", StepImageType.Pre), ("post", StepImageType.Post));
            if (kind is { } known && WhyNot(known, message, stage) is { } reason)
                type!.Fail(reason, "A pre-image is the row before an Update or Delete, a post-image the row after a Create or Update, in PostOperation.");
            var alias = image.DemandText("alias", "The script finds the image by it.") ?? "";
            if (alias.Length > 0 && !aliases.Add(alias)) image.Find("alias")!.Fail($"The step has two images '{alias}'.", "Give one of them another alias.");
            var attributes = image.Texts("attributes").Select(entity.Resolve).OfType<AttributeDraft>().Select(attribute => attribute.Name);
            images.Add(new(kind ?? default, alias, [.. attributes]));
            image.Close();
        }

        return images.ToImmutable();
    }

    private static string? WhyNot(StepImageType image, string? message, PluginStage? stage) => (image, message) switch
    {
        (_, Retrieve or RetrieveMultiple or Associate or Disassociate) => $"A step on {message} has no images.",
        (StepImageType.Pre, Create) => "Before a Create there is no row to show.",
        (StepImageType.Post, Delete) => "After a Delete there is no row to show.",
        (StepImageType.Post, _) when stage is not (null or PluginStage.PostOperation) => $"In {stage} the row is not written yet.",
        _ => null,
    };

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
