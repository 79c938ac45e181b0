using Platform.Sdk;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>A custom API while it is compiled: what its file says, and the steps of all packs.</summary>
internal sealed class ApiDraft(PackDraft pack, JsonNode node, CustomApiDefinition definition)
{
    public PackDraft Pack { get; } = pack;

    /// <summary>The file's root, for errors about the whole.</summary>
    public JsonNode Node { get; } = node;

    public CustomApiDefinition Definition { get; } = definition;

    public List<StepDefinition> Steps { get; } = [];

    // OrderBy is stable: equal ranks stay in the order of packs and files.
    public CustomApiDefinition Build() => Definition with { Steps = [.. Steps.OrderBy(step => step.Rank)] };

    /// <summary>Reports an API that promises an answer which nothing makes.</summary>
    public void CheckOperation()
    {
        if (Definition.ResponseProperties.IsEmpty || Steps.Exists(step => step.Stage == PluginStage.MainOperation)) return;
        Node.Fail($"Nothing answers for '{Definition.Name}'.", "Add a step with the stage MainOperation to the steps.json beside it; its script sets the response properties as Output.");
    }
}
