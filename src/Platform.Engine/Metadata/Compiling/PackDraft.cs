using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>A pack while it is compiled: its manifest, where its files are, its translations.</summary>
internal sealed class PackDraft(PackFiles files, string id, ErrorList errors)
{
    public const string Core = "core";

    public const string ManifestFile = "pack.json";

    public PackFiles Files { get; } = files;

    public string Id { get; } = id;

    public ErrorList Errors { get; } = errors;

    public bool IsCore => Id == Core;

    public Version Version { get; set; } = new(0, 0, 0);

    /// <summary>Without the underscore; empty for core.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The manifest could not be read: no prefix to check names against, no dependencies to judge references by.</summary>
    public bool Broken { get; set; }

    public Label Title { get; set; } = id;

    public Label? Description { get; set; }

    public PackLabels Labels { get; } = new();

    /// <summary>Patterns of columns by their text: making one costs as much as reading a small file, and many columns share one.</summary>
    public Dictionary<string, Regex> Patterns { get; } = new(StringComparer.Ordinal);

    public PackLayout Layout { get; } = new(files);

    public List<PackDependency> Dependencies { get; } = [];

    /// <summary>Ids of all packs whose tables this one may name: itself, core, what it depends on, and what those depend on.</summary>
    public HashSet<string> Visible { get; } = new(StringComparer.Ordinal) { id, Core };

    /// <summary>The name carries the publisher's prefix, or the pack has none.</summary>
    public bool MayName(string name) => Broken || Prefix.Length == 0 || name.StartsWith($"{Prefix}_", StringComparison.Ordinal);

    /// <summary>Parses a JSON file of the pack; <c>null</c> when it is broken.</summary>
    public JsonNode? Parse(string file) => JsonFile.Parse(Files, file, Errors);

    /// <summary>Parses a file that holds one object.</summary>
    public JsonObject? Open(string file) => JsonObject.Open(Parse(file));

    public void Fail(string file, string reason, string hint) => Errors.Add($"{Files.Origin}/{file}", "", reason, hint);

    public PackDefinition Build(IEnumerable<SeedFile> seeds) => new(Id, Version.ToString(3), Prefix, Title, Description, [.. seeds]);
}

/// <param name="Node">Where the manifest says it.</param>
/// <param name="AtLeast"><c>null</c> when the range could not be read.</param>
internal sealed record PackDependency(JsonNode Node, string Id, Version? AtLeast);
