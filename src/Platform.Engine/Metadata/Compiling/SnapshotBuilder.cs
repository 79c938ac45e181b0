using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Makes the immutable snapshot of a draft without errors.</summary>
internal static class SnapshotBuilder
{
    public static MetadataSnapshot Build(MetadataDraft draft, long version) => new(version, draft.Entities.Values.Select(Build))
    {
        Packs = [.. draft.Packs.Select(pack => pack.Build(draft.Seeds.Where(seed => seed.Pack == pack).Select(seed => seed.File)))],
        Roles = [.. draft.Roles],
        Apps = [.. draft.Apps],
        Choices = [.. draft.Choices.Values],
        Apis = [.. draft.Apis.Values.Select(api => api.Build())],
        Scripts = draft.Scripts.ToFrozenDictionary(StringComparer.Ordinal),
        Messages = draft.Messages.ToFrozenDictionary(StringComparer.Ordinal),
    };

    /// <summary>Columns in the order: primary key, those of the files, those that every table has.</summary>
    private static EntityDefinition Build(EntityDraft entity) => entity.Settled?.Among(OneToMany(entity), ManyToMany(entity)) ??
        new EntityDefinition(entity.Attributes
            .OrderBy(attribute => attribute.Name != entity.PrimaryIdAttribute)
            .Select((attribute, ordinal) => attribute.Build(ordinal)))
        {
            LogicalName = entity.Name,
            SchemaName = entity.SchemaName,
            EntitySetName = entity.EntitySetName,
            Title = entity.Title,
            CollectionTitle = entity.CollectionTitle,
            Description = entity.Description,
            Pack = entity.Pack.Id,
            Ownership = entity.Ownership,
            PrimaryIdAttribute = entity.PrimaryIdAttribute,
            PrimaryNameAttribute = entity.PrimaryNameAttribute,
            IsActivity = entity.IsActivity,
            Audited = entity.Audited,
            ChangeTracking = entity.ChangeTracking,
            EngineOwned = entity.EngineOwned,
            IsIntersect = entity.IsIntersect,
            Icon = entity.Icon,
            Keys = [.. entity.Keys.Select(key => new KeyDefinition(key.Name, key.Title, Columns(key)))],
            Indexes = [.. entity.Indexes.Select(index => new IndexDefinition(index.Name, Columns(index)))],
            ManyToOne = [.. entity.ManyToOne],
            OneToMany = OneToMany(entity),
            ManyToMany = ManyToMany(entity),
            Forms = [.. entity.Forms],
            Views = [.. entity.Views],
            // OrderBy is stable: equal ranks stay in the order of packs and files.
            Steps = [.. entity.Steps.OrderBy(step => step.Rank)],
        };

    private static ImmutableArray<RelationshipDefinition> OneToMany(EntityDraft entity) => [.. entity.OneToMany];

    private static ImmutableArray<ManyToManyDefinition> ManyToMany(EntityDraft entity) => [.. entity.ManyToMany.OrderBy(relationship => relationship.Name, StringComparer.Ordinal)];

    private static ImmutableArray<string> Columns(KeyDraft key) => [.. key.Attributes.Select(node => node.Value.GetString()!)];
}
