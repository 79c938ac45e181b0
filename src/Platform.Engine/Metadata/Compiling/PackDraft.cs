using System.Text.RegularExpressions;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>A pack while it is compiled: its manifest, where its files are, its translations.</summary>
internal sealed class PackDraft(PackFiles files, string id, ErrorList errors)
{
    public const string Core = "core";

    public const string ManifestFile = "pack.json";

    /// <summary>Files that other layers have a part in, or that have a part in others, by path.</summary>
    private readonly Dictionary<string, LayeredValue> layered = new(StringComparer.Ordinal);

    public PackFiles Files { get; } = files;

    public string Id { get; } = id;

    public ErrorList Errors { get; } = errors;

    public bool IsCore => Id == Core;

    public bool IsCustomization => Id == PackDefinition.Customization;

    public Version Version { get; set; } = new(0, 0, 0);

    /// <summary>Without the underscore; empty for core and the customization.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The manifest asks for steps that run with the rights of the system.</summary>
    public bool MayRunAsSystem { get; set; }

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

    /// <summary>Tables of the pack that have no prefix because clients know them by their names, with the place where the manifest says so.</summary>
    public Dictionary<string, JsonNode> StandardTables { get; } = new(StringComparer.Ordinal);

    /// <summary>Custom APIs of the pack that have no prefix because clients know them by their names, with the place where the manifest says so.</summary>
    public Dictionary<string, JsonNode> StandardApis { get; } = new(StringComparer.Ordinal);

    /// <summary>The table, its columns, entity set and primary key need no prefix.</summary>
    public bool IsStandard(string table) => StandardTables.ContainsKey(table);

    /// <summary>The name carries the publisher's prefix, or the pack has none.</summary>
    public bool MayName(string name) => Broken || Prefix.Length == 0 || name.StartsWith($"{Prefix}_", StringComparison.Ordinal);

    /// <summary>Files with what other layers make of them, by path.</summary>
    public IReadOnlyDictionary<string, LayeredValue> Layered => layered;

    /// <summary>Parses a JSON file of the pack; <c>null</c> when it is broken. Where layers share it, as all of them together have it.</summary>
    public JsonNode? Parse(string file) => layered.TryGetValue(file, out var value)
        ? value.ToNode(value.Place.File)
        : JsonFile.Parse(Files, file, Errors, this);

    /// <summary>Makes this stand for the file from now on.</summary>
    public void Replace(string file, LayeredValue value) => layered[file] = value;

    /// <summary>May name what that pack declares: it is core, the pack itself, or one that it depends on.</summary>
    public bool Sees(PackDraft other) => Broken || other.Broken || Visible.Contains(other.Id);

    /// <summary>Parses a file that holds one object.</summary>
    public JsonObject? Open(string file) => JsonObject.Open(Parse(file));

    public void Fail(string file, string reason, string hint) => Errors.Add($"{Files.Origin}/{file}", "", reason, hint);

    public PackDefinition Build(IEnumerable<SeedFile> seeds) => new(Id, Version.ToString(3), Prefix, Title, Description, [.. seeds]);
}

/// <param name="Node">Where the manifest says it.</param>
/// <param name="AtLeast"><c>null</c> when the range could not be read.</param>
internal sealed record PackDependency(JsonNode Node, string Id, Version? AtLeast);
