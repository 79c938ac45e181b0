using System.Collections.Frozen;
using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>Which steps run on which message, in order. Built once per metadata version.</summary>
internal sealed class StepTable
{
    private static readonly object Key = new();

    private readonly FrozenDictionary<(string Entity, string Message), StepList> lists;

    private StepTable(MetadataSnapshot metadata) =>
        lists = metadata.Entities
            .SelectMany(entity => entity.Steps)
            .Concat(metadata.Apis.SelectMany(api => api.Steps))
            .GroupBy(step => (step.Entity, step.Message))
            .ToFrozenDictionary(group => group.Key, group => new StepList([.. group.OrderBy(step => step.Rank)]));

    public static StepTable Of(MetadataSnapshot metadata) => metadata.Once(Key, static snapshot => new StepTable(snapshot));

    /// <summary>Steps of a message; an empty list when there are none.</summary>
    public StepList For(string entity, string message) => lists.GetValueOrDefault((entity, message), StepList.None);
}

/// <summary>Steps of one entity and message, by ascending rank.</summary>
internal sealed class StepList(ImmutableArray<StepDefinition> steps)
{
    public static StepList None { get; } = new([]);

    public ImmutableArray<StepDefinition> All { get; } = steps;

    /// <summary>Some step runs while the transaction is open.</summary>
    public bool InTransaction { get; } = steps.Any(step => step.Stage != PluginStage.PreValidation);

    /// <summary>Steps of one stage that a request with these attributes triggers.</summary>
    /// <param name="target"><c>null</c> for messages to which filtering attributes do not apply.</param>
    public IEnumerable<StepDefinition> At(PluginStage stage, EntityRecord? target) =>
        All.Where(step => step.Stage == stage && Triggers(step, target));

    // Present in the request, not changed by it: that is Dataverse's rule.
    private static bool Triggers(StepDefinition step, EntityRecord? target) =>
        step.FilteringAttributes.IsEmpty || target is null || step.FilteringAttributes.Any(target.Contains);
}
