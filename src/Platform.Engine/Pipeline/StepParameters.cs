using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What steps see of messages, in the names that Dataverse's plug-ins know.</summary>
internal static class StepParameters
{
    public static PluginParameters Links(string relationship, IEnumerable<EntityReference> related) => Of(("Relationship", relationship), ("RelatedEntities", related.Cast<object?>().ToList()));

    public static PluginParameters Of(params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var parameters = new PluginParameters();
        foreach (var (name, value) in values) parameters[name] = value;
        return parameters;
    }
}
