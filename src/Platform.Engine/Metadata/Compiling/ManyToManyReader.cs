using System.Text.Json;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>relationships/&lt;name&gt;.json</c> and makes the intersect table where the pack does not declare it.</summary>
internal sealed class ManyToManyReader(PackDraft pack, MetadataDraft draft)
{
    public void Read()
    {
        foreach (var file in pack.Layout.Relationships) Read(file);
    }

    private void Read(string file)
    {
        var name = PackLayout.NameOf(file);
        if (pack.Open(file) is not { } relationship)
        {
            pack.Labels.Excuse("relationships", name);
            return;
        }

        Names.Check(relationship.Node, name, pack);
        var title = pack.Labels.Read(relationship.DemandTitle("title", "The English title of the relationship.") ?? name, "relationships", name);
        relationship.Demand("entities", "The two tables, [ \"loy_card\", \"loy_tag\" ].");
        var ends = ReadEnds(relationship);
        var navigations = ReadNavigations(relationship, name, ends);
        var intersectNode = relationship.Find("intersect");
        var intersect = intersectNode?.AsText() ?? name;
        relationship.Close();
        if (intersectNode is not null && !Names.Check(intersectNode, intersect, pack)) return;
        if (ends is null || navigations is null) return;

        var place = intersectNode ?? relationship.Node;
        var declared = draft.Entities.GetValueOrDefault(intersect);
        if (declared is not null && (declared.Pack != pack || declared.IsIntersect))
        {
            place.Fail($"The table '{intersect}' {(declared.IsIntersect ? "holds the pairs of another relationship" : $"belongs to the pack '{declared.Pack.Id}'")}.", "Give the intersect table another name.");
            return;
        }

        var made = declared ?? Table(intersect, title, relationship.Node);
        made.IsIntersect = true;
        var pairs = new ManyToManyDraft(relationship.Node, name, title, ends, navigations, made);
        if (declared is null)
        {
            draft.Entities[intersect] = made;
            AddColumns(pairs);
        }

        draft.ManyToMany.Add(pairs);
    }

    private EntityDraft[]? ReadEnds(JsonObject relationship)
    {
        var nodes = relationship.Items("entities");
        if (nodes.Count != 2)
        {
            relationship.Find("entities")?.Fail($"It names {nodes.Count} tables.", "An N:N relationship has two ends; both may be the same table.");
            return null;
        }

        var ends = new List<EntityDraft>();
        foreach (var node in nodes)
        {
            if (node.AsText() is not { } name || draft.Resolve(node, name, pack) is not { } entity) continue;
            if (entity.EngineOwned || entity.IsIntersect) node.Fail($"Rows of '{name}' cannot be tied to others.", "Name a table whose rows people write.");
            else ends.Add(entity);
        }

        return ends.Count == 2 ? [.. ends] : null;
    }

    private static string[]? ReadNavigations(JsonObject relationship, string name, EntityDraft[]? ends)
    {
        if (relationship.Find("navigation") is not { } node)
        {
            if (ends is null || ends[0] != ends[1]) return [name, name];
            relationship.Node.Fail("Both ends are one table, whose two navigation properties need two names.", "Add \"navigation\": [ \"<from the first end>\", \"<from the second end>\" ].");
            return null;
        }

        var names = relationship.Items("navigation").Select(item => item.AsText() is { } text && Names.CheckSchemaName(item, text) ? text : null).OfType<string>().ToArray();
        if (names.Length == 2 && (ends is null || ends[0] != ends[1] || names[0] != names[1])) return names;
        node.Fail("Two navigation properties are expected here.", "The first is one of the first table, the second one of the second; where both are one table, the names differ.");
        return null;
    }

    private EntityDraft Table(string name, Label title, JsonNode node) => new(name, pack, node)
    {
        EntitySetName = $"{name}set",
        EntitySetNode = node,
        Title = title,
        CollectionTitle = title,
        Ownership = Ownership.None,
        // The rows at the ends tell of it.
        Audited = false,
    };

    private void AddColumns(ManyToManyDraft pairs)
    {
        var (first, second) = (pairs.Ends[0], pairs.Ends[1]);
        var sameKey = first.PrimaryIdAttribute == second.PrimaryIdAttribute;
        pairs.Lookups = [first.PrimaryIdAttribute + (sameKey ? "one" : ""), second.PrimaryIdAttribute + (sameKey ? "two" : "")];
        foreach (var (end, lookup) in pairs.Ends.Zip(pairs.Lookups))
        {
            if (lookup.Length > Names.Longest) pairs.Node.Fail($"The intersect table has a column '{lookup}', which is longer than {Names.Longest} characters.", "Declare the intersect table yourself, with shorter names.");
            pairs.Intersect.Add(new AttributeDraft(lookup, pack)
            {
                Node = pairs.Node,
                Kind = AttributeKind.Lookup,
                Title = end.Title,
                Required = true,
                Lookup = new LookupDraft([end.Name], LookupReader.Named($"{pairs.Intersect.Name}_{lookup}", [end.Name]), DeleteBehavior.Cascade),
            });
        }

        var columns = pairs.Lookups.Select(lookup => new JsonNode(pairs.Node.File, pairs.Node, "entities", JsonSerializer.SerializeToElement(lookup)));
        pairs.Intersect.Keys.Add(new KeyDraft(pairs.Node, $"{pairs.Intersect.Name}_key", pairs.Title, [.. columns]));
    }
}
