using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Platform.Engine.Sql.Schema;
using Platform.Sdk.Hosting;

namespace Platform.Engine.Metadata;

/// <summary>
/// All metadata of one version. Immutable: a message pins one at its start, a publish builds the next one aside and
/// swaps it.
/// </summary>
public sealed class MetadataSnapshot
{
    private readonly FrozenDictionary<string, EntityDefinition> byName;
    private readonly FrozenDictionary<string, EntityDefinition> bySet;
    private readonly FrozenDictionary<string, CustomApiDefinition> apis = FrozenDictionary<string, CustomApiDefinition>.Empty;
    private ConcurrentDictionary<object, Lazy<object>> computed = new();

    /// <param name="version">Grows by one with every publish; 0 before the first.</param>
    public MetadataSnapshot(long version, IEnumerable<EntityDefinition> entities)
    {
        Version = version;
        Entities = [.. entities.OrderBy(entity => entity.LogicalName, StringComparer.Ordinal)];
        byName = Entities.ToFrozenDictionary(entity => entity.LogicalName, StringComparer.Ordinal);
        bySet = Entities.ToFrozenDictionary(entity => entity.EntitySetName, StringComparer.Ordinal);
    }

    public static MetadataSnapshot Empty { get; } = new(0, []);

    public long Version { get; }

    /// <summary>Entities in the order of their names.</summary>
    public ImmutableArray<EntityDefinition> Entities { get; }

    /// <summary>Packs in install order, core first.</summary>
    public ImmutableArray<PackDefinition> Packs { get; init; } = [];

    public ImmutableArray<RoleDefinition> Roles { get; init; } = [];

    /// <summary>Core's role that may do everything; <c>null</c> before the first publish.</summary>
    public RoleDefinition? AdministratorRole => Roles.FirstOrDefault(role => role is { Name: "system-administrator", Pack: "core" });

    public ImmutableArray<AppDefinition> Apps { get; init; } = [];

    public ImmutableArray<ChoiceDefinition> Choices { get; init; } = [];

    /// <summary>Custom APIs in the order of their names.</summary>
    public ImmutableArray<CustomApiDefinition> Apis
    {
        get;
        init
        {
            field = value;
            apis = value.ToFrozenDictionary(api => api.Name, StringComparer.Ordinal);
        }
    } = [];

    /// <summary>Sources of the steps' scripts by <see cref="StepDefinition.Script"/>.</summary>
    public IReadOnlyDictionary<string, ScriptSource> Scripts { get; init; } = FrozenDictionary<string, ScriptSource>.Empty;

    /// <summary>Compiled scripts by <see cref="StepDefinition.Script"/>; filled by the publisher.</summary>
    public IReadOnlyDictionary<string, ScriptImage> Images { get; init; } = FrozenDictionary<string, ScriptImage>.Empty;

    /// <summary>
    /// Translations of what scripts say when they reject, by their code. The English text stands in the script alone, so
    /// the label's English is the code: ask <see cref="MessageText"/>.
    /// </summary>
    public IReadOnlyDictionary<string, Label> Messages { get; init; } = FrozenDictionary<string, Label>.Empty;

    /// <summary>Indexes and keys that the database does not have yet, by their names there. They come and go under one version.</summary>
    public ImmutableSortedDictionary<string, IndexBuild> OpenBuilds { get; private init; } = ImmutableSortedDictionary<string, IndexBuild>.Empty;

    /// <summary>How far an alternate key is; <c>null</c> when it is in force.</summary>
    public IndexBuild? BuildOf(EntityDefinition entity, KeyDefinition key) => OpenBuilds.IsEmpty ? null : OpenBuilds.GetValueOrDefault(SchemaNames.KeyIndex(entity.LogicalName, key.Name));

    /// <summary>What a script said when it rejected, in a two-letter language where its pack has that.</summary>
    /// <param name="english">The script's sentence.</param>
    public string MessageText(string code, string english, string language) =>
        Messages.TryGetValue(code, out var label) && label.Translations.TryGetValue(language, out var text) ? text : english;

    /// <summary>The entity with a logical name; <c>null</c> when there is none.</summary>
    public EntityDefinition? Find(string logicalName) => byName.GetValueOrDefault(logicalName);

    /// <summary>The entity with a logical name.</summary>
    /// <exception cref="PlatformException">There is none.</exception>
    public EntityDefinition Entity(string logicalName) => Find(logicalName) ?? throw Errors.UnknownEntity(logicalName);

    /// <summary>The custom API with a unique name; <c>null</c> when there is none.</summary>
    public CustomApiDefinition? FindApi(string name) => apis.GetValueOrDefault(name);

    public bool TryFindSet(string entitySetName, [NotNullWhen(true)] out EntityDefinition? entity) => bySet.TryGetValue(entitySetName, out entity);

    /// <summary>
    /// A value that depends on nothing but this version (SQL text, EDM model, JSON names): made on first use, once.
    /// </summary>
    /// <param name="key">Identifies the value; a static object or a value tuple.</param>
    public T Once<T>(object key, Func<MetadataSnapshot, T> make)
        where T : class =>
        (T)computed.GetOrAdd(key, static (_, state) => new Lazy<object>(() => state.make(state.self)), (make, self: this)).Value;

    /// <summary>The same metadata with its scripts compiled. What was made once per version is kept: nothing of it depends on images.</summary>
    public MetadataSnapshot WithImages(IReadOnlyDictionary<string, ScriptImage> images)
    {
        var copy = Copy(Version, Entities, images);
        copy.computed = computed;
        return copy;
    }

    /// <summary>The same metadata, saying what the database does not have yet.</summary>
    internal MetadataSnapshot WithBuilds(ImmutableSortedDictionary<string, IndexBuild> open) => OpenBuilds.SequenceEqual(open) ? this : Copy(Version, Entities, Images, open);

    /// <summary>The same metadata under another version number.</summary>
    internal MetadataSnapshot At(long version) => Copy(version, Entities, Images);

    /// <summary>The same metadata, made of the instances of another snapshot where those say the same: what was made of them stays good.</summary>
    internal MetadataSnapshot Reusing(MetadataSnapshot other) =>
        Copy(Version, Entities.Select(entity => other.Find(entity.LogicalName) is { } known && Sameness.Of(entity, known) ? known : entity), Images);

    private MetadataSnapshot Copy(
        long version, IEnumerable<EntityDefinition> entities, IReadOnlyDictionary<string, ScriptImage> images, ImmutableSortedDictionary<string, IndexBuild>? open = null) => new(version, entities)
    {
        OpenBuilds = open ?? OpenBuilds,
        Packs = Packs, Roles = Roles, Apps = Apps, Choices = Choices, Apis = Apis, Scripts = Scripts, Messages = Messages, Images = images,
    };
}
