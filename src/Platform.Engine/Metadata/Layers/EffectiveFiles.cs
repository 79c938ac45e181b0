using System.Collections.Immutable;
using Platform.Engine.Metadata.Compiling;

namespace Platform.Engine.Metadata.Layers;

/// <summary>The files of packs as all layers together make them.</summary>
internal static class EffectiveFiles
{
    /// <param name="packs">In any order.</param>
    /// <returns>
    /// In install order, with their ids. A file that declares components has what other layers say about them; one that
    /// only says something about components of others is gone; all others are the very texts that were given.
    /// </returns>
    public static ImmutableArray<(string Id, PackFiles Pack)> Of(IEnumerable<PackFiles> packs)
    {
        var unheard = new ErrorList();
        var drafts = PackOrder.Sort([.. packs.Select(files => ManifestReader.Read(files, unheard, withLabels: false))], unheard);
        LayerStack.Merge(drafts, SettledTables.None);
        return [.. drafts.Select(draft => (draft.Id, Merged(draft)))];
    }

    private static PackFiles Merged(PackDraft draft)
    {
        var extensions = draft.Files.Files.Where(file => LayerPath.MayExtend(file.Key) && !LayerPath.IsTable(file.Key) && LayerPath.Extends(file.Value)).Select(file => file.Key).ToList();
        if (draft.Layered.Count == 0 && extensions.Count == 0) return draft.Files;
        var files = draft.Files.Files.ToBuilder();
        foreach (var (path, value) in draft.Layered) files[path] = value.ToText();
        files.RemoveRange(extensions);
        return draft.Files with { Files = files.ToImmutable() };
    }
}
