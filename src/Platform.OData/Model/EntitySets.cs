using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Platform.Engine.Metadata;

namespace Platform.OData.Model;

/// <summary>Entities by the name of their set, found by a piece of a URL without making a string of it.</summary>
internal sealed class EntitySets
{
    private static readonly object Key = new();

    private readonly FrozenDictionary<string, EntityDefinition> sets;

    private EntitySets(MetadataSnapshot metadata) =>
        sets = metadata.Entities.ToFrozenDictionary(entity => entity.EntitySetName, StringComparer.Ordinal);

    public static EntitySets Of(MetadataSnapshot metadata) => metadata.Once(Key, static metadata => new EntitySets(metadata));

    public bool TryFind(ReadOnlySpan<char> name, [NotNullWhen(true)] out EntityDefinition? entity) =>
        sets.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out entity);
}
