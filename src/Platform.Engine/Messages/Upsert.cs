using System.Collections.Immutable;
using Platform.Sdk;

namespace Platform.Engine.Messages;

/// <summary>
/// Changes the row with an id or with the values of an alternate key, or creates it where there is none. It has no
/// stages of its own: those of Update or Create run, with their steps. Result: <see cref="MessageResult.Id"/>,
/// <see cref="MessageResult.Version"/>, <see cref="MessageResult.Created"/>.
/// </summary>
/// <param name="Target">Values; with an id unless <paramref name="Key"/> names the row.</param>
/// <param name="Key">
/// Values of an alternate key by attribute; empty: the target's id names the row. A row that is there keeps them,
/// whatever the target says; a new one gets them where the target says nothing else.
/// </param>
/// <param name="CreateOnly">Refuse with 412 when the row is there.</param>
public sealed record Upsert(EntityRecord Target, ImmutableArray<KeyValuePair<string, object>> Key, bool CreateOnly = false) : Message
{
    /// <summary>By the target's id.</summary>
    public Upsert(EntityRecord target)
        : this(target, [])
    {
    }

    public override string Name => nameof(Upsert);

    public override string EntityName => Target.LogicalName;

    internal override EntityRecord? StepTarget => Target;
}
