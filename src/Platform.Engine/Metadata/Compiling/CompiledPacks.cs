using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>What a compilation without errors leaves for the next one, which is mostly of the same files.</summary>
/// <param name="Packs">In install order.</param>
/// <param name="ViewExpressions">Of all views.</param>
internal sealed record CompiledPacks(ImmutableArray<CompiledPack> Packs, MetadataSnapshot Snapshot, ImmutableArray<ViewExpression> ViewExpressions);

/// <summary>A pack as it was compiled: what decides how its files are read, and the files.</summary>
/// <param name="StandardTables">Its tables without a prefix.</param>
/// <param name="Visible">Ids of all packs whose tables it may name.</param>
/// <param name="MayRunAsSystem">Its steps may ask for the rights of the system.</param>
internal sealed record CompiledPack(string Id, string Prefix, ImmutableHashSet<string> StandardTables, ImmutableHashSet<string> Visible, bool MayRunAsSystem, ImmutableSortedDictionary<string, string> Files)
{
    public static CompiledPack Of(PackDraft pack) => new(pack.Id, pack.Prefix, [.. pack.StandardTables.Keys], [.. pack.Visible], pack.MayRunAsSystem, pack.Files.Files);

    /// <summary>The same text in a file is read the same way.</summary>
    public bool ReadsAs(PackDraft pack) => !pack.Broken && Id == pack.Id && Prefix == pack.Prefix && StandardTables.SetEquals(pack.StandardTables.Keys) && Visible.SetEquals(pack.Visible) && MayRunAsSystem == pack.MayRunAsSystem;
}
