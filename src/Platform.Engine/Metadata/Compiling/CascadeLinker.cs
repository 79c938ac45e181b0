namespace Platform.Engine.Metadata.Compiling;

/// <summary>Checks what lookups say about cascades and hierarchies against the tables that they tie together.</summary>
internal sealed class CascadeLinker(MetadataDraft draft)
{
    public void Link()
    {
        foreach (var entity in draft.OpenEntities.Where(entity => !entity.Broken))
        {
            CheckParents(entity);
            CheckHierarchy(entity);
        }

        foreach (var entity in draft.Entities.Values) CheckCircle(entity);
    }

    private static IEnumerable<AttributeDraft> ParentsOf(EntityDraft entity) =>
        entity.Settled?.ManyToOne.Any(relationship => relationship.Cascade.IsParental) == false
            ? []
            : entity.Attributes.Where(attribute => attribute is { Node: not null, Lookup.Cascade.IsParental: true });

    private void CheckParents(EntityDraft entity)
    {
        AttributeDraft? first = null;
        foreach (var lookup in ParentsOf(entity))
        {
            var unowned = lookup.Lookup!.Targets.Select(draft.Entities.GetValueOrDefault).Prepend(entity)
                .FirstOrDefault(table => table is { Broken: false, Ownership: not Ownership.User });
            if (unowned is not null)
                lookup.Node!.Fail($"Rows of '{unowned.Name}' have no owner, and so nothing to hand on by assign, share, unshare or reparent.", "Write \"none\", or leave the keys out.");
            if (first is not null)
                lookup.Node!.Fail($"'{entity.Name}' has a parental relationship already, by '{first.Name}'.", "A table has one parent whose owner and sharing its rows follow: write \"none\" for assign, share, unshare and reparent of one of the two.");
            first ??= lookup;
        }
    }

    private static void CheckHierarchy(EntityDraft entity)
    {
        var hierarchies = entity.Attributes.Where(attribute => attribute.Lookup?.HierarchicalNode is not null).ToList();
        foreach (var lookup in hierarchies)
        {
            var node = lookup.Lookup!.HierarchicalNode!;
            if (lookup.Lookup.Targets is not [var target] || target != entity.Name) node.Fail("Only a lookup to its own table makes a hierarchy.", "Take the key out.");
            else if (lookup != hierarchies[0]) node.Fail($"'{entity.Name}' has a hierarchy already, by '{hierarchies[0].Name}'.", "A table has one.");
        }
    }

    /// <summary>A row that follows another one which follows it has no owner to follow. Within one table the rows decide, and they are no circle.</summary>
    private void CheckCircle(EntityDraft start)
    {
        foreach (var lookup in ParentsOf(start))
        {
            if (Path(start, start, [start.Name]) is not { } path) continue;
            // Told once, where the first table of the circle stands.
            if (string.Equals(path.Min(StringComparer.Ordinal), start.Name, StringComparison.Ordinal))
                lookup.Node!.Fail($"Parental relationships go round in a circle: {string.Join(" → ", path)}.", "Write \"none\" for assign, share, unshare and reparent of one of them.");
            return;
        }
    }

    private List<string>? Path(EntityDraft start, EntityDraft at, List<string> way)
    {
        foreach (var target in ParentsOf(at).SelectMany(lookup => lookup.Lookup!.Targets).Distinct(StringComparer.Ordinal))
        {
            if (target == at.Name || !draft.Entities.TryGetValue(target, out var next)) continue;
            if (next == start) return [.. way, start.Name];
            if (way.Contains(target)) continue;
            if (Path(start, next, [.. way, target]) is { } found) return found;
        }

        return null;
    }
}
