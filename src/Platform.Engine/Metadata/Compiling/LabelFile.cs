using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>A label file of a pack (<c>labels/ko.json</c>), or a part of it.</summary>
/// <param name="Language">Two letters.</param>
/// <param name="Root">The file, for errors.</param>
internal readonly record struct LabelFile(string Language, JsonNode Root, TranslatedEntry Entry)
{
    // By the instance of the text: label files are the largest of a pack, and most publishes leave them as they are.
    private static readonly ConditionalWeakTable<string, Content> Known = [];

    /// <summary>Reads a file; <c>null</c> when it is broken, which is reported.</summary>
    public static LabelFile? Read(PackDraft pack, string language, string path)
    {
        var text = pack.Files.Files[path];
        if (!Known.TryGetValue(text, out var content))
        {
            var before = pack.Errors.Count;
            if (pack.Parse(path) is not { } parsed) return null;
            content = Content.Of(parsed.Value);
            if (pack.Errors.Count == before) Known.AddOrUpdate(text, content);
        }

        var root = JsonFile.Of(pack, path, content.File);
        foreach (var entry in content.LongOnes) LabelText.Check(entry.ToNode(root), entry.Text!, entry.Longest);
        return new LabelFile(language, root, content.Entry);
    }

    /// <summary>The entry with its place in the file, for errors.</summary>
    public JsonNode ToNode() => Entry.ToNode(Root);

    /// <summary>The part under a path; <c>null</c> when there is none.</summary>
    public LabelFile? Find(params ReadOnlySpan<string> path) => Entry.Find(path) is { } entry ? this with { Entry = entry } : null;

    /// <param name="LongOnes">Entries whose texts may be too long.</param>
    private sealed record Content(JsonElement File, TranslatedEntry Entry, List<TranslatedEntry> LongOnes)
    {
        public static Content Of(JsonElement file)
        {
            var longOnes = new List<TranslatedEntry>();
            return new Content(file, TranslatedEntry.Of(file, longOnes), longOnes);
        }
    }
}
