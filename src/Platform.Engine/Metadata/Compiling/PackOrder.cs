namespace Platform.Engine.Metadata.Compiling;

/// <summary>Brings packs into install order: core first, each after what it depends on, else by id; the customization last.</summary>
internal static class PackOrder
{
    public static List<PackDraft> Sort(IReadOnlyList<PackDraft> packs, ErrorList errors)
    {
        var byId = new Dictionary<string, PackDraft>(StringComparer.Ordinal);
        foreach (var pack in packs)
        {
            if (!byId.TryAdd(pack.Id, pack))
                pack.Fail(PackDraft.ManifestFile, $"There are two packs '{pack.Id}': the other is {byId[pack.Id].Files.Origin}.", "Give one of them another id, or take it out.");
        }

        if (!byId.ContainsKey(PackDraft.Core) && !packs.Any(pack => pack.Broken))
            errors.Add(PackDraft.ManifestFile, "", "The pack core is missing.", "Every installation has the base tables of metadata/core.");

        var order = new List<PackDraft>(packs.Count);
        var state = new Dictionary<PackDraft, bool>();
        foreach (var pack in packs.OrderBy(pack => !pack.IsCore).ThenBy(pack => pack.IsCustomization).ThenBy(pack => pack.Id, StringComparer.Ordinal))
        {
            if (!state.ContainsKey(pack)) Visit(pack, byId, state, order);
        }

        foreach (var pack in order.Where(pack => pack.IsCustomization)) pack.Visible.UnionWith(byId.Keys);
        return order;
    }

    /// <param name="state">False while a pack's dependencies are visited, true when it has its place.</param>
    private static void Visit(PackDraft pack, Dictionary<string, PackDraft> byId, Dictionary<PackDraft, bool> state, List<PackDraft> order)
    {
        state[pack] = false;
        foreach (var (node, id, atLeast) in pack.Dependencies.OrderBy(dependency => dependency.Id, StringComparer.Ordinal))
        {
            if (id == pack.Id)
            {
                node.Fail("The pack depends on itself.", "Take the dependency out.");
                continue;
            }

            if (!byId.TryGetValue(id, out var needed))
            {
                node.Fail($"The pack '{id}' is not installed.", Spelling.Hint(id, byId.Keys.Where(known => known != pack.Id), "Install it, or take the dependency out."));
                continue;
            }

            if (needed.IsCustomization) node.Fail("The customization is the layer above all packs.", "Take the dependency out.");
            if (atLeast is not null && needed.Version < atLeast && !needed.Broken)
                node.Fail($"The pack '{id}' is installed in version {needed.Version}.", $"Install version {atLeast} or newer, or ask for less.");
            if (!state.TryGetValue(needed, out var placed)) Visit(needed, byId, state, order);
            else if (!placed) node.Fail($"The packs '{pack.Id}' and '{id}' depend on each other.", "Take one of the dependencies out.");
            pack.Visible.UnionWith(needed.Visible);
        }

        state[pack] = true;
        order.Add(pack);
    }
}
