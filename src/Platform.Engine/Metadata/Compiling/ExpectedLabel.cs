namespace Platform.Engine.Metadata.Compiling;

/// <summary>A path of the label files that some reader asked for.</summary>
/// <param name="name">Its last key.</param>
internal sealed class ExpectedLabel(string name)
{
    /// <summary>Most places have one or two children; only a table's columns are many.</summary>
    private const int FewChildren = 8;

    private ExpectedLabel? first, last, next;
    private int count;
    private Dictionary<string, ExpectedLabel>? byName;

    public string Name { get; } = name;

    public bool Excused { get; set; }

    public bool HasChildren => first is not null;

    public IEnumerable<ExpectedLabel> Children
    {
        get
        {
            for (var child = first; child is not null; child = child.next) yield return child;
        }
    }

    public ExpectedLabel? Find(string key)
    {
        if (byName is not null) return byName.GetValueOrDefault(key);
        for (var child = first; child is not null; child = child.next)
        {
            if (child.Name == key) return child;
        }

        return null;
    }

    public ExpectedLabel Add(string key)
    {
        if (Find(key) is { } known) return known;
        var child = new ExpectedLabel(key);
        if (last is null) first = child;
        else last.next = child;
        last = child;
        count++;
        if (byName is not null) byName.Add(key, child);
        else if (count > FewChildren) byName = Children.ToDictionary(one => one.Name, StringComparer.Ordinal);
        return child;
    }

    public ExpectedLabel Add(ReadOnlySpan<string> path)
    {
        var at = this;
        foreach (var key in path) at = at.Add(key);
        return at;
    }
}
