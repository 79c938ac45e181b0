using System.Text.Json;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>
/// The translations of a pack (<c>labels/ko.json</c>). Readers ask for the labels of whatever they find in the files;
/// an entry that nobody asked for names nothing, which is reported at the end.
/// </summary>
internal sealed class PackLabels
{
    private readonly Expected expected = new();
    private readonly List<(string Language, Entry Root)> languages = [];

    public void Add(string language, JsonNode root) => languages.Add((language, new Entry(root)));

    /// <summary>The label that stands under a path of the label files, with its English text from elsewhere.</summary>
    public Label Read(string english, params ReadOnlySpan<string> path)
    {
        var translations = Translations(path);
        return translations is null ? new Label(english) : new Label(english, translations);
    }

    /// <summary>Translations under a path by language; <c>null</c> when there are none.</summary>
    public Dictionary<string, string>? Translations(params ReadOnlySpan<string> path)
    {
        expected.Add(path);
        Dictionary<string, string>? translations = null;
        foreach (var (language, root) in languages)
        {
            if (root.Find(path)?.Text is { } text) (translations ??= new(StringComparer.Ordinal))[language] = text;
        }

        return translations;
    }

    /// <summary>Entries below this path are not judged: the file they belong to could not be read.</summary>
    public void Excuse(params ReadOnlySpan<string> path) => expected.Add(path).Excused = true;

    /// <summary>Names that stand in the label files under a path.</summary>
    public IEnumerable<JsonNode> Under(string key) =>
        languages.Select(language => language.Root.Find([key])).OfType<Entry>().SelectMany(group => group.Children.Values).Select(entry => entry.Node);

    public void ReportUnused()
    {
        foreach (var (_, root) in languages) Report(root, expected);
    }

    private static void Report(Entry entry, Expected expected)
    {
        if (expected.Excused) return;
        var isGroup = expected.Children.Count > 0;
        if (isGroup && !entry.IsGroup)
        {
            entry.Node.Fail($"An object is expected here, found {entry.Node.Found}.", $"Its keys are {string.Join(", ", expected.Children.Keys.Take(8))}.");
            return;
        }

        if (!isGroup)
        {
            if (entry.Text is not { Length: > 0 }) entry.Node.AsText();
            return;
        }

        foreach (var child in entry.Children.Values)
        {
            if (child.Node.Name is "$schema" or "$comment" or "$id") continue;
            if (expected.Children.TryGetValue(child.Node.Name, out var known)) Report(child, known);
            else child.Node.Fail($"'{child.Node.Name}' names nothing in this pack.", Spelling.Hint(child.Node.Name, expected.Children.Keys, "Take it out."));
        }
    }

    /// <summary>A node of a label file.</summary>
    private sealed class Entry(JsonNode node)
    {
        public JsonNode Node { get; } = node;

        public bool IsGroup => Node.Value.ValueKind == JsonValueKind.Object;

        public string? Text { get; } = node.IsText ? node.Value.GetString() : null;

        public Dictionary<string, Entry> Children { get; } = ChildrenOf(node);

        public Entry? Find(ReadOnlySpan<string> path)
        {
            var entry = this;
            foreach (var key in path)
            {
                if (!entry.Children.TryGetValue(key, out entry)) return null;
            }

            return entry;
        }

        private static Dictionary<string, Entry> ChildrenOf(JsonNode node)
        {
            var children = new Dictionary<string, Entry>(StringComparer.Ordinal);
            if (node.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in node.Members()) children[member.Name] = new Entry(member);
            }

            return children;
        }
    }

    /// <summary>A path that some reader asked for.</summary>
    private sealed class Expected
    {
        public bool Excused { get; set; }

        public Dictionary<string, Expected> Children { get; } = new(StringComparer.Ordinal);

        public Expected Add(ReadOnlySpan<string> path)
        {
            var at = this;
            foreach (var key in path)
            {
                if (!at.Children.TryGetValue(key, out var next)) at.Children[key] = next = new Expected();
                at = next;
            }

            return at;
        }
    }
}
