using System.Collections.Immutable;
using Platform.Sdk;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads the steps on a custom API: its main operation, and what runs around it.</summary>
internal sealed class ApiStepReader(ApiDraft api, PackDraft pack, ApiFolder folder, MetadataDraft draft) : StepReader(pack, folder, draft)
{
    protected override string Entity => api.Definition.BoundEntity ?? "";

    /// <summary>The steps of a folder without <c>api.json</c> are about an API of a pack below.</summary>
    public static void ReadAll(PackDraft pack, MetadataDraft draft)
    {
        foreach (var folder in pack.Layout.Apis)
        {
            if (draft.Apis.TryGetValue(folder.Name, out var api) && (api.Pack == pack || (folder.Definition is null && pack.Sees(api.Pack)))) new ApiStepReader(api, pack, folder, draft).Read();
            else if (!draft.UnreadApis.Contains(folder.Name)) pack.Fail(folder.AnyFile, $"There is no API '{folder.Name}'.", $"Declare it in {folder.Path}/api.json, or add the pack that has it to the dependencies in pack.json.");
        }
    }

    protected override void Add(StepDefinition step, JsonNode node)
    {
        if (step.Stage == PluginStage.MainOperation)
        {
            if (api.Pack != Pack) node.Fail($"The operation of '{folder.Name}' is a matter of the pack '{api.Pack.Id}'.", "Use PreOperation or PostOperation.");
            else if (api.Steps.Exists(other => other.Stage == PluginStage.MainOperation)) node.Fail($"'{folder.Name}' has an operation already.", "One step has the stage MainOperation; others go before or after it.");
        }
        else if (api.Definition.AllowedStepType != ApiStepType.SyncAndAsync)
        {
            node.Fail(
                api.Definition.AllowedStepType == ApiStepType.None ? $"'{folder.Name}' allows no steps but its operation." : $"'{folder.Name}' allows no synchronous steps but its operation.",
                "The API's allowedStepType says so.");
        }

        api.Steps.Add(step);
    }

    protected override string? ReadMessage(JsonObject step)
    {
        if (step.Text("message") is { } message && message != folder.Name)
            step.Find("message")!.Fail($"The steps of this folder are about '{folder.Name}'.", "Take the key out: the folder says what the message is.");
        return folder.Name;
    }

    protected override PluginStage? ReadStage(JsonObject step) => step.Demand("stage", "MainOperation, PreValidation, PreOperation or PostOperation.")?.AsOneOf(
        (nameof(PluginStage.PreValidation), PluginStage.PreValidation),
        (nameof(PluginStage.PreOperation), PluginStage.PreOperation),
        (nameof(PluginStage.MainOperation), PluginStage.MainOperation),
        (nameof(PluginStage.PostOperation), PluginStage.PostOperation));

    protected override ImmutableArray<string> ReadFilter(JsonObject step, string? message)
    {
        if (step.Texts("filteringAttributes").Count > 0) step.Find("filteringAttributes")!.Fail("A step on a custom API runs always.", "Take the key out.");
        return [];
    }

    protected override ImmutableArray<StepImage> ReadImages(JsonObject step, string? message, PluginStage? stage)
    {
        if (step.Find("images") is { IsArray: true } images && images.Items().Length > 0) images.Fail("A step on a custom API has no images.", "Read the row with Service.Retrieve.");
        return [];
    }
}
