namespace Platform.Server.Start;

/// <summary>Where packs are read from.</summary>
/// <param name="Core">Folder of the base tables.</param>
/// <param name="Plugins">Folder that has one folder per pack; may be absent.</param>
internal sealed record PackFolders(string Core, string Plugins)
{
    /// <summary>
    /// The folders next to the program (published) or of the source tree around it. Searched upwards from the program,
    /// not from the current folder: what runs must not depend on where it was started.
    /// </summary>
    public static PackFolders Found()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var core = Path.Combine(folder.FullName, "metadata", "core");
            if (File.Exists(Path.Combine(core, "pack.json"))) return new PackFolders(core, Path.Combine(folder.FullName, "plugins"));
        }

        return new PackFolders(Path.Combine(AppContext.BaseDirectory, "metadata", "core"), Path.Combine(AppContext.BaseDirectory, "plugins"));
    }

    /// <summary>Folders of the packs beside core, in the order of their names.</summary>
    public IReadOnlyList<string> PluginPacks() =>
        Directory.Exists(Plugins)
            ? [.. Directory.EnumerateDirectories(Plugins).Where(folder => File.Exists(Path.Combine(folder, "pack.json"))).Order(StringComparer.Ordinal)]
            : [];
}
