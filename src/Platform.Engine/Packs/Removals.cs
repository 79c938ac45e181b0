using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Usage;
using Platform.Engine.Packs.Customization;

namespace Platform.Engine.Packs;

/// <summary>Components that a change takes out although what stays refers to them. Beside what the compiler says about each place, one error names all of them.</summary>
internal static class Removals
{
    /// <param name="changes">What becomes of the components.</param>
    /// <param name="metadata">Of the version that would be in force; <c>null</c> when the compiler refuses it.</param>
    public static ImmutableArray<UsedRemoval> StillUsed(ImmutableArray<ComponentChange> changes, PackSet before, PackSet next, MetadataSnapshot? metadata)
    {
        var gone = changes.Where(change => change.Change == ComponentChangeKind.Removed && !IsThere(change.Component, metadata)).ToList();
        if (gone.Count == 0) return [];
        var index = UsageIndex.Of(next.Packs, before.Packs);
        return [.. gone.Select(change => Removal(change, before, [.. index.Of(change.Component).Where(use => use.IsCertain)])).OfType<UsedRemoval>()];
    }

    private static UsedRemoval? Removal(ComponentChange change, PackSet before, ImmutableArray<ComponentUse> uses) => uses.IsEmpty
        ? null
        : new UsedRemoval(
            new MetadataError(
                before.PathOf(change.Pack, ComponentAddress.TryParse(change.Component)?.NewPath ?? ""),
                "",
                $"'{change.Component}' is taken out, but {(uses.Length == 1 ? "one place refers" : $"{uses.Length} places refer")} to it.",
                $"Take it out there first: {string.Join("; ", uses)}."),
            uses);

    // A column that a file no longer declares may be one that every table has.
    private static bool IsThere(string component, MetadataSnapshot? metadata) =>
        component.Split('/') is ["attribute", var entity, var attribute] && metadata?.Find(entity)?.Find(attribute) is not null;
}

/// <summary>A component that is taken out and still used.</summary>
/// <param name="Error">Names all who use it.</param>
internal sealed record UsedRemoval(MetadataError Error, ImmutableArray<ComponentUse> Uses)
{
    /// <summary>The error is about a place that uses the component: it says the same in other words.</summary>
    public bool Explains(MetadataError error, PackSet packs) => Uses.Any(use => use.Place == error.Pointer && packs.PathOf(use.Pack, use.File) == error.File);
}
