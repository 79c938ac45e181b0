using System.Text.Json.Nodes;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Customization;

namespace Platform.OData.Metadata.Changing;

/// <summary>Turns relationships as Dataverse's clients write them into lookups and files under <c>relationships/</c>.</summary>
internal sealed class RelationshipChange(MetadataSnapshot metadata, CustomizationDraft draft, bool merge)
{
    /// <summary>Makes a relationship: a 1:N one with its lookup, an N:N one with its intersect table.</summary>
    /// <returns>Its schema name.</returns>
    /// <exception cref="PlatformException">The body is no such relationship, or there is one of the name.</exception>
    public string Create(DefinitionBody body) => body.Type switch
    {
        "OneToManyRelationshipMetadata" => CreateLookup(body),
        "ManyToManyRelationshipMetadata" => CreatePairs(body),
        "" => throw body.Missing("@odata.type"),
        var other => throw Errors.BadRequest($"'{other}' is no relationship.", "OneToManyRelationshipMetadata or ManyToManyRelationshipMetadata."),
    };

    /// <summary>Changes what follows of a 1:N relationship, and its lookup's labels.</summary>
    public void Update(RelationshipDefinition relationship, DefinitionBody body)
    {
        var component = $"attribute/{relationship.ReferencingEntity}/{relationship.ReferencingAttribute}";
        if (draft.Find(component) is not { } column || column["x-lookup"] is not JsonObject lookup) throw Errors.BadRequest($"'{relationship.Name}' is a relationship that the system gives to every table.", "It cannot be changed.");
        Cascade(lookup, body);
        if (body.Flag("IsHierarchical") is { } hierarchical && (hierarchical || lookup["hierarchical"] is not null)) lookup["hierarchical"] = hierarchical;
        draft.Put(component, column);
        if (body.Object("Lookup") is { } described && metadata.Entity(relationship.ReferencingEntity).Find(relationship.ReferencingAttribute) is { } attribute)
            new ColumnChange(metadata, draft, relationship.ReferencingEntity, merge).Update(attribute, described);
    }

    /// <summary>Changes the title under which an N:N relationship is offered at both its ends; nothing else of one changes.</summary>
    /// <exception cref="PlatformException">The body wants to change what stays.</exception>
    public void Update(ManyToManyDefinition relationship, DefinitionBody body)
    {
        foreach (var (property, value) in new[]
        {
            ("SchemaName", relationship.Name), ("IntersectEntityName", relationship.IntersectEntity),
            ("Entity1LogicalName", relationship.First.Entity), ("Entity2LogicalName", relationship.Second.Entity),
            ("Entity1NavigationPropertyName", relationship.First.Navigation), ("Entity2NavigationPropertyName", relationship.Second.Navigation),
            ("Entity1IntersectAttribute", relationship.First.IntersectAttribute), ("Entity2IntersectAttribute", relationship.Second.IntersectAttribute),
        })
        {
            if (body.Text(property) is { Length: > 0 } written && !written.Equals(value, StringComparison.OrdinalIgnoreCase)) throw Errors.BadRequest($"The {property} of a relationship does not change.", $"It is '{value}'.");
        }

        // Both ends come back as they were read, but for the one that was changed.
        var label = MenuLabels(body).FirstOrDefault(label => label.Changes(relationship.Title, merge));
        var component = $"relationship/{relationship.Name}";
        if (label is null || draft.Find(component) is not { } file) return;
        if (label.HasEnglish) file["title"] = label.English;
        draft.Put(component, file);
        label.WriteTranslations(draft, component, "", relationship.Title, merge);
    }

    /// <summary>Takes a 1:N relationship away together with its lookup; a lookup with other targets stays for those.</summary>
    public void Remove(RelationshipDefinition relationship)
    {
        var component = $"attribute/{relationship.ReferencingEntity}/{relationship.ReferencingAttribute}";
        var column = draft.Find(component);
        if (column?["x-lookup"] is not JsonObject lookup || lookup["targets"] is not JsonArray { Count: > 1 } targets)
        {
            draft.Delete(component);
            return;
        }

        var ofPacks = draft.FindInPacks(component)?["x-lookup"]?["targets"] as JsonArray;
        if (ofPacks?.Any(target => (string?)target == relationship.ReferencedEntity) == true)
            throw Errors.ManagedComponent($"relationship/{relationship.Name}", metadata.Entity(relationship.ReferencingEntity).Attribute(relationship.ReferencingAttribute).Pack);

        targets.Remove(targets.First(target => (string?)target == relationship.ReferencedEntity));
        (lookup["relationship"] as JsonObject)?.Remove(relationship.ReferencedEntity);
        if (targets.Count == 1 && lookup["relationship"] is JsonObject names) lookup["relationship"] = names.First().Value?.DeepClone();
        draft.Put(component, column);
    }

    private string CreateLookup(DefinitionBody body)
    {
        var schemaName = body.DemandText("SchemaName");
        DefinitionNames.Logical(schemaName);
        var (referenced, referencing) = (Entity(body, "ReferencedEntity"), DefinitionChanges.Open(Entity(body, "ReferencingEntity"), "columns"));
        if (referenced.IsIntersect) throw Errors.ClosedTable(referenced, "lookups that point to it");
        if (metadata.Entities.SelectMany(entity => entity.ManyToOne).Any(known => known.Name.Equals(schemaName, StringComparison.OrdinalIgnoreCase))) throw Errors.DefinitionExists("relationship", schemaName);
        if (body.Text("ReferencedAttribute") is { Length: > 0 } key && key != referenced.PrimaryIdAttribute)
            throw Errors.BadRequest($"A lookup points to the primary key of '{referenced.LogicalName}'.", $"Leave ReferencedAttribute out, or write '{referenced.PrimaryIdAttribute}'.");
        var lookup = body.Object("Lookup") ?? throw body.Missing("Lookup");
        var name = DefinitionNames.Logical(lookup.DemandText("SchemaName"), "Lookup/SchemaName");
        var component = $"attribute/{referencing.LogicalName}/{name}";
        if (referencing.Find(name) is not null || draft.Find(component) is not null) throw Errors.DefinitionExists($"column of '{referencing.LogicalName}'", name);
        var label = lookup.Label("DisplayName") ?? throw lookup.Missing("DisplayName");
        var definition = new JsonObject { ["targets"] = new JsonArray(referenced.LogicalName), ["relationship"] = schemaName };
        Cascade(definition, body);
        if (body.Flag("IsHierarchical") == true) definition["hierarchical"] = true;
        var column = new JsonObject { ["x-lookup"] = definition, ["title"] = label.English };
        if (lookup.Text("SchemaName") is { } written && written != name) column["x-schemaName"] = written;
        if (lookup.Label("Description") is { } description) column["description"] = description.English;
        if (lookup.Object("RequiredLevel")?.Text("Value") == "ApplicationRequired") column["required"] = true;
        draft.Put(component, column);
        label.WriteTranslations(draft, component, "title", null, merge);
        lookup.Label("Description")?.WriteTranslations(draft, component, "description", null, merge);
        return schemaName;
    }

    private string CreatePairs(DefinitionBody body)
    {
        var name = DefinitionNames.Logical(body.DemandText("SchemaName"));
        var (first, second) = (DefinitionChanges.Open(Entity(body, "Entity1LogicalName"), "N:N relationships"), DefinitionChanges.Open(Entity(body, "Entity2LogicalName"), "N:N relationships"));
        var intersect = DefinitionNames.Logical(body.Text("IntersectEntityName") ?? name, "IntersectEntityName");
        if (metadata.Entities.SelectMany(entity => entity.ManyToMany).Any(known => known.Name == name) || draft.Find($"relationship/{name}") is not null) throw Errors.DefinitionExists("relationship", name);
        if (metadata.Find(intersect) is not null) throw Errors.DefinitionExists("table", intersect);
        var relationship = new JsonObject { ["title"] = Title(body, first, second), ["entities"] = new JsonArray(first.LogicalName, second.LogicalName) };
        if (intersect != name) relationship["intersect"] = intersect;
        if (body.Text("Entity1NavigationPropertyName") is { } one && body.Text("Entity2NavigationPropertyName") is { } two) relationship["navigation"] = new JsonArray(one, two);
        else if (first == second) relationship["navigation"] = new JsonArray($"{name}_one", $"{name}_two");
        draft.Put($"relationship/{name}", relationship);
        MenuLabels(body).FirstOrDefault()?.WriteTranslations(draft, $"relationship/{name}", "", null, merge);
        return name;
    }

    private static string Title(DefinitionBody body, EntityDefinition first, EntityDefinition second) =>
        MenuLabels(body).FirstOrDefault()?.English ?? $"{first.CollectionTitle.English} and {second.CollectionTitle.English}";

    private static IEnumerable<LabelBody> MenuLabels(DefinitionBody body) =>
        new[] { "Entity1AssociatedMenuConfiguration", "Entity2AssociatedMenuConfiguration" }.Select(end => body.Object(end)?.Label("Label")).OfType<LabelBody>();

    private EntityDefinition Entity(DefinitionBody body, string property)
    {
        var name = body.DemandText(property);
        return metadata.Find(name) ?? throw Errors.UnknownDefinition("table", name, metadata.Entities.Select(entity => entity.LogicalName));
    }

    private static void Cascade(JsonObject lookup, DefinitionBody body)
    {
        if (body.Object("CascadeConfiguration") is not { } cascade) return;
        var rules = lookup["cascade"] as JsonObject ?? [];
        foreach (var (theirs, ours) in new[] { ("Assign", "assign"), ("Share", "share"), ("Unshare", "unshare"), ("Reparent", "reparent"), ("Merge", "merge") })
        {
            if (cascade.Text(theirs) is not { } rule) continue;
            var written = rule switch
            {
                "NoCascade" => "none",
                "Cascade" => "cascade",
                "Active" when ours != "merge" => "active",
                "UserOwned" when ours != "merge" => "userOwned",
                _ => throw Errors.BadRequest($"'{rule}' is not possible for {theirs}.", ours == "merge" ? "NoCascade or Cascade." : "NoCascade, Cascade, Active or UserOwned."),
            };
            if (written == ((string?)rules[ours] ?? "none")) continue;
            if (written == "none") rules.Remove(ours);
            else rules[ours] = written;
        }

        if (cascade.Text("Delete") is { } delete)
        {
            var written = delete switch
            {
                "RemoveLink" or "NoCascade" => "removeLink",
                "Restrict" => "restrict",
                "Cascade" => "cascade",
                _ => throw Errors.BadRequest($"'{delete}' is not possible for Delete.", "RemoveLink, Restrict or Cascade."),
            };
            if (written != ((string?)lookup["onDelete"] ?? (string?)rules["delete"] ?? "removeLink"))
            {
                rules.Remove("delete");
                if (written == "removeLink") lookup.Remove("onDelete");
                else lookup["onDelete"] = written;
            }
        }

        if (rules.Count > 0 && rules.Parent is null) lookup["cascade"] = rules;
        else if (rules.Count == 0) lookup.Remove("cascade");
    }
}
