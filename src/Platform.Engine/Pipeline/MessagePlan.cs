using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Compiling;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>What runs when a message is sent, in the order in which it runs.</summary>
/// <param name="Entity">Logical name; empty for a custom API that is bound to none.</param>
/// <param name="IsBuiltIn">The platform itself is the operation; false for a custom API.</param>
/// <param name="Writes">It has a transaction that writes.</param>
/// <param name="Steps">By stage and rank.</param>
public sealed record MessagePlan(string Entity, string Message, bool IsBuiltIn, bool Writes, ImmutableArray<StepDefinition> Steps)
{
    /// <param name="entity">Logical name.</param>
    /// <exception cref="PlatformException">There is no such entity, or no such message about it.</exception>
    public static MessagePlan Of(MetadataSnapshot metadata, string entity, string message)
    {
        if (metadata.FindApi(message) is { } api)
        {
            if (entity.Length > 0 && metadata.Entity(entity).LogicalName != api.BoundEntity) throw Errors.UnknownMessage(entity, message);
            return new MessagePlan(api.BoundEntity ?? "", api.Name, IsBuiltIn: false, !api.IsFunction, Ordered(metadata, api.BoundEntity ?? "", api.Name));
        }
        var known = metadata.Entity(entity);
        if (!StepMessage.All.TryGetValue(message, out var steps)) throw Errors.UnknownMessage(entity, message);
        return new MessagePlan(known.LogicalName, message, IsBuiltIn: true, !steps.OnlyReads, Ordered(metadata, known.LogicalName, message));
    }

    /// <summary>Steps of one stage.</summary>
    public IEnumerable<StepDefinition> At(PluginStage stage) => Steps.Where(step => step.Stage == stage);

    private static ImmutableArray<StepDefinition> Ordered(MetadataSnapshot metadata, string entity, string message) => [.. StepTable.Of(metadata).For(entity, message).All.OrderBy(step => step.Stage)];
}
