using System.Collections.Immutable;
using System.Globalization;

namespace Platform.Engine.Sql.Schema;

/// <summary>One thing done to the database. Its text is what a plan shows to people.</summary>
public abstract record SchemaChange(string Table);

public sealed record AddTable(TableModel Model) : SchemaChange(Model.Name)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"add table {Table} ({Model.Columns.Length} columns)");
}

public sealed record DropTable(string Table) : SchemaChange(Table)
{
    public override string ToString() => $"drop table {Table}";
}

public sealed record AddColumn(string Table, ColumnModel Column) : SchemaChange(Table)
{
    public override string ToString() => $"add column {Table}.{Column.Name}";
}

public sealed record DropColumn(string Table, ColumnModel Column) : SchemaChange(Table)
{
    public override string ToString() => $"drop column {Table}.{Column.Name}";
}

/// <summary>Hides a table and keeps its rows. Its indexes are gone.</summary>
public sealed record ParkTable(ParkedTable Parked) : SchemaChange(Parked.Table.Name)
{
    public override string ToString() => $"park table {Table}";
}

/// <summary>Brings a parked table back with its rows. Its indexes are made anew.</summary>
/// <param name="Model">As it comes back: with the foreign keys that it is to have.</param>
/// <param name="Columns">Columns that were parked in it before it was itself.</param>
public sealed record RestoreTable(ParkedTable Parked, TableModel Model, ImmutableArray<ParkedColumn> Columns) : SchemaChange(Parked.Table.Name)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"restore table {Table} (parked by version {Parked.Version})");
}

/// <summary>Hides a column and keeps its values.</summary>
public sealed record ParkColumn(ParkedColumn Parked) : SchemaChange(Parked.Table)
{
    public override string ToString() => $"park column {Table}.{Parked.Column.Name}";
}

/// <summary>Brings a parked column back with its values.</summary>
/// <param name="Column">As it is now.</param>
/// <param name="Value">Expression over the parked value, which it names <see cref="ReplaceColumn.OldValue"/>.</param>
public sealed record RestoreColumn(ParkedColumn Parked, ColumnModel Column, string Value) : SchemaChange(Parked.Table)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"restore column {Table}.{Column.Name} (parked by version {Parked.Version})");
}

/// <summary>Stores an attribute in another way. Values are carried over.</summary>
/// <param name="Value">Expression over the old value, which it names <see cref="OldValue"/>; <c>null</c> when no row has a value.</param>
public sealed record ReplaceColumn(string Table, ColumnModel Old, ColumnModel New, string? Value) : SchemaChange(Table)
{
    /// <summary>Stands for the old column in <see cref="Value"/>.</summary>
    public const string OldValue = "{old}";

    public override string ToString() => $"change column {Table}.{New.Name}";
}

public sealed record AddIndex(string Table, IndexModel Index) : SchemaChange(Table)
{
    /// <summary>The table does without it so far: it can be built beside the work on the table, after the publish.</summary>
    public bool CanWait { get; init; }

    /// <summary>Name under which the table's rows are found before the plan is carried out.</summary>
    public string Stored { get; init; } = Table;

    public override string ToString() => $"add {(Index.Unique ? "key" : "index")} {Index.Name}";
}

/// <summary>Leaves an index to be built beside the work on its table, after the publish.</summary>
public sealed record BuildIndex(string Table, IndexModel Index) : SchemaChange(Table)
{
    public override string ToString() => $"build {(Index.Unique ? "key" : "index")} {Index.Name} in the background";
}

/// <summary>Drops an index; one that was never built is simply no longer asked for.</summary>
public sealed record DropIndex(string Table, IndexModel Index) : SchemaChange(Table)
{
    public override string ToString() => $"drop {(Index.Unique ? "key" : "index")} {Index.Name}";
}
