using System.Text.Json.Nodes;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Packs.Customization;

namespace Platform.OData.Metadata.Changing;

/// <summary>Turns a table as Dataverse's clients write it into the form of <c>entity.json</c>.</summary>
internal sealed class TableChange(MetadataSnapshot metadata, CustomizationDraft draft, bool merge)
{
    private const string Notes = "annotation", NotesLookup = "objectid", ActivityLookup = "regardingobjectid";

    /// <summary>Makes a table with its primary name.</summary>
    /// <returns>Its logical name.</returns>
    /// <exception cref="PlatformException">The body is no such table, or there is one of the name.</exception>
    public string Create(DefinitionBody body)
    {
        if (body.Type is not ("EntityMetadata" or "")) throw Errors.BadRequest($"'{body.Type}' is no table.", "EntityMetadata.");
        var schemaName = body.DemandText("SchemaName");
        var name = DefinitionNames.Logical(schemaName);
        var component = $"entity/{name}";
        if (metadata.Find(name) is not null || draft.Find(component) is not null) throw Errors.DefinitionExists("table", name);
        var label = body.Label("DisplayName") ?? throw body.Missing("DisplayName");
        var primary = PrimaryName(body);
        var columns = new ColumnChange(metadata, draft, name, merge);
        var primaryName = DefinitionNames.Logical(primary.DemandText("SchemaName"));
        var head = new JsonObject
        {
            ["logicalName"] = name,
            ["entitySetName"] = (body.Text("EntitySetName") ?? $"{name}s").ToLowerInvariant(),
            ["ownership"] = Ownership(body),
            ["primaryNameAttribute"] = primaryName,
        };
        if (schemaName != name) head["schemaName"] = schemaName;
        var table = new JsonObject { ["title"] = label.English, ["x-entity"] = head };
        Fill(table, head, body, null);
        draft.Put(component, table);
        WriteLabels(body, component, null);
        foreach (var column in body.Objects("Attributes")) columns.Create(column);
        if (body.Flag("HasNotes") == true) PointTo(Notes, NotesLookup, name, schemaName);
        if (body.Flag("HasActivities") == true)
        {
            foreach (var activity in metadata.Entities.Where(entity => entity.IsActivity)) PointTo(activity.LogicalName, ActivityLookup, name, schemaName);
        }

        return name;
    }

    /// <summary>Changes what can be changed about a table to what the body says.</summary>
    /// <exception cref="PlatformException">The body wants to change what stays.</exception>
    public void Update(EntityDefinition entity, DefinitionBody body)
    {
        var component = $"entity/{entity.LogicalName}";
        if (draft.Find(component) is not { } table) throw Errors.BadRequest($"The table '{entity.LogicalName}' holds the pairs of a relationship.", "Change the relationship.");
        if (body.Text("SchemaName") is { } schemaName && schemaName != entity.SchemaName) throw Errors.BadRequest("The SchemaName of a table does not change.");
        if (body.Text("OwnershipType") is not null && body.Text("OwnershipType") != "None" && Ownership(body) != (entity.Ownership == Engine.Metadata.Ownership.User ? "user" : "organization"))
            throw Errors.BadRequest("The OwnershipType of a table does not change.");
        var head = table["x-entity"] as JsonObject ?? [];
        table["x-entity"] = head;
        if (body.Label("DisplayName") is { HasEnglish: true } label) table["title"] = label.English;
        Fill(table, head, body, entity);
        draft.Put(component, table);
        WriteLabels(body, component, entity);
        if (body.Flag("HasNotes") == true) PointTo(Notes, NotesLookup, entity.LogicalName, entity.SchemaName);
        if (body.Flag("HasActivities") != true || entity.OneToMany.Any(relationship => relationship.ReferencingAttribute == ActivityLookup)) return;
        foreach (var activity in metadata.Entities.Where(other => other.IsActivity && other != entity)) PointTo(activity.LogicalName, ActivityLookup, entity.LogicalName, entity.SchemaName);
    }

    /// <summary>Takes a table away; lookups that point to others as well no longer point to it.</summary>
    public void Remove(EntityDefinition entity)
    {
        draft.Delete($"entity/{entity.LogicalName}");
        var relationships = new RelationshipChange(metadata, draft, merge);
        foreach (var relationship in entity.OneToMany.Where(relationship => relationship.ReferencingEntity != entity.LogicalName))
        {
            if (metadata.Entity(relationship.ReferencingEntity).Attribute(relationship.ReferencingAttribute).Lookup is { Targets.Length: > 1 }) relationships.Remove(relationship);
        }
    }

    private static DefinitionBody PrimaryName(DefinitionBody body)
    {
        var names = body.Objects("Attributes").Where(column => column.Flag("IsPrimaryName") == true).ToList();
        return names is [{ Type: "StringAttributeMetadata" } only]
            ? only
            : throw Errors.BadRequest("A table has exactly one primary name.", "Attributes holds one StringAttributeMetadata with \"IsPrimaryName\": true.");
    }

    private static string Ownership(DefinitionBody body) => body.Text("OwnershipType") switch
    {
        "UserOwned" or null => "user",
        "OrganizationOwned" => "organization",
        var other => throw Errors.BadRequest($"The OwnershipType '{other}' is not possible.", "UserOwned or OrganizationOwned."),
    };

    private static void Fill(JsonObject table, JsonObject head, DefinitionBody body, EntityDefinition? known)
    {
        if (body.Label("DisplayCollectionName") is { } plural && (plural.HasEnglish || known is null) && plural.English != (known?.CollectionTitle.English ?? (string?)table["title"])) head["collectionTitle"] = plural.English;
        if (body.Label("Description") is { } description && (description.HasEnglish || known?.Description is null)) table["description"] = description.English;
        if (known is null && body.Flag("IsActivity") == true) throw Errors.NotOffered("Making activities");
        if (body.Flag("ChangeTrackingEnabled") is { } tracking && tracking != known?.ChangeTracking) head["changeTracking"] = tracking;
        if (body.Setting("IsAuditEnabled") is { } audit && audit != (known?.Audited ?? true)) head["audit"] = audit;
        if (body.Text("IconVectorName") is { Length: > 0 } icon && icon != known?.Icon) head["icon"] = icon;
    }

    private void WriteLabels(DefinitionBody body, string component, EntityDefinition? known)
    {
        body.Label("DisplayName")?.WriteTranslations(draft, component, "title", known?.Title, merge);
        body.Label("DisplayCollectionName")?.WriteTranslations(draft, component, "collectionTitle", known?.CollectionTitle, merge);
        body.Label("Description")?.WriteTranslations(draft, component, "description", known?.Description, merge);
    }

    /// <summary>Lets a lookup of another table point to this one, too.</summary>
    private void PointTo(string other, string lookup, string name, string schemaName)
    {
        var component = $"attribute/{other}/{lookup}";
        if (draft.Find(component) is not { } column || column["x-lookup"] is not JsonObject definition || definition["targets"] is not JsonArray targets) return;
        if (targets.Any(target => (string?)target == name)) return;
        targets.Add(name);
        if (definition["relationship"] is JsonObject relationships) relationships[name] = $"{schemaName}_{metadata.Find(other)?.SchemaName ?? other}s";
        draft.Put(component, column);
    }
}
