namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>x-lookup</c>.</summary>
internal static class LookupReader
{
    public static LookupDraft? Read(JsonNode node, string entity, string attribute)
    {
        if (JsonObject.Open(node) is not { } lookup) return null;
        var targets = lookup.Demand("targets", "[ \"contact\" ]") is null ? [] : lookup.Texts("targets");
        if (lookup.Find("targets") is { IsArray: true } array && targets.Count == 0) array.Fail("A lookup without targets.", "Name at least one entity.");
        var names = targets.Select(target => target.Value.GetString()!).ToList();
        var relationships = Relationships(lookup.Find("relationship"), $"{entity}_{attribute}", names);
        var (onDelete, cascade) = CascadeReader.Read(lookup);
        var hierarchical = lookup.Flag("hierarchical", false) ? lookup.Find("hierarchical") : null;
        lookup.Close();
        return targets.Count == 0 ? null : new(names, relationships, onDelete) { TargetNodes = targets, Cascade = cascade, HierarchicalNode = hierarchical };
    }

    /// <summary>Names of the relationships: one for the only target, else <c>&lt;name&gt;_&lt;target&gt;</c>, or as given for each.</summary>
    public static Dictionary<string, string> Named(string name, IReadOnlyList<string> targets) =>
        targets.Distinct(StringComparer.Ordinal).ToDictionary(target => target, target => targets.Count == 1 ? name : $"{name}_{target}", StringComparer.Ordinal);

    private static Dictionary<string, string> Relationships(JsonNode? node, string otherwise, List<string> targets)
    {
        if (node is null) return Named(otherwise, targets);
        if (node.IsText)
        {
            var name = node.AsText() ?? otherwise;
            return Names.CheckSchemaName(node, name) ? Named(name, targets) : Named(otherwise, targets);
        }

        var relationships = Named(otherwise, targets);
        if (JsonObject.Open(node) is not { } byTarget) return relationships;
        foreach (var target in targets)
        {
            if (byTarget.DemandText(target, "Each target of the lookup has its relationship.") is { } name && Names.CheckSchemaName(byTarget.Find(target)!, name)) relationships[target] = name;
        }

        byTarget.Close();
        return relationships;
    }
}
