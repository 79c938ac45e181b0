using System.Collections.Immutable;

namespace Platform.OData.Metadata.Types;

internal sealed record LookupAttributeMetadata : AttributeMetadata
{
    public ImmutableArray<string> Targets { get; init; } = [];

    public LookupFormat? Format { get; init; } = LookupFormat.None;
}

internal sealed record UniqueIdentifierAttributeMetadata : AttributeMetadata;

internal enum LookupFormat
{
    None = 0,
    Connection = 1,
    Regarding = 2,
    Text = 3,
}
