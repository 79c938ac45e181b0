namespace Platform.Engine.Metadata.Compiling;

/// <summary>Everything that the files say, while it is read and linked.</summary>
/// <param name="settled">Tables that are not read again.</param>
internal sealed class MetadataDraft(ErrorList errors, List<PackDraft> packs, SettledTables settled)
{
    public ErrorList Errors { get; } = errors;

    /// <summary>In install order.</summary>
    public List<PackDraft> Packs { get; } = packs;

    public SettledTables Settled { get; } = settled;

    public SortedDictionary<string, EntityDraft> Entities { get; } = new(StringComparer.Ordinal);

    /// <summary>Entities that are read and linked now: all that are not settled.</summary>
    public IEnumerable<EntityDraft> OpenEntities => Entities.Values.Where(entity => entity.Settled is null);

    public List<ManyToManyDraft> ManyToMany { get; } = [];

    public SortedDictionary<string, ChoiceDefinition> Choices { get; } = new(StringComparer.Ordinal);

    /// <summary>Folders whose <c>entity.json</c> is broken: a table or an extension, nobody knows.</summary>
    public List<(PackDraft Pack, TableFolder Folder)> Unread { get; } = [];

    public List<RoleDefinition> Roles { get; } = [];

    /// <summary>Custom APIs by unique name.</summary>
    public SortedDictionary<string, ApiDraft> Apis { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of custom APIs whose file is broken.</summary>
    public HashSet<string> UnreadApis { get; } = new(StringComparer.Ordinal);

    public List<AppDefinition> Apps { get; } = [];

    public List<(PackDraft Pack, SeedFile File)> Seeds { get; } = [];

    public Dictionary<string, Sdk.Hosting.ScriptSource> Scripts { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, Label> Messages { get; } = new(StringComparer.Ordinal);

    /// <summary>The table that a text of a file names; reports one that is missing or belongs to a pack that this one does not depend on.</summary>
    /// <param name="reader">The pack whose file it is; where an upper layer wrote the text, that one is asked instead.</param>
    public EntityDraft? Resolve(JsonNode node, string name, PackDraft reader)
    {
        var pack = node.File.Pack ?? reader;
        if (!Entities.TryGetValue(name, out var entity))
        {
            var seen = Entities.Values.Where(known => pack.Sees(known.Pack)).Select(known => known.Name);
            node.Fail($"There is no entity '{name}'.", Spelling.Hint(name, seen, "Names are logical names, lower case."));
            return null;
        }

        if (pack.Sees(entity.Pack)) return entity;
        node.Fail(
            $"The entity '{name}' belongs to the pack '{entity.Pack.Id}', on which this pack does not depend.",
            $"Add \"{entity.Pack.Id}\": \">={entity.Pack.Version.ToString(3)}\" to the dependencies in pack.json.");
        return null;
    }

    /// <summary>Makes the tables known that are not read again.</summary>
    public void AddSettled()
    {
        var packs = Packs.ToDictionary(pack => pack.Id, StringComparer.Ordinal);
        foreach (var table in Settled.Tables) Entities.Add(table.LogicalName, EntityDraft.Of(table, packs));
        foreach (var (name, script) in Settled.Before?.Snapshot.Scripts ?? System.Collections.Frozen.FrozenDictionary<string, Sdk.Hosting.ScriptSource>.Empty)
        {
            if (Settled.Covers(script.File)) Scripts[name] = script;
        }
    }

    /// <summary>Makes tables known whose file is broken, so that what refers to them is not wrong too.</summary>
    public void AddUnread()
    {
        foreach (var (pack, folder) in Unread)
        {
            // A broken extension leaves its table incomplete.
            if (Entities.TryGetValue(folder.Name, out var entity)) entity.Broken = true;
            else Entities[folder.Name] = EntityDraft.Unreadable(folder, pack);
        }
    }

    /// <summary>The table that a folder of a pack is about: its own, or one of another pack that gets columns, forms, views or steps.</summary>
    public EntityDraft? ResolveFolder(TableFolder folder, PackDraft pack)
    {
        var file = new JsonFile($"{pack.Files.Origin}/{folder.AnyFile}", folder.AnyFile, Errors);
        var known = Entities.GetValueOrDefault(folder.Name);
        // With an entity.json the table is its own or was asked for by x-extends already.
        if (folder.Definition is not null) return known;
        return Resolve(new JsonNode(file, null, "", default), folder.Name, pack);
    }
}
