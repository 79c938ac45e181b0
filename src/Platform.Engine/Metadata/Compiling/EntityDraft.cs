using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>A table while it is compiled.</summary>
internal sealed class EntityDraft(string name, PackDraft pack, JsonNode node)
{
    private readonly Dictionary<string, AttributeDraft> byName = new(StringComparer.Ordinal);
    private readonly List<AttributeDraft> attributes = [];

    /// <summary>For a settled table: those that its columns are of.</summary>
    private IReadOnlyDictionary<string, PackDraft> packs = ImmutableDictionary<string, PackDraft>.Empty;

    public string Name { get; } = name;

    public PackDraft Pack { get; } = pack;

    /// <summary>Root of <c>entity.json</c>, or what stands there instead.</summary>
    public JsonNode Node { get; } = node;

    /// <summary>The file could not be read; what other files say about the table's columns cannot be judged.</summary>
    public bool Broken { get; set; }

    public string SchemaName { get; set; } = name;

    public string EntitySetName { get; set; } = name;

    public JsonNode? EntitySetNode { get; set; }

    public Label Title { get; set; } = name;

    public Label CollectionTitle { get; set; } = name;

    public Label? Description { get; set; }

    public Ownership Ownership { get; set; }

    public string PrimaryIdAttribute { get; set; } = $"{name}id";

    public JsonNode? PrimaryNameNode { get; set; }

    public string? PrimaryNameAttribute { get; set; }

    public bool IsActivity { get; set; }

    public bool Audited { get; set; } = true;

    public bool ChangeTracking { get; set; }

    public bool EngineOwned { get; set; }

    /// <summary>Holds the pairs of an N:N relationship.</summary>
    public bool IsIntersect { get; set; }

    public string? Icon { get; set; }

    /// <summary>Options of <c>statecode</c> and <c>statuscode</c>.</summary>
    public ImmutableArray<ChoiceOption> States { get; set; } = [];

    public ImmutableArray<ChoiceOption> Statuses { get; set; } = [];

    /// <summary>The table as the compilation before read it, when nothing has changed in what decides about it; its columns are made when somebody asks for them.</summary>
    public EntityDefinition? Settled { get; private init; }

    public List<AttributeDraft> Attributes
    {
        get
        {
            if (Settled is not null && attributes.Count == 0) attributes.AddRange(Settled.Attributes.Select(attribute => Find(attribute.LogicalName)!));
            return attributes;
        }
    }

    /// <summary>Names under <c>required</c>, with the pack that says so.</summary>
    public List<(JsonNode Node, PackDraft Pack)> Required { get; } = [];

    public List<KeyDraft> Keys { get; } = [];

    public List<KeyDraft> Indexes { get; } = [];

    public List<RelationshipDefinition> ManyToOne { get; } = [];

    public List<RelationshipDefinition> OneToMany { get; } = [];

    public List<ManyToManyDefinition> ManyToMany { get; } = [];

    public List<FormDefinition> Forms { get; } = [];

    public List<ViewDefinition> Views { get; } = [];

    public List<StepDefinition> Steps { get; } = [];

    public bool HasState => Ownership != Ownership.None;

    /// <summary>Stands for a table whose file could not be read.</summary>
    public static EntityDraft Unreadable(TableFolder folder, PackDraft pack) =>
        new(folder.Name, pack, new JsonNode(new JsonFile($"{pack.Files.Origin}/{folder.Definition}", folder.Definition!, pack.Errors), null, "", default)) { Broken = true };

    /// <summary>Stands for a table that need not be read again.</summary>
    /// <param name="packs">By id.</param>
    public static EntityDraft Of(EntityDefinition entity, IReadOnlyDictionary<string, PackDraft> packs)
    {
        var pack = packs[entity.Pack];
        var draft = new EntityDraft(entity.LogicalName, pack, new JsonNode(new JsonFile(pack.Files.Origin, "", pack.Errors), null, "", default))
        {
            Settled = entity,
            packs = packs,
            SchemaName = entity.SchemaName,
            EntitySetName = entity.EntitySetName,
            Title = entity.Title,
            CollectionTitle = entity.CollectionTitle,
            Ownership = entity.Ownership,
            PrimaryIdAttribute = entity.PrimaryIdAttribute,
            PrimaryNameAttribute = entity.PrimaryNameAttribute,
            IsActivity = entity.IsActivity,
            EngineOwned = entity.EngineOwned,
            States = entity.Find(SystemAttributes.StateCode)?.Options ?? [],
            Statuses = entity.Find(SystemAttributes.StatusCode)?.Options ?? [],
        };
        draft.ManyToOne.AddRange(entity.ManyToOne);
        return draft;
    }

    public AttributeDraft? Find(string name)
    {
        if (byName.TryGetValue(name, out var known) || Settled?.Find(name) is not { } attribute) return known;
        return byName[name] = AttributeDraft.Of(attribute, this, packs[attribute.Pack]);
    }

    /// <summary>Adds a column; returns false when there is one of that name.</summary>
    public bool Add(AttributeDraft attribute)
    {
        if (!byName.TryAdd(attribute.Name, attribute)) return false;
        attributes.Add(attribute);
        return true;
    }

    /// <summary>The column that a text of a file names; reports one that is missing.</summary>
    public AttributeDraft? Resolve(JsonNode node)
    {
        if (node.AsText() is not { } name) return null;
        var attribute = Find(name);
        if (attribute is null && !Broken) node.Fail($"'{Name}' has no column '{name}'.", Spelling.Hint(name, Attributes.Select(known => known.Name), "Names are logical names, lower case."));
        return attribute;
    }
}

/// <summary>An alternate key or an index as written.</summary>
internal sealed record KeyDraft(JsonNode Node, string Name, Label Title, IReadOnlyList<JsonNode> Attributes);
