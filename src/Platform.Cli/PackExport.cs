using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Engine.Packs;

namespace Platform.Cli;

/// <summary>
/// Writes an installed pack into a folder, which then holds that pack and no file of an earlier one. What people keep
/// beside the files of a pack (README, pictures, <c>tests/</c>, hidden files and folders) stays as it is.
/// </summary>
/// <param name="root">Full path of the pack's folder.</param>
internal sealed class PackExport(string root, string id, JsonObject files)
{
    private const string Manifest = "pack.json";

    public string Root => root;

    /// <summary>Looks whether the pack can be written, before anything is.</summary>
    /// <exception cref="CommandException">The folder holds something else, or a file would be written outside of it.</exception>
    public void Check()
    {
        foreach (var (file, _) in files) PathOf(file);
        if (!Directory.Exists(root) || !PackReader.FilesIn(root).Any()) return;
        // A folder with files of a pack is overwritten only when the pack is the same one.
        if (ReadId() is { } other && other == id) return;
        throw new CommandException($"{root} holds files and not the pack '{id}'.", "Nothing was written. Name another folder, or empty this one.");
    }

    public async Task WriteAsync(CancellationToken ct)
    {
        var targets = files.ToDictionary(file => PathOf(file.Key), file => (string)file.Value!, StringComparer.Ordinal);
        foreach (var (path, text) in targets)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            // Moved into place: whatever has the name, a link or a pipe too, is replaced and not written through.
            var written = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.CreateVersion7():N}");
            await File.WriteAllTextAsync(written, text, ct);
            File.Move(written, path, overwrite: true);
        }

        foreach (var stale in PackReader.FilesIn(root).Where(file => !targets.ContainsKey(file)).ToList()) Remove(stale);
    }

    private string PathOf(string file)
    {
        var path = Path.GetFullPath(Path.Combine(root, file));
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new CommandException($"The server sent a file outside its pack: {file}.");
        for (var folder = Path.GetDirectoryName(path)!; folder.Length >= root.Length; folder = Path.GetDirectoryName(folder)!)
        {
            if (new DirectoryInfo(folder).LinkTarget is not null) throw new CommandException($"{folder} is a link.", "Nothing was written. Name a folder without links in it.");
        }

        return path;
    }

    private string? ReadId()
    {
        var manifest = new FileInfo(Path.Combine(root, Manifest));
        if (!manifest.Exists || manifest.Length == 0 || manifest.Length > PackReader.LargestFile) return null;
        try
        {
            return JsonNode.Parse(File.ReadAllText(manifest.FullName)) is JsonObject json && json["id"] is JsonValue text && text.TryGetValue<string>(out var id) ? id : null;
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Removes a file, and the folders that are empty without it.</summary>
    private void Remove(string file)
    {
        File.Delete(file);
        for (var folder = Path.GetDirectoryName(file)!; folder != root && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!) Directory.Delete(folder);
    }
}
