using System.Collections.Immutable;

namespace Platform.OData.Metadata.Types;

/// <summary>Definitions that are gone: the kind at a position of <see cref="Keys"/> is that of the id at the same position of <see cref="Values"/>.</summary>
internal sealed record DeletedMetadataCollection(int Count, bool IsReadOnly, ImmutableArray<DeletedMetadataFilters> Keys, ImmutableArray<Guid> Values)
{
    public static DeletedMetadataCollection Empty { get; } = new(0, false, [], []);
}
