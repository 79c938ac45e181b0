using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Platform.Engine.Metadata;

namespace Platform.Engine.Sql.Schema;

/// <summary>The table of an entity: its name is the logical name, its columns are the attributes.</summary>
public sealed record TableModel(string Name, string Pack, string PrimaryKey, ImmutableArray<ColumnModel> Columns, ImmutableArray<IndexModel> Indexes)
{
    /// <summary>Of an intersect table the lookups to the two ends: a row without one of them is no pair. They are stored like other columns: no part of the stored schema.</summary>
    [JsonIgnore]
    public ImmutableArray<string> Ends { get; init; } = [];

    public ColumnModel? Find(string column) => Columns.FirstOrDefault(known => known.Name == column);

    /// <summary>The table that an entity's rows are stored in.</summary>
    public static TableModel Of(EntityDefinition entity, MetadataSnapshot metadata, SqlDialect dialect) => new(
        entity.LogicalName,
        entity.Pack,
        entity.PrimaryIdAttribute,
        [.. entity.Stored.Select(attribute => Column(entity, attribute, metadata, dialect))],
        [.. IndexesOf(entity, dialect)])
    {
        Ends = entity.IsIntersect ? [.. entity.Attributes.Where(attribute => attribute is { Required: true, Lookup.OnDelete: DeleteBehavior.Cascade }).Select(attribute => attribute.LogicalName)] : [],
    };

    private static ColumnModel Column(EntityDefinition entity, AttributeDefinition attribute, MetadataSnapshot metadata, SqlDialect dialect) => new()
    {
        Name = attribute.LogicalName,
        Pack = attribute.Pack,
        Kind = attribute.Kind,
        Type = dialect.ColumnType(attribute),
        NotNull = attribute.LogicalName == entity.PrimaryIdAttribute || attribute.LogicalName == SystemAttributes.VersionNumber,
        MaxLength = attribute.IsText ? attribute.MaxLength : 0,
        Scale = attribute.Kind is AttributeKind.Decimal or AttributeKind.Money ? attribute.StoredScale : 0,
        Options = attribute.IsOption || attribute.Kind == AttributeKind.MultiChoice ? [.. attribute.Options.Select(option => option.Value)] : [],
        Targets = attribute.Lookup?.Targets ?? [],
        CompanionType = attribute.IsPolymorphic ? dialect.TypeNameColumnType : null,
        References = Reference(entity, attribute, metadata),
    };

    // A polymorphic lookup points into several tables, which no foreign key can say. What the engine records (the audit)
    // outlives what it speaks of, and begins before the first user exists.
    private static ForeignKeyModel? Reference(EntityDefinition entity, AttributeDefinition attribute, MetadataSnapshot metadata)
    {
        if (attribute.Lookup is not { Targets: [var target] } || IsAuthorship(attribute) || entity.EngineOwned) return null;
        return new ForeignKeyModel(
            SchemaNames.ForeignKey(entity.LogicalName, attribute.LogicalName),
            target,
            metadata.Entity(target).PrimaryIdAttribute);
    }

    // Who created and modified a row stands in every row of every table. Users are disabled, never deleted: checking
    // and indexing it would make each write dearer and guard against nothing.
    private static bool IsAuthorship(AttributeDefinition attribute) =>
        attribute.LogicalName is SystemAttributes.CreatedBy or SystemAttributes.ModifiedBy;

    private static IEnumerable<IndexModel> IndexesOf(EntityDefinition entity, SqlDialect dialect)
    {
        foreach (var key in entity.Keys)
        {
            yield return new IndexModel(
                SchemaNames.KeyIndex(entity.LogicalName, key.Name), true, key.Attributes, Terms(entity, key.Attributes, dialect));
        }

        foreach (var attribute in entity.Attributes.Where(attribute => attribute.Lookup is not null && !IsAuthorship(attribute)))
            yield return SystemIndex(entity, attribute.LogicalName);

        if (entity.ChangeTracking) yield return SystemIndex(entity, SystemAttributes.VersionNumber);

        foreach (var index in entity.Indexes)
        {
            // Lists are ordered by these attributes and then by the primary key: with it at the end, a page is one walk along the index.
            ImmutableArray<string> columns = index.Attributes.Contains(entity.PrimaryIdAttribute) ? index.Attributes : [.. index.Attributes, entity.PrimaryIdAttribute];
            yield return new IndexModel(
                SchemaNames.Index(entity.LogicalName, index.Name), false, columns, [.. Terms(entity, columns, dialect).Select(term => dialect.OrderTerm(term, descending: false))]);
        }
    }

    private static IndexModel SystemIndex(EntityDefinition entity, string attribute) =>
        new(SchemaNames.SystemIndex(entity.LogicalName, attribute), false, [attribute], [SqlDialect.Quote(attribute)]);

    private static ImmutableArray<string> Terms(EntityDefinition entity, ImmutableArray<string> attributes, SqlDialect dialect) =>
        [.. attributes.Select(name => Term(entity.Attribute(name), dialect))];

    // Texts are indexed by what they are compared by, so that a key ignores case exactly as a comparison does.
    private static string Term(AttributeDefinition attribute, SqlDialect dialect)
    {
        var column = SqlDialect.Quote(attribute.LogicalName);
        if (!attribute.IsText) return column;
        var key = dialect.TextKey(column);
        return key == column ? column : $"({key})";
    }
}
