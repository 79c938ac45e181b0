using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Platform.Cli.NewPack;

/// <summary>The files of a new pack; they stand beside this one under <c>Template</c>, with words in double braces to be filled in.</summary>
internal sealed partial class PackTemplate(string id, string prefix, string title, string publisher)
{
    private const string Files = "new-pack/", Schemas = "schema/";

    /// <summary>Stands for the prefix in the names of files.</summary>
    private const string PrefixInNames = "prefix_";

    /// <summary>Folder in the pack for the schemas, where none are above it; hidden, so it is no part of the pack.</summary>
    private const string OwnSchemas = ".schema";

    public static bool IsPrefix(string text) => Prefix().IsMatch(text);

    public static bool IsId(string text) => Id().IsMatch(text) && text is not ("core" or "customization");

    /// <summary><c>site-visits</c> as <c>Site visits</c>.</summary>
    public static string TitleOf(string id) => $"{char.ToUpperInvariant(id[0])}{id[1..].Replace('-', ' ').TrimEnd()}";

    /// <returns>Paths inside the folder of what was written.</returns>
    public async Task<IReadOnlyList<string>> WriteAsync(string folder, CancellationToken ct)
    {
        var written = new List<string>();
        var schemas = FindSchemas(folder);
        foreach (var (name, text) in Resources(Files))
        {
            var path = name.Replace(PrefixInNames, $"{prefix}_", StringComparison.Ordinal);
            var file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            var schema = Path.GetRelativePath(Path.GetDirectoryName(file)!, schemas ?? Path.Combine(folder, OwnSchemas)).Replace(Path.DirectorySeparatorChar, '/');
            await File.WriteAllTextAsync(file, Fill(text, schema, folder, isJson: path.EndsWith(".json", StringComparison.Ordinal)), ct);
            written.Add(path);
        }

        if (schemas is null) await CopySchemasAsync(Path.Combine(folder, OwnSchemas), ct);
        return written;
    }

    private string Fill(string text, string schema, string folder, bool isJson)
    {
        // Titles are free text; the other words are names that JSON takes as they are.
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["id"] = id, ["prefix"] = prefix, ["role"] = Guid.CreateVersion7().ToString("D"), ["schema"] = schema, ["folder"] = Path.GetFileName(folder),
            ["title"] = isJson ? Escape(title) : title,
            ["publisher"] = isJson ? Escape(publisher) : publisher,
        };
        return Word().Replace(text, word => values[word.Groups[1].Value]);
    }

    private static string Escape(string text) => JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    /// <summary><c>metadata/schema</c> above the folder; <c>null</c> when there is none.</summary>
    private static string? FindSchemas(string folder)
    {
        for (var above = new DirectoryInfo(folder).Parent; above is not null; above = above.Parent)
        {
            var schemas = Path.Combine(above.FullName, "metadata", "schema");
            if (File.Exists(Path.Combine(schemas, "pack.schema.json"))) return schemas;
        }

        return null;
    }

    private static async Task CopySchemasAsync(string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, text) in Resources(Schemas)) await File.WriteAllTextAsync(Path.Combine(folder, name), text, ct);
    }

    private static IEnumerable<(string Name, string Text)> Resources(string under)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.StartsWith(under, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            yield return (resource[under.Length..], reader.ReadToEnd());
        }
    }

    [GeneratedRegex(@"^[a-z][a-z0-9]{1,7}\z")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,62}\z")]
    private static partial Regex Id();

    [GeneratedRegex(@"\{\{([a-z]+)\}\}")]
    private static partial Regex Word();
}
