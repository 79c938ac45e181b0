namespace Platform.Engine.Metadata.Compiling;

/// <summary>Turns lookups into relationships and guards the names that both ends get from them.</summary>
internal sealed class RelationshipLinker(MetadataDraft draft)
{
    /// <summary>The lookup of activities whose navigation names carry the activity's table, because all activities share it in Dataverse.</summary>
    private const string Regarding = "regardingobjectid";

    private readonly Dictionary<string, (EntityDraft Entity, string Attribute, JsonNode? Node)> byName = new(StringComparer.OrdinalIgnoreCase);

    public void Link()
    {
        foreach (var entity in draft.Entities.Values)
        {
            if (entity.Settled is not null) TakeOver(entity);
            else foreach (var attribute in entity.Attributes.Where(attribute => attribute.Lookup is not null)) Link(entity, attribute);
        }

        foreach (var entity in draft.Entities.Values)
        {
            entity.OneToMany.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
            CheckNames(entity);
        }

        CheckEntitySets();
    }

    private void TakeOver(EntityDraft entity)
    {
        foreach (var relationship in entity.ManyToOne)
        {
            if (byName.TryAdd(relationship.Name, (entity, relationship.ReferencingAttribute, entity.Node))) draft.Entities[relationship.ReferencedEntity].OneToMany.Add(relationship);
            else ReportTwin(relationship.Name, entity, relationship.ReferencingAttribute, entity.Node);
        }
    }

    private void Link(EntityDraft entity, AttributeDraft attribute)
    {
        foreach (var target in attribute.Lookup!.Targets)
        {
            if (!draft.Entities.TryGetValue(target, out var referenced))
            {
                if (attribute.Node is null) DemandOfCore(target);
                continue;
            }

            var relationship = new RelationshipDefinition(
                attribute.Lookup.Relationships[target], entity.Name, attribute.Name, target, Navigation(entity, attribute, target), attribute.Lookup.OnDelete)
            {
                Cascade = attribute.Lookup.Cascade,
                IsHierarchical = attribute.Lookup.IsHierarchical,
            };
            if (!byName.TryAdd(relationship.Name, (entity, attribute.Name, attribute.Node)))
            {
                ReportTwin(relationship.Name, entity, attribute.Name, attribute.Node);
                continue;
            }

            entity.ManyToOne.Add(relationship);
            referenced.OneToMany.Add(relationship);
        }
    }

    private void ReportTwin(string name, EntityDraft entity, string attribute, JsonNode? node)
    {
        var (otherEntity, otherAttribute, otherNode) = byName[name];
        (node ?? otherNode ?? entity.Node).Fail(
            $"The relationship '{name}' of '{entity.Name}.{attribute}' is also that of '{otherEntity.Name}.{otherAttribute}'.",
            "Give one of them another name under x-lookup.relationship.");
    }

    private static string Navigation(EntityDraft entity, AttributeDraft attribute, string target) => attribute switch
    {
        _ when entity.IsActivity && attribute.Name == Regarding => $"{attribute.Name}_{target}_{entity.Name}",
        { IsPolymorphic: true } => $"{NavigationName(attribute)}_{target}",
        _ => NavigationName(attribute),
    };

    /// <summary>As Dataverse has it: lookups with a publisher's prefix are navigated by their schema name (<c>new_BankId</c>), its own ones by their logical name.</summary>
    private static string NavigationName(AttributeDraft attribute) => attribute.Name.Contains('_', StringComparison.Ordinal) ? attribute.SchemaName : attribute.Name;

    private void DemandOfCore(string entity)
    {
        var core = draft.Packs.FirstOrDefault(pack => pack.IsCore);
        core?.Fail(PackDraft.ManifestFile, $"The pack core lacks the entity '{entity}'.", $"Columns that every table has refer to it: add entities/{entity}/entity.json.");
    }

    /// <summary>Columns, companion columns and navigation properties of a table are properties of one type and columns of one table.</summary>
    private void CheckNames(EntityDraft entity)
    {
        if (entity.Settled is null) CheckOwnNames(entity);
        foreach (var relationship in entity.OneToMany)
        {
            var taken = entity.Find(relationship.Name) is not null || entity.ManyToOne.Any(other => other.ReferencingNavigation == relationship.Name);
            if (!taken || byName[relationship.Name].Node is not { } node) continue;
            node.Fail(
                $"The relationship '{relationship.Name}' is a navigation property of '{entity.Name}', which has a column or lookup of that name.",
                "Give the relationship another name under x-lookup.relationship.");
        }
    }

    private static void CheckOwnNames(EntityDraft entity)
    {
        foreach (var attribute in entity.Attributes.Where(attribute => attribute.IsPolymorphic))
        {
            var companion = $"{attribute.Name}type";
            var place = attribute.Node ?? entity.Node;
            if (companion.Length > Names.Longest) place.Fail($"The name of a lookup with several targets has at most {Names.Longest - 4} characters.", "Shorten it.");
            if (entity.Find(companion) is not { } other) continue;
            (other.Node ?? place).Fail(
                $"The lookup '{attribute.Name}' keeps the entity it points to in a column '{companion}', and there is another of that name.",
                "Rename one of the two.");
        }

        foreach (var relationship in entity.ManyToOne)
        {
            if (relationship.ReferencingNavigation == relationship.ReferencingAttribute || entity.Find(relationship.ReferencingNavigation) is not { } other) continue;
            (other.Node ?? entity.Node).Fail(
                $"The lookup '{relationship.ReferencingAttribute}' has a navigation property '{relationship.ReferencingNavigation}', and there is a column of that name.",
                "Rename one of the two.");
        }
    }

    private void CheckEntitySets()
    {
        var sets = new Dictionary<string, EntityDraft>(StringComparer.Ordinal);
        foreach (var entity in draft.Entities.Values.Where(entity => !entity.Broken))
        {
            if (sets.TryAdd(entity.EntitySetName, entity)) continue;
            (entity.EntitySetNode ?? entity.Node).Fail($"The entity set '{entity.EntitySetName}' is also that of '{sets[entity.EntitySetName].Name}'.", "Give one of them another name.");
        }
    }
}
