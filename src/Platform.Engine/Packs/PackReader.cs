using System.Collections.Immutable;
using System.Text;
using Platform.Engine.Metadata;

namespace Platform.Engine.Packs;

/// <summary>Reads a pack from a folder.</summary>
public static class PackReader
{
    /// <summary>Largest file, in bytes.</summary>
    public const int LargestFile = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// Reads metadata and scripts (<c>.json</c>, <c>.csx</c>, <c>.js</c>). What people and tests keep beside them stays
    /// out: <c>.md</c> files and pictures, <c>LICENSE</c> and <c>NOTICE</c>, hidden files and folders, <c>tests/</c>.
    /// </summary>
    /// <param name="directory">The folder that holds <c>pack.json</c>.</param>
    /// <exception cref="MetadataException">The folder is missing, or files have no place in a pack, are empty, too large, no UTF-8 text, or links to outside; all of them at once.</exception>
    public static async Task<PackFiles> ReadAsync(string directory, CancellationToken ct)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (!Directory.Exists(root)) throw new MetadataException([new(directory, "", "There is no such folder.", "Name the folder that holds pack.json.")]);
        var files = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var errors = new List<MetadataError>();
        foreach (var path in Enumerate(root, root, errors))
        {
            var name = NameOf(root, path);
            if (await ReadTextAsync(root, path, errors, ct) is { } text) files[name] = text;
        }

        if (errors.Count > 0) throw new MetadataException([.. errors.OrderBy(error => error.File, StringComparer.Ordinal)]);
        return new PackFiles(Path.TrimEndingDirectorySeparator(directory), files.ToImmutable());
    }

    /// <summary>Full paths of the files in a folder that <see cref="ReadAsync"/> would read; those behind links to folders are none of them.</summary>
    public static IEnumerable<string> FilesIn(string directory)
    {
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        return Enumerate(root, root, []);
    }

    private static IEnumerable<string> Enumerate(string root, string folder, List<MetadataError> errors)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (name.StartsWith('.')) continue;
            if (Directory.Exists(path))
            {
                if (folder == root && name == "tests") continue;
                // Links to folders are not followed: they may lead outside or in circles.
                if (new DirectoryInfo(path).LinkTarget is not null) errors.Add(new($"{root}/{NameOf(root, path)}", "", "A link to a folder.", "Put the folder itself into the pack."));
                else foreach (var file in Enumerate(root, path, errors)) yield return file;
            }
            else if (Path.GetExtension(name) is ".json" or ".csx" or ".js")
            {
                yield return path;
            }
            else if (!IsForPeople(name))
            {
                errors.Add(new($"{root}/{NameOf(root, path)}", "", "This file has no place in a pack.", "A pack holds .json, .csx and .js files; beside them it may have .md files, pictures, LICENSE, NOTICE, hidden files and tests/."));
            }
        }
    }

    private static bool IsForPeople(string name) =>
        Path.GetExtension(name).ToLowerInvariant() is ".md" or ".png" or ".jpg" or ".jpeg" or ".gif" or ".svg" or ".webp"
        || Path.GetFileNameWithoutExtension(name) is "LICENSE" or "NOTICE" && Path.GetExtension(name) is "" or ".txt";

    private static async Task<string?> ReadTextAsync(string root, string path, List<MetadataError> errors, CancellationToken ct)
    {
        string? Fail(string reason, string hint)
        {
            errors.Add(new($"{root}/{NameOf(root, path)}", "", reason, hint));
            return null;
        }

        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            if (TargetOf(file) is not { } target) return Fail("A link that leads in circles.", "Put the file itself into the pack.");
            if (target is not FileInfo { Exists: true } inside) return Fail("A link to nothing.", "Put the file itself into the pack.");
            if (!inside.FullName.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) return Fail("A link to a file outside the pack.", "Put the file itself into the pack.");
            file = inside;
        }

        // To open a pipe would wait until somebody writes into it.
        if (file.Length == 0) return Fail("The file is empty, or it is none: a pipe, a socket, a device.", "Put the file itself into the pack, or take it out.");
        if (file.Length > LargestFile) return Fail($"The file has {file.Length} bytes.", $"A file of a pack has at most {LargestFile} bytes; split it.");
        try
        {
            return StrictUtf8.GetString(await File.ReadAllBytesAsync(file.FullName, ct)).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException broken)
        {
            return Fail($"The file is no UTF-8 text: byte {broken.Index} cannot be read.", "Save it as UTF-8.");
        }
    }

    /// <returns><c>null</c> when the link leads to itself.</returns>
    private static FileSystemInfo? TargetOf(FileInfo link)
    {
        try
        {
            return link.ResolveLinkTarget(returnFinalTarget: true);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string NameOf(string root, string path) => Path.GetRelativePath(root, path).Replace(Path.DirectorySeparatorChar, '/');
}
