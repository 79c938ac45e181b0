using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Packs.Customization;

/// <summary>Packs with a customization that fits them.</summary>
/// <param name="Packs">What is not decided yet is as the packs have it where they took something away, and else as the customization has it.</param>
/// <param name="Conflicts">What had to be decided.</param>
/// <param name="Dependents">What of the customization stood on components that are taken out; here it is out, too.</param>
/// <param name="Refusals">Decisions that cannot be carried out.</param>
/// <param name="Notes">Sentences for the person who publishes.</param>
internal sealed record MergedPacks(
    PackSet Packs, ImmutableArray<LayerConflict> Conflicts, ImmutableArray<DependentPart> Dependents, ImmutableArray<MetadataError> Refusals, ImmutableArray<string> Notes)
{
    public static MergedPacks Unmerged(PackSet packs) => new(packs, [], [], [], []);
}
