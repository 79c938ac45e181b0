using System.Runtime.CompilerServices;
using Platform.Engine.Metadata;

namespace Platform.Engine.Sql.Schema;

/// <summary>The tables of entities, made once for each definition: a version takes over most definitions of the one before.</summary>
internal sealed class TableModels(SqlDialect dialect)
{
    private readonly ConditionalWeakTable<EntityDefinition, TableModel> made = [];

    /// <summary>Tables that a version's entities are stored in.</summary>
    public SchemaModel Of(MetadataSnapshot metadata) => new([.. metadata.Entities.Select(entity => Of(entity, metadata))]);

    private TableModel Of(EntityDefinition entity, MetadataSnapshot metadata)
    {
        if (made.TryGetValue(entity, out var known) && known.Columns.All(column => StillRefers(column, metadata))) return known;
        var table = TableModel.Of(entity, metadata, dialect);
        made.AddOrUpdate(entity, table);
        return table;
    }

    // The one thing in a table that another entity decides.
    private static bool StillRefers(ColumnModel column, MetadataSnapshot metadata) =>
        column.References is not { } reference || metadata.Find(reference.Table)?.PrimaryIdAttribute == reference.Column;
}
