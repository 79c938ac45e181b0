using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Usage;

namespace Platform.Engine.Packs.Customization;

/// <summary>What of the customization stands on components that are gone: its own columns, forms and views on a table, lookups to it, fields, columns, privileges and app entries.</summary>
internal static class Dependents
{
    /// <summary>Takes them out of the customization, those included that stand on others that go for it.</summary>
    /// <param name="uses">What the customization uses of what is gone, as it is by now.</param>
    /// <returns>What was taken out.</returns>
    public static ImmutableArray<DependentPart> TakeOut(Func<IEnumerable<ComponentUse>> uses, GoneComponents gone, LayerDocuments documents)
    {
        var parts = ImmutableArray.CreateBuilder<DependentPart>();
        while (uses().Concat(OnGoneTables(gone, documents)).DistinctBy(use => (use.By, use.Component, use.File, UsedEntry.Is(use) ? use.Place : "")).ToList() is { Count: > 0 } found)
        {
            // Of what goes whole the entries are not told one by one.
            var whole = found.Where(use => !UsedEntry.Is(use) && documents.Declares(use.By)).Select(use => use.By).ToHashSet(StringComparer.Ordinal);
            found.RemoveAll(use => UsedEntry.Is(use) && whole.Contains(use.By));
            var entries = found.Where(UsedEntry.Is).ToList();
            foreach (var use in found) parts.Add(new(use.By, use.Component, use.File, use.Place, GoesWhole: whole.Contains(use.By)));
            UsedEntry.Remove(entries, documents);
            foreach (var use in found.Except(entries)) TakeOut(use, gone, documents);
            // A view without columns is none.
            foreach (var view in entries.Select(use => use.By).Where(by => by.StartsWith("view/", StringComparison.Ordinal) && documents.Declares(by)).Distinct().ToList())
            {
                if (documents.Find(ComponentAddress.Parse(view).NewPath, "/columns") is System.Text.Json.Nodes.JsonArray { Count: 0 }) gone.Remove(view);
            }
        }

        return [.. parts.OrderBy(part => part.Component, StringComparer.Ordinal).ThenBy(part => part.Uses, StringComparer.Ordinal)];
    }

    /// <summary>The parts as errors: nobody has agreed that they go.</summary>
    public static IEnumerable<MetadataError> AsErrors(ImmutableArray<DependentPart> parts) => parts.Select(part => new MetadataError(
        $"{PackDefinition.Customization}/{part.File}",
        part.Place,
        $"'{part.Component}' of the customization uses '{part.Uses}', which is taken out.",
        "Take it out there first, or take out with it what of the customization stands on it, the data of its columns parked: --with-dependents."));

    private static void TakeOut(ComponentUse use, GoneComponents gone, LayerDocuments documents)
    {
        if (documents.Declares(use.By)) gone.Remove(use.By);
        else if (use.Kind == UseKind.Expression && documents.Find(use.File, use.Place) is { Parent: System.Text.Json.Nodes.JsonObject view } expression) view.Remove(expression.GetPropertyName());
        else documents.Remove(use.By);
    }

    /// <summary>Columns, keys, indexes, forms and views of tables that are gone.</summary>
    private static IEnumerable<ComponentUse> OnGoneTables(GoneComponents gone, LayerDocuments documents) =>
        from component in ComponentSet.OfLayer(PackDefinition.Customization, documents.ToFiles()).Addresses
        let address = ComponentAddress.TryParse(component)
        where address is { Entity.Length: > 0, Kind: not "entity" } && gone.IsGone($"entity/{address.Entity}")
        select new ComponentUse($"entity/{address.Entity}", component, UseKind.Part, PackDefinition.Customization, address.NewPath, address.Kind == "attribute" ? $"/properties/{address.Name}" : "");
}
