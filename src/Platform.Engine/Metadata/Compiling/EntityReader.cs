namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>entity.json</c>: a table, or columns that a pack adds to a table of another pack.</summary>
internal static class EntityReader
{
    /// <summary>Reads the tables that a pack declares and returns the files that extend tables of others, to be read when those are known.</summary>
    public static IEnumerable<JsonObject> Read(PackDraft pack, MetadataDraft draft)
    {
        var extensions = new List<JsonObject>();
        foreach (var folder in pack.Layout.Tables)
        {
            if (folder.Definition is null || draft.Settled.Contains(folder.Name)) continue;
            if (pack.Parse(folder.Definition) is not { } root || JsonObject.Open(root) is not { } file)
            {
                pack.Labels.Excuse("entities", folder.Name);
                // A file that is broken may be an extension: then the table is known without it.
                draft.Unread.Add((pack, folder));
            }
            else if (file.Find("x-extends") is not null)
            {
                extensions.Add(file);
            }
            else
            {
                Declare(ReadTable(folder, file, pack), draft);
            }
        }

        return extensions;
    }

    /// <summary>Adds what an extending file says to its table.</summary>
    public static void Extend(PackDraft pack, JsonObject file, MetadataDraft draft)
    {
        var folder = file.Node.File.Name.Split('/')[1];
        var node = file.Find("x-extends")!;
        // What it says about the table itself was merged with it; here it is left only when there is no such table.
        foreach (var key in new[] { "title", "description", "x-entity", "x-states" }) file.Find(key);
        var name = node.AsText();
        if (name is not null && name != folder) node.Fail($"The folder is called '{folder}', the table '{name}'.", $"Rename one of them.");
        var entity = name is null || name != folder ? null : draft.Resolve(node, name, pack);
        if (entity?.Pack == pack)
        {
            node.Fail($"'{name}' is a table of this pack.", "Write its columns in the table's own entity.json.");
            entity = null;
        }

        // Columns of a table that is missing are checked all the same.
        var target = entity ?? new EntityDraft(folder, pack, file.Node);
        ReadColumns(target, file, pack);
        file.Find("type");
        file.Close();
    }

    private static void Declare(EntityDraft entity, MetadataDraft draft)
    {
        // Of a standard table the manifest's claim is wrong, and told there.
        if (draft.Entities.TryAdd(entity.Name, entity) || entity.Pack.IsStandard(entity.Name)) return;
        entity.Node.Fail($"The entity '{entity.Name}' exists already in the pack '{draft.Entities[entity.Name].Pack.Id}'.", "Give it another name, or add columns to that one with x-extends.");
    }

    private static EntityDraft ReadTable(TableFolder folder, JsonObject file, PackDraft pack)
    {
        var entity = new EntityDraft(folder.Name, pack, file.Node);
        string[] path = ["entities", entity.Name];
        Names.Check(file.Node, entity.Name, pack, !pack.IsStandard(entity.Name), $"Call it '{pack.Prefix}_{entity.Name}'; or, if clients know the table by this name, name it under standardTables in pack.json.");
        if (file.Text("type") is { } type && type != "object") file.Find("type")!.Fail($"A table is an object, not '{type}'.", "Write \"type\": \"object\".");
        var title = file.DemandTitle("title", "The English title of the table.") ?? entity.Name;
        entity.Title = pack.Labels.Read(title, [.. path, "title"]);
        if (file.Description("description") is { } description) entity.Description = pack.Labels.Read(description, [.. path, "description"]);
        var collectionTitle = title;
        if (JsonObject.Open(file.Demand("x-entity", "Name, entity set and ownership of the table; or x-extends, to add columns to a table of another pack.")) is { } head)
        {
            collectionTitle = head.Title("collectionTitle") ?? title;
            ReadHead(entity, head, pack);
        }
        else
        {
            entity.Broken = true;
        }

        entity.CollectionTitle = pack.Labels.Read(collectionTitle, [.. path, "collectionTitle"]);
        if (collectionTitle == title && entity.CollectionTitle.Translations.Count == 0) entity.CollectionTitle = entity.Title;
        StateReader.Read(entity, file);
        ReadColumns(entity, file, pack);
        file.Close();
        return entity;
    }

    private static void ReadHead(EntityDraft entity, JsonObject head, PackDraft pack)
    {
        if (head.DemandText("logicalName", "The name of the folder.") is { } name && name != entity.Name)
            head.Find("logicalName")!.Fail($"The folder is called '{entity.Name}', the table '{name}'.", "Rename one of them.");
        if (head.Text("schemaName") is { } schemaName && Names.CheckSchemaName(head.Find("schemaName")!, schemaName)) entity.SchemaName = schemaName;
        var standard = pack.IsStandard(entity.Name);
        entity.EntitySetNode = head.Demand("entitySetName", $"The plural name in the Web API, for example \"{entity.Name}s\".");
        if (entity.EntitySetNode?.AsText() is { } set && Names.Check(entity.EntitySetNode, set, pack, !(standard && Names.IsStandard(set)))) entity.EntitySetName = set;
        var ownership = head.Demand("ownership", "user, organization or none.");
        entity.Ownership = ownership?.AsOneOf(("user", Ownership.User), ("organization", Ownership.Organization), ("none", Ownership.None)) ?? default;
        if (head.Find("primaryIdAttribute") is { } key && key.AsText() is { } id && Names.Check(key, id, pack, !standard)) entity.PrimaryIdAttribute = id;
        if (entity.PrimaryIdAttribute.Length > Names.Longest)
            head.Node.Fail($"The name of the primary key, '{entity.PrimaryIdAttribute}', has more than {Names.Longest} characters.", "Shorten the table's name, or give a shorter primaryIdAttribute.");
        entity.PrimaryNameNode = head.Find("primaryNameAttribute");
        entity.IsActivity = head.Flag("isActivity", false);
        entity.Audited = head.Flag("audit", true);
        entity.ChangeTracking = head.Flag("changeTracking", false);
        entity.EngineOwned = head.Flag("engineOwned", false);
        entity.Icon = head.Text("icon");
        head.Close();
    }

    /// <summary>What tables and extensions have in common: columns, keys, indexes.</summary>
    private static void ReadColumns(EntityDraft entity, JsonObject file, PackDraft pack)
    {
        var reader = new AttributeReader(entity.Name, pack);
        foreach (var node in file.Object("properties")?.All() ?? [])
        {
            var attribute = reader.Read(node);
            if (!entity.Add(attribute) && entity.Find(attribute.Name) is { } other && other.Pack != pack)
                node.Fail($"'{entity.Name}' has a column '{attribute.Name}' from the pack '{other.Pack.Id}'.", "Give it another name.");
        }

        foreach (var node in file.Texts("required")) entity.Required.Add((node, pack));
        foreach (var key in file.Objects("x-keys")) ReadKey(entity.Keys, key, pack, name => pack.Labels.Read(key.Title("title") ?? name, "entities", entity.Name, "keys", name));
        foreach (var index in file.Objects("x-indexes")) ReadKey(entity.Indexes, index, pack, name => name);
    }

    private static void ReadKey(List<KeyDraft> keys, JsonObject key, PackDraft pack, Func<string, Label> title)
    {
        var name = key.DemandText("name", "Unique among the keys and indexes of the table.") ?? "";
        if (name.Length > 0) Names.Check(key.Find("name")!, name, pack);
        key.Demand("attributes", "The columns, in order.");
        keys.Add(new(key.Node, name, title(name), key.Texts("attributes")));
        key.Close();
    }
}
