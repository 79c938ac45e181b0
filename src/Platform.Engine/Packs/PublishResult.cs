using System.Collections.Immutable;
using Platform.Engine.Sql.Schema;

namespace Platform.Engine.Packs;

/// <summary>What a publish did.</summary>
/// <param name="Version">Version in force now.</param>
/// <param name="Changed">False when everything was deployed already.</param>
/// <param name="Plan">Changes made to the database.</param>
/// <param name="Notes">Sentences for the person who published.</param>
public sealed record PublishResult(long Version, bool Changed, SchemaPlan Plan, ImmutableArray<string> Notes)
{
    /// <summary>Where the time went, in order.</summary>
    public ImmutableArray<PhaseTime> Phases { get; init; } = [];
}
