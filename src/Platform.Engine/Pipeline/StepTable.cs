using System.Collections.Frozen;
using System.Collections.Immutable;
using Platform.Engine.Messages;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Pipeline;

/// <summary>Which steps run on which message, in order. Built once per metadata version.</summary>
internal sealed class StepTable
{
    private static readonly object Key = new();

    /// <summary>Steps on a message about several rows run for one row, too.</summary>
    private static readonly FrozenDictionary<string, string> OneOf = new Dictionary<string, string>
    {
        [nameof(CreateMultiple)] = nameof(Create), [nameof(UpdateMultiple)] = nameof(Update), [nameof(DeleteMultiple)] = nameof(Delete),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<(string Entity, string Message), StepList> lists;

    private StepTable(MetadataSnapshot metadata) =>
        lists = metadata.Entities
            .SelectMany(entity => entity.Steps)
            .Concat(metadata.Apis.SelectMany(api => api.Steps))
            .SelectMany(step => OneOf.TryGetValue(step.Message, out var one) ? [(step.Message, step), (one, step)] : new[] { (Message: step.Message, Step: step) })
            .GroupBy(entry => (entry.Step.Entity, entry.Message))
            .ToFrozenDictionary(group => group.Key, group => new StepList([.. group.Select(entry => entry.Step).OrderBy(step => step.Rank)]));

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

    /// <summary>Some step runs after the operation.</summary>
    public bool After { get; } = steps.Any(step => step.Stage == PluginStage.PostOperation);

    /// <summary>Steps of one stage that the message triggers.</summary>
    public IEnumerable<StepDefinition> At(PluginStage stage, Message message) =>
        All.Where(step => step.Stage == stage && (step.FilteringAttributes.IsEmpty || step.FilteringAttributes.Any(message.Holds)));
}
