namespace Platform.Engine.Metadata.Compiling;

/// <summary>A path in the label files of a pack and of those above it. Who reads many labels of one component goes on from its place.</summary>
/// <param name="expected">Notes what is asked for.</param>
/// <param name="found">What the files have there: of the pack itself, then of each layer above, the lowest first.</param>
internal readonly struct LabelPlace(ExpectedLabel expected, LabelFile[] found)
{
    public LabelPlace Child(string key)
    {
        var next = expected.Add(key);
        var count = 0;
        foreach (var entry in found)
        {
            if (entry.Entry.Find(key) is not null) count++;
        }

        if (count == 0) return new LabelPlace(next, []);
        var children = new LabelFile[count];
        foreach (var entry in found)
        {
            if (entry.Find(key) is { } child) children[^count--] = child;
        }

        return new LabelPlace(next, children);
    }

    /// <summary>The label that stands here, with its English text from elsewhere.</summary>
    public Label Read(string english) => Translations() is { } translations ? new Label(english, translations) : new Label(english);

    /// <summary>Texts by language, those of the uppermost layer; <c>null</c> when there are none.</summary>
    public Dictionary<string, string>? Translations()
    {
        Dictionary<string, string>? translations = null;
        foreach (var entry in found)
        {
            if (entry.Entry.Text is { } text) (translations ??= new(StringComparer.Ordinal))[entry.Language] = text;
        }

        return translations;
    }

    /// <summary>Entries here are not judged: the file they belong to could not be read.</summary>
    public void Excuse() => expected.Excused = true;
}
