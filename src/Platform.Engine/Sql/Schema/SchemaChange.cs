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
    public override string ToString() => $"add {(Index.Unique ? "key" : "index")} {Index.Name}";
}

public sealed record DropIndex(string Table, IndexModel Index) : SchemaChange(Table)
{
    public override string ToString() => $"drop {(Index.Unique ? "key" : "index")} {Index.Name}";
}
