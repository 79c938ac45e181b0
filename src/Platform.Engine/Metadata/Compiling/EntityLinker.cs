namespace Platform.Engine.Metadata.Compiling;

/// <summary>Resolves what one table says about others and about its own columns.</summary>
internal sealed class EntityLinker(MetadataDraft draft)
{
    /// <summary>Dataverse's limits.</summary>
    private const int MostKeyAttributes = 16;
    private const int MostKeys = 10;

    /// <summary>Kinds whose values are compared exactly and are short enough for a unique index.</summary>
    private static readonly AttributeKind[] KeyKinds =
    [
        AttributeKind.String, AttributeKind.Integer, AttributeKind.BigInt, AttributeKind.Decimal, AttributeKind.DateTime,
        AttributeKind.DateOnly, AttributeKind.Choice, AttributeKind.Lookup, AttributeKind.UniqueIdentifier,
    ];

    private static readonly AttributeKind[] IndexKinds = [.. Enum.GetValues<AttributeKind>().Where(kind => kind is not (AttributeKind.Memo or AttributeKind.MultiChoice or AttributeKind.GeoPoint or AttributeKind.File or AttributeKind.Image))];

    /// <summary>First round, over all tables before the second: choices and the targets of lookups.</summary>
    public void LinkColumns(EntityDraft entity)
    {
        foreach (var attribute in entity.Attributes)
        {
            if (attribute.ChoiceNode is { } node && attribute.GlobalChoice is { } choice) LinkChoice(attribute, node, choice);
            if (attribute.Lookup is not { } lookup) continue;
            for (var i = 0; i < lookup.TargetNodes.Count; i++)
            {
                if (draft.Resolve(lookup.TargetNodes[i], lookup.Targets[i], attribute.Pack) is { IsIntersect: true } pairs)
                    lookup.TargetNodes[i].FailUnlessStored($"'{pairs.Name}' holds the pairs of an N:N relationship, to which no lookup points.", "Point to a table at one of its ends.");
            }
        }
    }

    /// <summary>Second round: what needs complete columns.</summary>
    public void LinkRest(EntityDraft entity)
    {
        DemandOwn(entity);
        foreach (var attribute in entity.Attributes) LinkDefault(attribute);
        foreach (var attribute in entity.Attributes) LinkFullName(entity, attribute);
        foreach (var (node, pack) in entity.Required) LinkRequired(entity, node, pack);
        LinkPrimaryName(entity);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var key in entity.Keys.Skip(MostKeys)) key.Node.Fail($"'{entity.Name}' has {entity.Keys.Count} keys.", $"At most {MostKeys} are possible: each one makes every write of a row dearer.");
        foreach (var key in entity.Keys) LinkKey(entity, key, names, isKey: true);
        foreach (var index in entity.Indexes) LinkKey(entity, index, names, isKey: false);
    }

    /// <summary>Tables whose rows nobody fills in take no columns and keys from other packs: those have no place from which they would get values.</summary>
    private static void DemandOwn(EntityDraft entity)
    {
        if (!entity.EngineOwned && !entity.IsIntersect) return;
        var (what, hint) = entity.IsIntersect
            ? ("holds the pairs of an N:N relationship", "Put it on a table at one of the ends, or make a table of your own with a lookup to each.")
            : ("is written by the platform only", "Put it on another table.");
        foreach (var attribute in entity.Attributes.Where(attribute => attribute.Node is not null && attribute.Pack != entity.Pack))
            attribute.Node!.FailUnlessStored($"'{entity.Name}' {what} and takes no column of another pack.", hint);
        foreach (var key in entity.Keys.Where(key => key.Node.File.Pack is { } pack && pack != entity.Pack))
            key.Node.FailUnlessStored($"'{entity.Name}' {what} and takes no key of another pack.", hint);
    }

    private void LinkChoice(AttributeDraft attribute, JsonNode node, string name)
    {
        if (draft.Choices.TryGetValue(name, out var choice) && (node.File.Pack ?? attribute.Pack).Visible.Contains(choice.Pack)) attribute.Options = choice.Options;
        else node.Fail($"There is no choice '{name}'.", Spelling.Hint(name, draft.Choices.Keys, "Write its values here, or add choices/<name>.json."));
    }

    private void LinkDefault(AttributeDraft attribute)
    {
        if (attribute.DefaultNode is not { } node || attribute.ComputedDraft is not null) return;
        if (attribute.Kind == AttributeKind.Lookup) node.Fail("A lookup has no default.", "A step on Create can set it.");
        else if (attribute.Kind is AttributeKind.File or AttributeKind.Image) node.Fail("Files and images have no default.", "Take it out.");
        else attribute.Default = new ValueReader(draft, attribute.Pack).Read(attribute, node);
    }

    private static void LinkFullName(EntityDraft entity, AttributeDraft attribute)
    {
        if (attribute.FullNameNodes is not var (given, family)) return;
        if (entity.Resolve(given) is not { } givenName || entity.Resolve(family) is not { } familyName) return;
        foreach (var (node, part) in new[] { (given, givenName), (family, familyName) })
        {
            if (part.Kind is not (AttributeKind.String or null) || part == attribute || part.ComputedDraft is not null) node.Fail($"'{part.Name}' is no part of a name.", "Name another string column of the table.");
        }
        attribute.FullName = new FullNameParts(givenName.Name, familyName.Name);
    }

    private static void LinkRequired(EntityDraft entity, JsonNode node, PackDraft pack)
    {
        if (entity.Resolve(node) is not { } attribute) return;
        if (attribute.ComputedDraft is not null) node.Fail($"'{attribute.Name}' is not stored: nobody can give it a value.", "Take it out of 'required'.");
        else if (attribute.Kind is AttributeKind.File or AttributeKind.Image) node.Fail($"'{attribute.Name}' is uploaded when its row is there.", "Take it out of 'required'; a step can ask for it when the row goes on to its next status.");
        else if (attribute.Node is null) node.Fail($"'{attribute.Name}' is filled by the engine.", "Take it out of 'required'.");
        else if (attribute.Pack != pack) node.Fail($"'{attribute.Name}' belongs to the pack '{attribute.Pack.Id}'.", "A pack demands only its own columns.");
        else attribute.Required = true;
    }

    private static void LinkPrimaryName(EntityDraft entity)
    {
        if (entity.PrimaryNameNode is not { } node || entity.Resolve(node) is not { } attribute) return;
        if (attribute.Kind is not (AttributeKind.String or null)) node.Fail($"'{attribute.Name}' is of kind {AttributeKinds.Word(attribute.Kind.Value)}.", "The primary name is a string column.");
        else if (attribute.ComputedDraft is not null) node.Fail($"'{attribute.Name}' is not stored.", "The primary name is a stored column: lookups are searched and sorted by it.");
        else if (attribute.Pack != entity.Pack) node.Fail($"'{attribute.Name}' belongs to the pack '{attribute.Pack.Id}'.", "The primary name is a column of the table's own pack.");
        entity.PrimaryNameAttribute = attribute.Name;
    }

    /// <param name="names">Names of the table's keys and indexes so far.</param>
    private static void LinkKey(EntityDraft entity, KeyDraft key, HashSet<string> names, bool isKey)
    {
        var kinds = isKey ? KeyKinds : IndexKinds;
        if (key.Name.Length > 0 && !names.Add(key.Name)) key.Node.Fail($"'{entity.Name}' has two keys or indexes '{key.Name}'.", "Give one of them another name.");
        if (key.Attributes.Count is 0 or > MostKeyAttributes) key.Node.Fail($"It has {key.Attributes.Count} columns.", $"One to {MostKeyAttributes} are possible.");
        foreach (var node in key.Attributes)
        {
            if (entity.Resolve(node) is not { Kind: { } kind } attribute) continue;
            if (attribute.ComputedDraft is not null)
                node.Fail($"'{attribute.Name}' is not stored and cannot be part of {(isKey ? "a key" : "an index")}.", "Name stored columns.");
            else if (!kinds.Contains(kind))
                node.Fail($"A column of kind {AttributeKinds.Word(kind)} cannot be part of {(isKey ? "a key" : "an index")}.", $"Possible are {string.Join(", ", kinds.Select(AttributeKinds.Word))}.");
            else if (attribute.IsPolymorphic && isKey)
                node.Fail("A lookup with several targets cannot be part of a key.", "Take another column, or a lookup with one target.");
        }
    }
}
