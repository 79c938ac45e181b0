namespace Platform.Engine.Metadata.Compiling;

/// <summary>
/// The translations of a pack (<c>labels/ko.json</c>). Readers ask for the labels of whatever they find in the files;
/// an entry that nobody asked for names nothing, which is reported at the end.
/// </summary>
internal sealed class PackLabels
{
    /// <summary>The group of the pack's own title, in which layers have no part.</summary>
    private const string OfPack = "pack";

    private readonly ExpectedLabel expected = new("");
    private readonly List<LabelFile> languages = [];

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

    public void Add(LabelFile file) => languages.Add(file);

    /// <summary>The place of a path in the label files of this pack and of those above.</summary>
    /// <param name="path">At least one key.</param>
    public LabelPlace Place(params ReadOnlySpan<string> path) =>
        new(expected.Add(path), path[0] is OfPack ? Found(languages, path) : [.. Found(languages, path), .. FoundAbove(path)]);

    /// <summary>The label that stands under a path of the label files, with its English text from elsewhere.</summary>
    public Label Read(string english, params ReadOnlySpan<string> path) => Place(path).Read(english);

    /// <summary>A label that layers above have under another path than the pack itself, because every pack has one of its own there.</summary>
    public Label ReadShared(string english, ReadOnlySpan<string> own, ReadOnlySpan<string> fromAbove)
    {
        expected.Add(fromAbove);
        return new LabelPlace(expected.Add(own), [.. Found(languages, own), .. FoundAbove(fromAbove)]).Read(english);
    }

    /// <summary>Translations under a path by language, those of the uppermost layer; <c>null</c> when there are none.</summary>
    public Dictionary<string, string>? Translations(params ReadOnlySpan<string> path) => Place(path).Translations();

    /// <summary>Entries below this path are not judged: the file they belong to could not be read.</summary>
    public void Excuse(params ReadOnlySpan<string> path) => Place(path).Excuse();

    /// <summary>Entries of tables that are not read again are not judged: they are what they were.</summary>
    public void Excuse(SettledTables settled)
    {
        foreach (var table in languages.SelectMany(language => language.Entry.Find("entities")?.Children ?? []))
        {
            if (settled.Contains(table.Name)) Excuse("entities", table.Name);
        }
    }

    /// <summary>Names that stand in the label files under a path.</summary>
    public IEnumerable<JsonNode> Under(string key) =>
        languages.SelectMany(language => (language.Entry.Find(key)?.Children ?? []).Select(entry => entry.ToNode(language.Root)));

    public void ReportUnused()
    {
        ExpectedLabel[] known = [expected, .. below.Select(layer => layer.expected)];
        foreach (var language in languages) language.Entry.ReportUnused(language.Root, known);
    }

    private static LabelFile[] Found(List<LabelFile> roots, ReadOnlySpan<string> path)
    {
        var found = new LabelFile[roots.Count];
        var count = 0;
        foreach (var root in roots)
        {
            if (root.Find(path) is { } entry) found[count++] = entry;
        }

        return count == found.Length ? found : found[..count];
    }

    private List<LabelFile> FoundAbove(ReadOnlySpan<string> path)
    {
        var found = new List<LabelFile>();
        foreach (var layer in above) found.AddRange(Found(layer.languages, path));
        return found;
    }
}
