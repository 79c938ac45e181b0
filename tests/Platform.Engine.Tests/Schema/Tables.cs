using Platform.Engine.Metadata;

namespace Platform.Engine.Tests.Schema;

/// <summary>Small entities for tests of the schema.</summary>
internal static class Tables
{
    public static MetadataSnapshot Snapshot(params EntityDefinition[] entities) => new(1, entities);

    public static EntityDefinition Entity(string name, params AttributeDefinition[] attributes) => Entity(name, attributes, []);

    public static EntityDefinition Entity(
        string name, AttributeDefinition[] attributes, KeyDefinition[] keys, IndexDefinition[]? indexes = null, bool changeTracking = false) =>
        new([Attribute(name + "id", AttributeKind.UniqueIdentifier), Attribute("versionnumber", AttributeKind.BigInt), .. attributes])
        {
            LogicalName = name, SchemaName = name, EntitySetName = name + "s", Title = name, CollectionTitle = name, Pack = "test",
            Ownership = Ownership.None, PrimaryIdAttribute = name + "id", Keys = [.. keys], Indexes = [.. indexes ?? []], ChangeTracking = changeTracking,
        };

    public static AttributeDefinition Text(string name, int maxLength = 100) => new()
    {
        LogicalName = name, SchemaName = name, Kind = AttributeKind.String, Title = name, Pack = "test", MaxLength = maxLength,
    };

    public static AttributeDefinition Attribute(string name, AttributeKind kind, int precision = 2) => new()
    {
        LogicalName = name, SchemaName = name, Kind = kind, Title = name, Pack = "test", Precision = precision,
    };

    public static AttributeDefinition Choice(string name, params int[] values) => new()
    {
        LogicalName = name, SchemaName = name, Kind = AttributeKind.Choice, Title = name, Pack = "test",
        Options = [.. values.Select(value => new ChoiceOption(value, $"option {value}"))],
    };

    public static AttributeDefinition Lookup(string name, params string[] targets) => new()
    {
        LogicalName = name, SchemaName = name, Kind = AttributeKind.Lookup, Title = name, Pack = "test",
        Lookup = new LookupDefinition([.. targets], DeleteBehavior.RemoveLink),
    };

    public static KeyDefinition Key(string name, params string[] attributes) => new(name, name, [.. attributes]);
}
