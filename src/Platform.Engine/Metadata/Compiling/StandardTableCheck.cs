namespace Platform.Engine.Metadata.Compiling;

/// <summary>
/// Holds the tables that packs have without a prefix to what prefixes are for: no two packs own one name, and no name
/// of a pack is one that another pack or an administrator may give.
/// </summary>
internal static class StandardTableCheck
{
    public static void Run(MetadataDraft draft)
    {
        foreach (var pack in draft.Packs)
        {
            foreach (var (name, place) in pack.StandardTables) Check(pack, name, place, draft);
        }
    }

    private static void Check(PackDraft pack, string name, JsonNode place, MetadataDraft draft)
    {
        if (!draft.Entities.TryGetValue(name, out var entity))
        {
            place.Fail($"The pack has no table '{name}'.", $"Add entities/{name}/entity.json, or take the name out: a name is taken by a table alone.");
        }
        else if (entity.Pack != pack)
        {
            place.Fail(
                $"The table '{name}' belongs to the pack '{entity.Pack.Id}'.",
                $"A table has one pack: take it out of this one, or add to it with x-extends and names that begin with '{pack.Prefix}_'.");
        }
        else if (entity.Settled is null)
        {
            CheckColumns(entity, draft);
        }
    }

    /// <summary>A column without the pack's prefix must not look like one that another pack adds to the table.</summary>
    private static void CheckColumns(EntityDraft entity, MetadataDraft draft)
    {
        foreach (var attribute in entity.Attributes)
        {
            if (attribute.Node is not { } node || attribute.Pack != entity.Pack || attribute.Name.Split('_', 2) is not [var prefix, _]) continue;
            if (draft.Packs.Find(other => other != entity.Pack && other.Prefix == prefix) is { } owner)
                node.Fail($"'{attribute.Name}' begins with the prefix of the pack '{owner.Id}'.", $"Give it another name: those that begin with '{prefix}_' are left to that pack.");
        }
    }
}
