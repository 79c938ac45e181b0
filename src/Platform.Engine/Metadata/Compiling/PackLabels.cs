using System.Text.Json;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>
/// The translations of a pack (<c>labels/ko.json</c>). Readers ask for the labels of whatever they find in the files;
/// an entry that nobody asked for names nothing, which is reported at the end.
/// </summary>
internal sealed class PackLabels
{
    /// <summary>The group of the pack's own title, in which layers have no part.</summary>
    private const string OfPack = "pack";

    private readonly Expected expected = new();
    private readonly List<(string Language, Entry Root)> languages = [];

    /// <summary>Labels of the packs above that may say something about components of this one, the lowest first.</summary>
    private readonly List<PackLabels> above = [];

    /// <summary>Labels of the packs about whose components this one may say something.</summary>
    private readonly List<PackLabels> below = [];

    /// <summary>Lets each pack translate what is below it.</summary>
    /// <param name="packs">In install order.</param>
    public static void Stack(IReadOnlyList<PackDraft> packs)
    {
        foreach (var (at, pack) in packs.Index().Where(entry => entry.Item.Labels.languages.Count > 0))
        {
            foreach (var lower in packs.Take(at).Where(pack.Sees))
            {
                lower.Labels.above.Add(pack.Labels);
                pack.Labels.below.Add(lower.Labels);
            }
        }
    }

    public void Add(string language, JsonNode root) => languages.Add((language, new Entry(root)));

    /// <summary>The label that stands under a path of the label files, with its English text from elsewhere.</summary>
    public Label Read(string english, params ReadOnlySpan<string> path)
    {
        var translations = Translations(path);
        return translations is null ? new Label(english) : new Label(english, translations);
    }

    /// <summary>A label that layers above have under another path than the pack itself, because every pack has one of its own there.</summary>
    public Label ReadShared(string english, ReadOnlySpan<string> own, ReadOnlySpan<string> fromAbove)
    {
        expected.Add(own);
        expected.Add(fromAbove);
        Dictionary<string, string>? translations = null;
        AddTo(ref translations, own);
        foreach (var layer in above) layer.AddTo(ref translations, fromAbove);
        return translations is null ? new Label(english) : new Label(english, translations);
    }

    /// <summary>Translations under a path by language, those of the uppermost layer; <c>null</c> when there are none.</summary>
    public Dictionary<string, string>? Translations(params ReadOnlySpan<string> path)
    {
        expected.Add(path);
        Dictionary<string, string>? translations = null;
        AddTo(ref translations, path);
        if (path[0] is not OfPack) foreach (var layer in above) layer.AddTo(ref translations, path);
        return translations;
    }

    private void AddTo(ref Dictionary<string, string>? translations, ReadOnlySpan<string> path)
    {
        foreach (var (language, root) in languages)
        {
            if (root.Find(path)?.Text is { } text) (translations ??= new(StringComparer.Ordinal))[language] = text;
        }
    }

    /// <summary>Entries below this path are not judged: the file they belong to could not be read.</summary>
    public void Excuse(params ReadOnlySpan<string> path) => expected.Add(path).Excused = true;

    /// <summary>Names that stand in the label files under a path.</summary>
    public IEnumerable<JsonNode> Under(string key) =>
        languages.Select(language => language.Root.Find([key])).OfType<Entry>().SelectMany(group => group.Children.Values).Select(entry => entry.Node);

    public void ReportUnused()
    {
        var known = below.Select(layer => layer.expected).Prepend(expected).ToList();
        foreach (var (_, root) in languages) Report(root, known);
    }

    /// <param name="known">What the readers of this pack and of those below asked for at this place.</param>
    private static void Report(Entry entry, List<Expected> known)
    {
        if (known.Exists(expected => expected.Excused)) return;
        var names = known.SelectMany(expected => expected.Children.Keys);
        if (known.Exists(expected => expected.Children.Count > 0))
        {
            if (!entry.IsGroup)
                entry.Node.Fail($"An object is expected here, found {entry.Node.Found}.", $"Its keys are {string.Join(", ", names.Distinct(StringComparer.Ordinal).Take(8))}.");
        }
        else if (entry.Text is not { Length: > 0 })
        {
            entry.Node.AsText();
            return;
        }

        foreach (var child in entry.Children.Values)
        {
            if (child.Node.Name is "$schema" or "$comment" or "$id") continue;
            var there = known.Select(expected => expected.Children.GetValueOrDefault(child.Node.Name)).OfType<Expected>().ToList();
            if (there.Count > 0) Report(child, there);
            else child.Node.Fail($"'{child.Node.Name}' names nothing in this pack.", Spelling.Hint(child.Node.Name, names.Distinct(StringComparer.Ordinal), "Take it out."));
        }
    }

    /// <summary>A node of a label file.</summary>
    private sealed class Entry(JsonNode node)
    {
        private static readonly Dictionary<string, Entry> None = [];

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
            // Most nodes are texts.
            if (node.Value.ValueKind != JsonValueKind.Object) return None;
            var children = new Dictionary<string, Entry>(StringComparer.Ordinal);
            foreach (var member in node.Members()) children[member.Name] = new Entry(member);
            return children;
        }
    }

    /// <summary>A path that some reader asked for.</summary>
    private sealed class Expected
    {
        private static readonly Dictionary<string, Expected> None = [];

        public bool Excused { get; set; }

        public Dictionary<string, Expected> Children { get; private set; } = None;

        public Expected Add(ReadOnlySpan<string> path)
        {
            var at = this;
            foreach (var key in path)
            {
                if (!at.Children.TryGetValue(key, out var next))
                {
                    if (at.Children == None) at.Children = new(StringComparer.Ordinal);
                    at.Children[key] = next = new Expected();
                }

                at = next;
            }

            return at;
        }
    }
}
