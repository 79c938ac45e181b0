using System.Text.Json;
using Platform.Engine.Metadata.Compiling;

namespace Platform.Engine.Metadata.Layers;

/// <summary>Which files of packs can say something about components of layers below.</summary>
internal static class LayerPath
{
    public const string SiteMap = "app/sitemap.json";

    public static bool MayExtend(string path) => path.Split('/') switch
    {
        ["entities", _, "entity.json"] => true,
        ["entities", _, "forms" or "views", _] => true,
        ["choices" or "roles" or "relationships", _] => true,
        ["app", _] => path != SiteMap,
        _ => false,
    };

    public static bool IsTable(string path) => path.StartsWith("entities/", StringComparison.Ordinal) && path.EndsWith("/entity.json", StringComparison.Ordinal);

    /// <summary>Name of the component that the file extends.</summary>
    public static string NameOf(string path) => IsTable(path) ? path.Split('/')[1] : PackLayout.NameOf(path);

    /// <summary>Where the pack that has the file keeps the labels of what is in it.</summary>
    public static string[] LabelPath(string path) => path.Split('/') switch
    {
        ["entities", var table, "forms" or "views", _] => ["entities", table, path.Split('/')[2], NameOf(path)],
        ["entities", var table, ..] => ["entities", table],
        ["app", ..] => ["app"],
        [var kind, _] => [kind, NameOf(path)],
        _ => [path],
    };

    /// <summary>What the file is, with an article.</summary>
    public static string Word(string path) => path.Split('/') switch
    {
        ["entities", var table, "forms", _] => $"for '{table}' a form",
        ["entities", var table, "views", _] => $"for '{table}' a view",
        ["entities", _, _] => "an entity",
        ["choices", _] => "a choice",
        ["roles", _] => "a role",
        ["relationships", _] => "an N:N relationship",
        _ => "an app",
    };

    /// <summary>The file in which a pack declares the component that a file of another pack extends; <c>null</c> when it does not.</summary>
    public static string? BaseIn(PackDraft pack, string path)
    {
        if (path.StartsWith("app/", StringComparison.Ordinal)) return DeclaresApp(pack.Files, NameOf(path)) ? SiteMap : null;
        return pack.Files.Files.TryGetValue(path, out var text) && !Extends(text) ? path : null;
    }

    /// <summary>The file extends a component instead of declaring one.</summary>
    public static bool Extends(string text)
    {
        if (!text.Contains($"\"{Overlay.Extends}\"", StringComparison.Ordinal)) return false;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(Overlay.Extends, out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The site map of the files is that of the app.</summary>
    public static bool DeclaresApp(PackFiles files, string name)
    {
        if (!files.Files.TryGetValue(SiteMap, out var text)) return false;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("name", out var known)
                && known.ValueKind == JsonValueKind.String
                && known.GetString() == name;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
