using System.Collections.Frozen;
using System.Collections.Immutable;
using Platform.Engine.Metadata;
using Platform.OData.Metadata.Model;
using Platform.OData.Metadata.Types;

namespace Platform.OData.Metadata.Projection;

/// <summary>All definitions of a metadata version as Dataverse describes them, for callers of one language. Immutable; made once per version and language.</summary>
internal sealed class MetadataCatalog
{
    private static readonly object Key = new();

    private readonly FrozenDictionary<string, EntityMetadata> byName;
    private readonly Lazy<ImmutableArray<SavedQuery>> views;

    private MetadataCatalog(MetadataSnapshot metadata, string language)
    {
        var labels = new LabelProjection(language);
        var options = new OptionSetProjection(metadata, labels);
        var relationships = new RelationshipProjection(metadata, labels);
        var attributes = new AttributeProjection(labels, options);
        var entities = new EntityProjection(metadata, labels, attributes, relationships, ObjectTypeCodes.Of(metadata));
        Entities = [.. metadata.Entities.Select(entities.Of)];
        Relationships =
        [
            .. Entities.SelectMany(entity => entity.ManyToOneRelationships.Cast<RelationshipMetadataBase>().Concat(entity.ManyToManyRelationships))
                .Distinct(ReferenceEqualityComparer.Instance).Cast<RelationshipMetadataBase>()
                .OrderBy(relationship => relationship.SchemaName, StringComparer.Ordinal),
        ];
        OptionSets = options.Global;
        views = new(() => [.. metadata.Entities.SelectMany(entity => entity.Views, new SavedQueryProjection(metadata, language).Of)]);
        byName = Entities.ToFrozenDictionary(entity => entity.LogicalName!, StringComparer.Ordinal);
    }

    /// <summary>In the order of their names.</summary>
    public ImmutableArray<EntityMetadata> Entities { get; }

    /// <summary>1:N and N:N, in the order of their names.</summary>
    public ImmutableArray<RelationshipMetadataBase> Relationships { get; }

    /// <summary>The choices that tables share.</summary>
    public ImmutableArray<OptionSetMetadataBase> OptionSets { get; }

    /// <summary>By their tables, in the order in which a list offers them.</summary>
    public ImmutableArray<SavedQuery> Views => views.Value;

    /// <param name="language">Two letters; one that no label has is as good as English.</param>
    public static MetadataCatalog Of(MetadataSnapshot metadata, string language) => metadata.Once((Key, language), version => new MetadataCatalog(version, language));

    /// <summary>The table with a logical name; <c>null</c> when there is none.</summary>
    public EntityMetadata? Find(string logicalName) => byName.GetValueOrDefault(logicalName);

    /// <summary>The definitions of an entity set.</summary>
    /// <param name="set">One of <see cref="MetadataModel.Sets"/>.</param>
    public IEnumerable<object> Of(string set) => set switch
    {
        MetadataModel.EntitySet => Entities,
        MetadataModel.RelationshipSet => Relationships,
        MetadataModel.OptionSetSet => OptionSets,
        MetadataModel.ViewSet => Views,
        _ => throw new InvalidOperationException($"'{set}' is no set of definitions."),
    };
}
