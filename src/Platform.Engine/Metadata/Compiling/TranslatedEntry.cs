using System.Text.Json;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>An entry of a label file: a text, or a group of entries. It knows nothing of the compilation that reads it, so that the next one need not read the file again.</summary>
internal sealed class TranslatedEntry
{
    /// <summary>Most groups hold a title and little else; only a table's columns are many.</summary>
    private const int FewChildren = 8;

    private readonly TranslatedEntry? parent;
    private readonly JsonElement value;
    private readonly TranslatedEntry[] children;
    private readonly Dictionary<string, TranslatedEntry>? byName;

    private TranslatedEntry(TranslatedEntry? parent, string name, JsonElement value, List<TranslatedEntry> longOnes)
    {
        (this.parent, Name, this.value) = (parent, name, value);
        if (value.ValueKind == JsonValueKind.String) Text = value.GetString();
        if (Text?.Length > LabelText.LongestTitle) longOnes.Add(this);
        children = value.ValueKind == JsonValueKind.Object ? ChildrenOf(value, longOnes) : [];
        if (children.Length <= FewChildren) return;
        byName = new(children.Length, StringComparer.Ordinal);
        // A key that stands twice is reported by the parser.
        foreach (var child in children) byName[child.Name] = child;
    }

    public string Name { get; }

    /// <summary><c>null</c> for what is no text.</summary>
    public string? Text { get; }

    public IReadOnlyList<TranslatedEntry> Children => children;

    /// <summary>Characters that the text may have.</summary>
    public int Longest => Name == "description" || parent is { Name: "messages", parent.parent: null } ? LabelText.LongestDescription : LabelText.LongestTitle;

    /// <summary>A whole file.</summary>
    /// <param name="longOnes">Gets the entries whose texts may be too long.</param>
    public static TranslatedEntry Of(JsonElement file, List<TranslatedEntry> longOnes) => new(null, "", file, longOnes);

    /// <summary>The entry with its place in a file, for errors.</summary>
    /// <param name="root">The file.</param>
    public JsonNode ToNode(JsonNode root) => parent is null ? root : new JsonNode(root.File, parent.ToNode(root), Name, value);

    public TranslatedEntry? Find(string key)
    {
        if (byName is not null) return byName.GetValueOrDefault(key);
        foreach (var child in children)
        {
            if (child.Name == key) return child;
        }

        return null;
    }

    public TranslatedEntry? Find(ReadOnlySpan<string> path)
    {
        var entry = this;
        foreach (var key in path)
        {
            if (entry.Find(key) is not { } next) return null;
            entry = next;
        }

        return entry;
    }

    /// <summary>Reports what no reader asked for, here and below.</summary>
    /// <param name="root">The file.</param>
    /// <param name="known">What the readers of this pack and of those below asked for at this place.</param>
    public void ReportUnused(JsonNode root, ReadOnlySpan<ExpectedLabel> known)
    {
        var hasChildren = false;
        foreach (var expected in known)
        {
            if (expected.Excused) return;
            hasChildren |= expected.HasChildren;
        }

        if (hasChildren)
        {
            if (value.ValueKind != JsonValueKind.Object) ToNode(root).Fail($"An object is expected here, found {ToNode(root).Found}.", $"Its keys are {string.Join(", ", NamesOf(known).Take(8))}.");
        }
        else if (Text is not { Length: > 0 })
        {
            ToNode(root).AsText();
            return;
        }

        var there = new ExpectedLabel[known.Length];
        foreach (var child in children)
        {
            if (child.Name is "$schema" or "$comment" or "$id") continue;
            var count = 0;
            foreach (var expected in known)
            {
                if (expected.Find(child.Name) is { } asked) there[count++] = asked;
            }

            if (count > 0) child.ReportUnused(root, there.AsSpan(0, count));
            else child.ToNode(root).Fail($"'{child.Name}' names nothing in this pack.", Spelling.Hint(child.Name, NamesOf(known), "Take it out."));
        }
    }

    private static IEnumerable<string> NamesOf(ReadOnlySpan<ExpectedLabel> known) =>
        known.ToArray().SelectMany(expected => expected.Children).Select(child => child.Name).Distinct(StringComparer.Ordinal);

    private TranslatedEntry[] ChildrenOf(JsonElement group, List<TranslatedEntry> longOnes)
    {
        var made = new TranslatedEntry[group.GetPropertyCount()];
        var at = 0;
        foreach (var member in group.EnumerateObject()) made[at++] = new TranslatedEntry(this, member.Name, member.Value, longOnes);
        return made;
    }
}
