using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Which file of a pack is what, told by its path.</summary>
internal sealed partial class PackLayout
{
    /// <summary>Folders of tables by logical name, in the order of their names.</summary>
    private readonly SortedDictionary<string, TableFolder> tables = new(StringComparer.Ordinal);

    /// <summary>Folders of custom APIs by unique name, in the order of their names.</summary>
    private readonly SortedDictionary<string, ApiFolder> apis = new(StringComparer.Ordinal);

    public PackLayout(PackFiles pack)
    {
        foreach (var path in pack.Files.Keys)
        {
            if (!Sort(path)) Unknown.Add(path);
        }
    }

    public IReadOnlyCollection<TableFolder> Tables => tables.Values;

    public IReadOnlyCollection<ApiFolder> Apis => apis.Values;

    public List<string> Choices { get; } = [];

    public List<string> Relationships { get; } = [];

    public List<string> Roles { get; } = [];

    public List<string> Data { get; } = [];

    /// <summary>Label files by language.</summary>
    public SortedDictionary<string, string> Labels { get; } = new(StringComparer.Ordinal);

    public string? SiteMap { get; private set; }

    /// <summary>Files that can only extend a component of another pack, and have not been taken out as such.</summary>
    public List<string> Extensions { get; } = [];

    /// <summary>Files that the format does not know.</summary>
    public List<string> Unknown { get; } = [];

    /// <summary>Leaves a file to the layers below, which it extends.</summary>
    public void TakeOut(string path)
    {
        foreach (var list in new[] { Choices, Relationships, Roles, Extensions }) list.Remove(path);
        foreach (var table in tables.Values)
        {
            table.Forms.Remove(path);
            table.Views.Remove(path);
        }
    }

    /// <summary>Reports files that extend nothing although only that makes sense of them.</summary>
    public void ReportStrayExtensions(PackDraft pack)
    {
        foreach (var file in Extensions) pack.Fail(file, "The file declares nothing and extends nothing.", "A pack's own app stands in app/sitemap.json; to add to one of another pack, write \"x-extends\": \"<app>\" in app/<app>.json.");
    }

    public void ReportUnknown(PackDraft pack)
    {
        const string known = "A pack holds pack.json, entities/<table>/entity.json with forms/, views/, steps.json and scripts, apis/<name>/api.json with steps.json and scripts, choices/, relationships/, roles/, app/sitemap.json, data/<nn>-<entity>.json, labels/<language>.json and tests/.";
        foreach (var file in Unknown) pack.Fail(file, "This file has no place in a pack.", known);
    }

    private bool Sort(string path)
    {
        var parts = path.Split('/');
        switch (parts)
        {
            case [PackDraft.ManifestFile]:
                return true;
            case ["app", "sitemap.json"]:
                SiteMap = path;
                return true;
            // Says something about an app of another pack.
            case ["app", var file] when IsJson(file):
                Extensions.Add(path);
                return true;
            case ["choices", var file] when IsJson(file):
                Choices.Add(path);
                return true;
            case ["relationships", var file] when IsJson(file):
                Relationships.Add(path);
                return true;
            case ["roles", var file] when IsJson(file):
                Roles.Add(path);
                return true;
            case ["data", var file] when SeedName().IsMatch(file):
                Data.Add(path);
                return true;
            case ["labels", var file] when LanguageName().Match(file) is { Success: true } name && name.Groups[1].Value != Label.EnglishLanguage:
                Labels[name.Groups[1].Value] = path;
                return true;
            case ["entities", var table, .. var rest]:
                return SortTable(table, rest, path);
            case ["apis", var api, .. var rest]:
                return SortApi(api, rest, path);
            default:
                return false;
        }
    }

    private bool SortApi(string api, string[] rest, string path)
    {
        if (!apis.TryGetValue(api, out var folder)) apis[api] = folder = new ApiFolder(api);
        switch (rest)
        {
            case ["api.json"]:
                folder.Definition = path;
                return true;
            case ["steps.json"]:
                folder.Steps = path;
                return true;
            case [var file] when StepFolder.IsScript(file):
                folder.Scripts.Add(file);
                return true;
            default:
                return false;
        }
    }

    private bool SortTable(string table, string[] rest, string path)
    {
        if (!tables.TryGetValue(table, out var folder)) tables[table] = folder = new TableFolder(table);
        switch (rest)
        {
            case ["entity.json"]:
                folder.Definition = path;
                return true;
            case ["steps.json"]:
                folder.Steps = path;
                return true;
            case ["forms", var file] when IsJson(file):
                folder.Forms.Add(path);
                return true;
            case ["views", var file] when IsJson(file):
                folder.Views.Add(path);
                return true;
            case [var file] when StepFolder.IsScript(file):
                folder.Scripts.Add(file);
                return true;
            default:
                return false;
        }
    }

    /// <summary>The file's name without folders and ending.</summary>
    public static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    private static bool IsJson(string file) => file.EndsWith(".json", StringComparison.Ordinal);

    [GeneratedRegex(@"^[0-9]+-[a-z0-9_-]+\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex SeedName();

    [GeneratedRegex(@"^([a-z]{2})\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageName();
}
