namespace Platform.Engine.Metadata.Compiling;

/// <summary>Ties N:N relationships to their tables, once all lookups are linked.</summary>
internal sealed class ManyToManyLinker(MetadataDraft draft)
{
    public void Link()
    {
        var names = draft.Entities.Values.SelectMany(entity => entity.ManyToOne).Select(relationship => relationship.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var pairs in draft.ManyToMany)
        {
            if (!names.Add(pairs.Name)) pairs.Node.Fail($"There is another relationship '{pairs.Name}'.", "Give the file another name.");
            if (pairs.Ends.Any(end => end.Broken) || pairs.Intersect.Broken) continue;
            if (pairs.Lookups.Length == 0 && !FindLookups(pairs)) continue;
            var definition = pairs.Build();
            foreach (var end in pairs.Ends.Distinct()) end.ManyToMany.Add(definition);
        }

        foreach (var pairs in draft.ManyToMany) CheckNavigations(pairs);
    }

    /// <summary>A declared intersect table has one lookup to each end, and a key over both.</summary>
    private static bool FindLookups(ManyToManyDraft pairs)
    {
        var table = pairs.Intersect;
        foreach (var key in table.Keys.Where(key => key.Attributes.Count == 2))
        {
            var lookups = key.Attributes.Select(node => table.Find(node.Value.GetString()!)).ToArray();
            if (!Points(lookups[0], pairs.Ends[0]) || !Points(lookups[1], pairs.Ends[1])) (lookups[0], lookups[1]) = (lookups[1], lookups[0]);
            if (!Points(lookups[0], pairs.Ends[0]) || !Points(lookups[1], pairs.Ends[1])) continue;
            foreach (var column in table.Attributes.Where(column => column.Required && column.Default is null && column.Node is not null && !lookups.Contains(column)))
                column.Node!.Fail($"'{column.Name}' is required, but a pair of '{pairs.Name}' is made without it.", "Take it out of 'required', or give it a default.");
            pairs.Lookups = [lookups[0]!.Name, lookups[1]!.Name];
            return true;
        }

        table.Node.Fail(
            $"The table '{table.Name}' holds the pairs of '{pairs.Name}', but has no key over one lookup to '{pairs.Ends[0].Name}' and one to '{pairs.Ends[1].Name}'.",
            "Add the two lookups, each with \"onDelete\": \"cascade\", and a key over both; or take entity.json out, and the table is made.");
        return false;
    }

    private static bool Points(AttributeDraft? lookup, EntityDraft end) =>
        lookup is { Required: true, Lookup: { OnDelete: DeleteBehavior.Cascade, Targets: [var target] } } && target == end.Name;

    private void CheckNavigations(ManyToManyDraft pairs)
    {
        foreach (var (end, name) in pairs.Ends.Zip(pairs.Navigations))
        {
            var others = draft.ManyToMany.Where(other => other != pairs).SelectMany(other => other.Ends.Zip(other.Navigations)).Any(other => other.First == end && other.Second == name);
            var taken = others || end.Find(name) is not null
                || end.ManyToOne.Any(relationship => relationship.ReferencingNavigation == name) || end.OneToMany.Any(relationship => relationship.Name == name);
            if (taken) pairs.Node.Fail($"'{end.Name}' has a column or navigation property '{name}' already.", "Give the relationship, or its navigation property, another name.");
        }
    }
}
