using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;

namespace Platform.Cli;

/// <summary>The packs that have to be read to check some of them: those, what they depend on, and core.</summary>
internal static class PackSet
{
    /// <summary><c>metadata/core</c> above the first folder or above the program; <c>null</c> when there is none.</summary>
    public static string? FindCore(IReadOnlyList<string> folders)
    {
        foreach (var start in (string[])[folders[0], AppContext.BaseDirectory])
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var core = Path.Combine(folder.FullName, "metadata", "core");
                if (File.Exists(Path.Combine(core, "pack.json"))) return core;
            }
        }

        return null;
    }

    /// <summary>Core first, then each pack after those it depends on. A dependency is looked for beside the pack that names it.</summary>
    public static async Task<IReadOnlyList<PackFiles>> ReadAsync(string core, IReadOnlyList<string> folders, CancellationToken ct)
    {
        var packs = new List<PackFiles>();
        var read = new HashSet<string>(StringComparer.Ordinal);
        await AddAsync(core);
        foreach (var folder in folders) await AddAsync(folder);
        return packs;

        async Task AddAsync(string folder)
        {
            if (!read.Add(Path.TrimEndingDirectorySeparator(folder))) return;
            var pack = await PackReader.ReadAsync(folder, ct);
            foreach (var needed in Dependencies(pack))
            {
                var beside = Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(folder))!, needed);
                if (needed != "core" && Directory.Exists(beside)) await AddAsync(beside);
            }

            packs.Add(pack);
        }
    }

    /// <summary>Ids that <c>pack.json</c> names; nothing when it is malformed, which the compiler reports.</summary>
    private static List<string> Dependencies(PackFiles pack)
    {
        try
        {
            using var manifest = JsonDocument.Parse(pack.Files.GetValueOrDefault("pack.json", "{}"));
            return manifest.RootElement.ValueKind == JsonValueKind.Object
                && manifest.RootElement.TryGetProperty("dependencies", out var dependencies)
                && dependencies.ValueKind == JsonValueKind.Object
                ? [.. dependencies.EnumerateObject().Select(dependency => dependency.Name)]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
