using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Platform.OData.Metadata.Model;
using Platform.OData.Metadata.Projection;
using Platform.OData.Metadata.Queries;
using Platform.OData.Metadata.Types;
using Platform.OData.Metadata.Writing;
using Platform.OData.Writing;

namespace Platform.OData.Metadata.Changes;

/// <summary>
/// What became of the definitions between two versions. Two definitions are the same when clients see the same of them:
/// what is compared is what would be written.
/// </summary>
/// <param name="Changed">Tables that are new or different, or have something that is; of what belongs to them, what is new or different.</param>
/// <param name="Gone">Ids of definitions that are no more.</param>
internal sealed record MetadataDelta(ImmutableArray<EntityMetadata> Changed, ImmutableArray<(DeletedMetadataFilters Kind, Guid Id)> Gone)
{
    public static MetadataDelta Between(MetadataCatalog before, MetadataCatalog after)
    {
        var known = Definitions(before).ToDictionary(definition => definition.MetadataId!.Value, definition => definition);
        var changed = after.Entities.Select(entity => Compare(entity, known)).OfType<EntityMetadata>();
        var still = Definitions(after).Select(definition => definition.MetadataId!.Value).ToHashSet();
        var gone = known.Where(entry => !still.Contains(entry.Key)).Select(entry => (KindOf(entry.Value), entry.Key));
        return new MetadataDelta([.. changed], [.. gone]);
    }

    /// <summary>The ids of some kinds, in the form of the answer.</summary>
    public DeletedMetadataCollection Deleted(DeletedMetadataFilters kinds)
    {
        var meant = Gone.Where(item => kinds.HasFlag(item.Kind)).ToList();
        return new DeletedMetadataCollection(meant.Count, false, [.. meant.Select(item => item.Kind)], [.. meant.Select(item => item.Id)]);
    }

    private static EntityMetadata? Compare(EntityMetadata entity, Dictionary<Guid, MetadataBase> known)
    {
        var compared = entity with
        {
            HasChanged = IsChanged(entity, known),
            Attributes = Changes(entity.Attributes, known),
            Keys = Changes(entity.Keys, known),
            ManyToManyRelationships = Changes(entity.ManyToManyRelationships, known),
            ManyToOneRelationships = Changes(entity.ManyToOneRelationships, known),
            OneToManyRelationships = Changes(entity.OneToManyRelationships, known),
        };
        var inside = compared.Attributes.Length + compared.Keys.Length + compared.ManyToManyRelationships.Length + compared.ManyToOneRelationships.Length + compared.OneToManyRelationships.Length;
        return compared.HasChanged == true || inside > 0 ? compared : null;
    }

    private static ImmutableArray<T> Changes<T>(ImmutableArray<T> items, Dictionary<Guid, MetadataBase> known)
        where T : MetadataBase => [.. items.Where(item => IsChanged(item, known)).Select(item => item with { HasChanged = true })];

    private static bool IsChanged(MetadataBase item, Dictionary<Guid, MetadataBase> known)
    {
        if (!known.TryGetValue(item.MetadataId!.Value, out var before) || before.GetType() != item.GetType()) return true;
        return !Bytes(before).SequenceEqual(Bytes(item));
    }

    private static ReadOnlySpan<byte> Bytes(MetadataBase definition)
    {
        var type = MetadataType.Of(definition);
        // The values of a choice belong to its column, what belongs to a table is compared by itself.
        var selection = definition is EntityMetadata ? Selection.Everything : MetadataSelections.Whole(type);
        var bytes = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(bytes, JsonText.Options)) new MetadataWriter(json, []).WriteObject(definition, type, selection);
        return bytes.WrittenSpan;
    }

    private static IEnumerable<MetadataBase> Definitions(MetadataCatalog catalog) =>
        catalog.Entities.SelectMany(entity => (IEnumerable<MetadataBase>)[entity, .. entity.Attributes, .. entity.Keys]).Concat(catalog.Relationships).Concat(catalog.OptionSets);

    private static DeletedMetadataFilters KindOf(MetadataBase definition) => definition switch
    {
        EntityMetadata => DeletedMetadataFilters.Entity,
        RelationshipMetadataBase => DeletedMetadataFilters.Relationship,
        OptionSetMetadataBase => DeletedMetadataFilters.OptionSet,
        // Dataverse has no word for keys; they go with the columns.
        _ => DeletedMetadataFilters.Attribute,
    };
}
