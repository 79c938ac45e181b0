using Platform.Engine.Metadata;
using Platform.Engine.Packs;

namespace Platform.Server.Start;

/// <summary>The folders of all packs while they are read, which goes on beside the opening of the database; which of them count is known when that is done.</summary>
internal sealed class FolderReads
{
    private readonly Task<PackFiles> core;
    private readonly List<(string Id, Task<PackFiles> Files)> plugins;

    private FolderReads(Task<PackFiles> core, List<(string Id, Task<PackFiles> Files)> plugins) => (this.core, this.plugins) = (core, plugins);

    public static FolderReads Begin(PackFolders folders, CancellationToken ct)
    {
        return new(ReadAsync(folders.Core), [.. folders.PluginPacks().Select(folder => (Path.GetFileName(folder), ReadAsync(folder)))]);

        Task<PackFiles> ReadAsync(string folder) => Task.Run(() => PackReader.ReadAsync(folder, ct), ct);
    }

    /// <summary>Core, and of the other packs those that are meant, in the order of their names.</summary>
    /// <exception cref="MetadataException">One of these cannot be read; what is wrong with the others is not told.</exception>
    public async Task<IReadOnlyList<PackFiles>> OfAsync(Predicate<string> isMeant)
    {
        var packs = new List<PackFiles> { await core };
        foreach (var (id, files) in plugins)
        {
            if (isMeant(id)) packs.Add(await files);
        }

        return packs;
    }
}
