using Platform.Engine.Metadata.Compiling;

namespace Platform.Engine.Metadata.Formulas;

/// <summary>What the names in the formulas of one table stand for, in the words of the Web API: columns, <c>_lookup_value</c>, and columns one lookup away.</summary>
/// <param name="pack">Pack whose file holds the formula.</param>
internal sealed class FormulaNames(MetadataDraft draft, EntityDraft entity, PackDraft pack)
{
    /// <summary>The column of a name or path; reports one that is missing and returns <c>null</c>, also for one that is broken itself.</summary>
    /// <param name="fail">Takes reason and hint.</param>
    public FormulaNode? Find(string path, Action<string, string> fail)
    {
        switch (path.Split('/'))
        {
            case [var name]:
                return Column(entity, name, fail);
            case [var navigation, var name]:
                if (Relationship(navigation, fail) is not { } relationship || !draft.Entities.TryGetValue(relationship.ReferencedEntity, out var target)) return null;
                return Column(target, name, fail) is { } column ? new FormulaPath(column.Type, entity.Name, relationship.ReferencingAttribute, column) : null;
            default:
                fail($"'{path}' goes over more than one lookup.", "Give the table in between a calculated column, and name that one.");
                return null;
        }
    }

    private FormulaColumn? Column(EntityDraft table, string name, Action<string, string> fail)
    {
        var isLookup = name.StartsWith('_') && name.EndsWith("_value", StringComparison.Ordinal);
        var attribute = table.Find(isLookup ? name[1..^"_value".Length] : name);
        if (attribute is null || (attribute.Lookup is null && isLookup))
        {
            if (!table.Broken) fail($"'{table.Name}' has no column '{name}'.", Spelling.Hint(name, table.Attributes.Select(WebApiName), "Names are those of the Web API."));
            return null;
        }
        if (attribute.Kind is not { } kind) return null;
        if (kind == AttributeKind.Lookup && !isLookup)
        {
            fail($"'{name}' is a lookup and has no value of its own.", $"'{WebApiName(attribute)}' is the id of the row it points to, '{name}/<column>' a column of that row.");
            return null;
        }
        if (kind is AttributeKind.GeoPoint or AttributeKind.File or AttributeKind.Image || attribute.ComputedDraft is FileFactDraft)
        {
            fail($"Formulas cannot calculate with '{name}', which is {(kind == AttributeKind.GeoPoint ? "a point on the earth" : "part of a file")}.", "Keep what the formula needs in columns of their own.");
            return null;
        }
        if (!pack.Broken && !pack.Visible.Contains(attribute.Pack.Id))
        {
            fail($"The column '{name}' belongs to the pack '{attribute.Pack.Id}', on which this pack does not depend.", "Add it to the dependencies in pack.json.");
            return null;
        }
        return new FormulaColumn(FormulaType.Of(kind, kind == AttributeKind.Money ? 4 : attribute.Precision), table.Name, attribute.Name);
    }

    private RelationshipDefinition? Relationship(string navigation, Action<string, string> fail)
    {
        if (entity.ManyToOne.Find(relationship => relationship.ReferencingNavigation == navigation) is { } found) return found;
        if (entity.Find(navigation) is { } attribute)
        {
            var own = entity.ManyToOne.Where(relationship => relationship.ReferencingAttribute == navigation).Select(relationship => relationship.ReferencingNavigation).ToList();
            if (own.Count > 0) fail($"'{navigation}' points to rows of several tables.", $"Say which: {string.Join(", ", own)}.");
            else if (attribute.Kind is not (null or AttributeKind.Lookup)) fail($"'{navigation}' is no lookup.", "A path leads over a lookup to a column of the row it points to.");
        }
        else if (!entity.Broken)
        {
            fail($"'{entity.Name}' has no lookup '{navigation}'.", Spelling.Hint(navigation, entity.ManyToOne.Select(relationship => relationship.ReferencingNavigation), "The table has no lookups."));
        }
        return null;
    }

    private static string WebApiName(AttributeDraft attribute) => attribute.Kind == AttributeKind.Lookup ? $"_{attribute.Name}_value" : attribute.Name;
}
