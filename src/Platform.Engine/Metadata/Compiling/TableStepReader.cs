using System.Collections.Immutable;
using Platform.Sdk;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads the steps on the messages about a table's rows.</summary>
internal sealed class TableStepReader(EntityDraft entity, PackDraft pack, TableFolder folder, MetadataDraft draft) : StepReader(pack, folder, draft)
{
    protected override string Entity => entity.Name;

    protected override void Add(StepDefinition step, JsonNode node) => entity.Steps.Add(step);

    protected override string? ReadMessage(JsonObject step)
    {
        if (step.Demand("message", $"One of {string.Join(", ", StepMessage.Names)}.") is not { } node || node.AsText() is not { } message) return null;
        if (StepMessage.All.ContainsKey(message)) return message;
        node.Fail($"Steps on the message '{message}' are not available.", Spelling.Hint(message, StepMessage.Names, "Steps on a custom API stand in its folder, apis/<name>/steps.json."));
        return null;
    }

    protected override PluginStage? ReadStage(JsonObject step)
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

    protected override ImmutableArray<string> ReadFilter(JsonObject step, string? message)
    {
        var nodes = step.Texts("filteringAttributes");
        if (nodes.Count > 0 && message is not null && !StepMessage.All[message].IsFiltered)
            step.Find("filteringAttributes")!.Fail($"A step on {message} runs always.", "Only steps on Update and UpdateMultiple are filtered by what changes; take the key out.");
        return [.. nodes.Select(FilteringAttribute).OfType<string>()];
    }

    private string? FilteringAttribute(JsonNode node)
    {
        if (entity.Resolve(node) is not { } attribute) return null;
        if (attribute.ComputedDraft is not null) node.Fail($"'{attribute.Name}' is not stored: no message changes it.", "Name the columns it is calculated from.");
        return attribute.Name;
    }

    protected override ImmutableArray<StepImage> ReadImages(JsonObject step, string? message, PluginStage? stage)
    {
        var images = ImmutableArray.CreateBuilder<StepImage>();
        var aliases = new HashSet<string>(StringComparer.Ordinal);
        foreach (var image in step.Objects("images"))
        {
            var type = image.Demand("type", "pre or post.");
            var kind = type?.AsOneOf(("pre", StepImageType.Pre), ("post", StepImageType.Post));
            if (kind is { } known && WhyNot(known, message, stage) is { } reason)
                type!.Fail(reason, "A pre-image is the row before an Update, Delete, Assign or SetState, a post-image the row after a Create, Update, Assign or SetState, in PostOperation.");
            var alias = image.DemandText("alias", "The script finds the image by it.") ?? "";
            if (alias.Length > 0 && !aliases.Add(alias)) image.Find("alias")!.Fail($"The step has two images '{alias}'.", "Give one of them another alias.");
            var attributes = image.Texts("attributes").Select(entity.Resolve).OfType<AttributeDraft>().Select(attribute => attribute.Name);
            images.Add(new(kind ?? default, alias, [.. attributes]));
            image.Close();
        }

        return images.ToImmutable();
    }

    private static string? WhyNot(StepImageType image, string? message, PluginStage? stage)
    {
        if (message is null) return null;
        var known = StepMessage.All[message];
        if (!known.PreImage && !known.PostImage) return $"A step on {message} has no images.";
        if (image == StepImageType.Pre) return known.PreImage ? null : $"Before a {message} there is no row to show.";
        if (!known.PostImage) return $"After a {message} there is no row to show.";
        return stage is null or PluginStage.PostOperation ? null : $"In {stage} the row is not written yet.";
    }
}
