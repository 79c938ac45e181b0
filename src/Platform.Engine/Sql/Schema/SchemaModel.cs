using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Sql.Schema;

/// <summary>
/// What the database holds, in its own terms. Stored with each deployed version, so that the next one is compared with
/// what is there, not with what a newer engine would have made of the same files.
/// </summary>
/// <param name="Tables">In the order of their names.</param>
public sealed record SchemaModel(ImmutableArray<TableModel> Tables)
{
    public static SchemaModel Empty { get; } = new([]);

    /// <summary>What earlier versions stored and this one does not: hidden under other names until it is purged, or asked for again.</summary>
    public ImmutableArray<ParkedTable> ParkedTables { get; init; } = [];

    /// <summary>Columns taken out of tables; the table may be parked by now, and is named as it is stored.</summary>
    public ImmutableArray<ParkedColumn> ParkedColumns { get; init; } = [];

    /// <summary>Tables that a version's entities are stored in.</summary>
    public static SchemaModel Of(MetadataSnapshot metadata, SqlDialect dialect) =>
        new([.. metadata.Entities.Select(entity => TableModel.Of(entity, metadata, dialect))]);

    /// <summary>This model with what is parked once the changes are made to a database that held <paramref name="before"/>.</summary>
    public SchemaModel After(SchemaModel before, IEnumerable<SchemaChange> changes)
    {
        var tables = before.ParkedTables.ToList();
        var columns = before.ParkedColumns.ToList();
        foreach (var change in changes)
        {
            switch (change)
            {
                case ParkTable park:
                    tables.Add(park.Parked);
                    Move(park.Table, park.Parked.StoredName);
                    break;
                case RestoreTable restore:
                    tables.Remove(restore.Parked);
                    Move(restore.Parked.StoredName, restore.Table);
                    break;
                case DropTable drop:
                    columns.RemoveAll(column => column.Table == drop.Table);
                    break;
                case ParkColumn park:
                    columns.Add(park.Parked);
                    break;
                case RestoreColumn restore:
                    columns.RemoveAll(column => column.StoredName == restore.Parked.StoredName && column.Table == restore.Table);
                    break;
            }
        }
        return this with { ParkedTables = [.. tables], ParkedColumns = [.. columns] };

        // Columns that were parked in a table go and come with it.
        void Move(string from, string to)
        {
            for (var at = 0; at < columns.Count; at++)
            {
                if (columns[at].Table == from) columns[at] = columns[at] with { Table = to };
            }
        }
    }
}

/// <summary>A column: how an attribute is stored, and what has to be known to tell whether a change loses data.</summary>
public sealed record ColumnModel
{
    public required string Name { get; init; }

    /// <summary>Id of the pack that declares the attribute.</summary>
    public required string Pack { get; init; }

    public required AttributeKind Kind { get; init; }

    /// <summary>Type and collation as the database spells them.</summary>
    public required string Type { get; init; }

    /// <summary>Primary key and row version only: that a value is required is the engine's rule, so that a new required column neither loses rows nor invents values.</summary>
    public bool NotNull { get; init; }

    /// <summary>Longest text; 0 for other kinds.</summary>
    public int MaxLength { get; init; }

    /// <summary>Digits stored after the decimal point; 0 for other kinds.</summary>
    public int Scale { get; init; }

    /// <summary>Values of an option column; empty for other kinds.</summary>
    public ImmutableArray<int> Options { get; init; } = [];

    /// <summary>Entities a lookup may point to; empty for other kinds.</summary>
    public ImmutableArray<string> Targets { get; init; } = [];

    /// <summary>Type of the companion column of a polymorphic lookup; <c>null</c> when there is none.</summary>
    public string? CompanionType { get; init; }

    /// <summary>Primary key that the database itself demands to exist; <c>null</c> for none.</summary>
    public ForeignKeyModel? References { get; init; }

    /// <summary>Stored alike: nothing has to be done to the column itself.</summary>
    public bool IsStoredAs(ColumnModel other) =>
        Type == other.Type && Scale == other.Scale && CompanionType == other.CompanionType && References == other.References;
}

/// <param name="Name">Constraint's name.</param>
public sealed record ForeignKeyModel(string Name, string Table, string Column);

/// <param name="Columns">Columns it depends on.</param>
/// <param name="Terms">What is indexed, as the database spells it.</param>
public sealed record IndexModel(string Name, bool Unique, ImmutableArray<string> Columns, ImmutableArray<string> Terms)
{
    public bool IsSameAs(IndexModel other) => Name == other.Name && Unique == other.Unique && Terms.SequenceEqual(other.Terms);
}
