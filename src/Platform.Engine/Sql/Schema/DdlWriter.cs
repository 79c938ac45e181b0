using System.Collections.Immutable;
using System.Text;
using Platform.Engine.Sql.PostgreSql;

namespace Platform.Engine.Sql.Schema;

/// <summary>Spells changes of the schema in one database's SQL.</summary>
/// <remarks>
/// Foreign keys are checked by the statement that breaks them and take no action of their own: delete behaviour is the
/// engine's, through the pipeline. Deferred ones would speak up at COMMIT, which on SQLite many messages share: one
/// wrong reference would take all of them down.
/// </remarks>
public abstract class DdlWriter
{
    public static DdlWriter For(SqlDialect dialect) => dialect is PostgreSqlDialect ? new PostgreSqlDdlWriter() : new SqliteDdlWriter();

    /// <summary>Statements that make all changes, each ended by a semicolon.</summary>
    public string Script(IEnumerable<SchemaChange> changes) => string.Concat(Pieces(changes).Select(piece => piece.Sql));

    /// <summary>The script in the pieces of which each makes one change; the last one, without a change, is what waits for all of them.</summary>
    public IEnumerable<(SchemaChange? Change, string Sql)> Pieces(IEnumerable<SchemaChange> changes)
    {
        var script = new StringBuilder();
        var last = new StringBuilder();
        ImmutableArray<SchemaChange> all = [.. changes];
        if (all.Any(change => change is ParkTable or RestoreTable or Schema.DropTable or RestoreColumn)) script.Append(DeferReferences);
        var moves = new StringBuilder();
        foreach (var change in all)
        {
            // Rows come back once all tables are there that they may point to, and before their columns change.
            if (change is not (AddTable or RestoreTable)) Flush(moves, script);
            Write(change, script, moves, last);
            yield return (change, script.ToString());
            script.Clear();
        }
        Flush(moves, script);
        foreach (var change in all) Repair(change, script);
        yield return (null, script.Append(last).ToString());
    }

    /// <summary>Statements that build an index beside the work on its table, whatever an earlier attempt left behind; each executed by itself.</summary>
    public ImmutableArray<string> Aside(string table, IndexModel index) => [DropAside(index), Create(table, index, Aside())];

    /// <summary>Takes away what an attempt to build an index has left.</summary>
    public string DropAside(IndexModel index) => $"DROP INDEX {Aside()}IF EXISTS {Quote(index.Name)}";

    /// <summary>Word with which writers go on while an index comes or goes; empty where there is none.</summary>
    private protected virtual string Aside() => "";

    private static string Create(string table, IndexModel index, string aside) =>
        $"CREATE {(index.Unique ? "UNIQUE " : "")}INDEX {aside}{Quote(index.Name)} ON {Quote(table)} ({string.Join(", ", index.Terms)})";

    private static void Flush(StringBuilder moves, StringBuilder script)
    {
        script.Append(moves);
        moves.Clear();
    }

    /// <summary>Lets tables and columns that point at each other come and go in any order; checked when the transaction ends.</summary>
    private protected virtual string DeferReferences => "";

    /// <summary>Value of a decimal column after a change of its scale, over <see cref="ReplaceColumn.OldValue"/>.</summary>
    internal abstract string Rescaled(int from, int to);

    /// <summary>Condition on rows whose decimal would change or no longer fit.</summary>
    /// <param name="column">Quoted column.</param>
    internal abstract string RescaleLoss(string column, int from, int to);

    private protected abstract string InlineReference(ForeignKeyModel? reference);

    /// <summary>Writes a foreign key that is added once all tables are there.</summary>
    private protected abstract void WriteLaterReference(string table, ColumnModel column, StringBuilder last);

    private protected abstract string DropTable(string table);

    private protected static string References(ForeignKeyModel reference) =>
        $"REFERENCES {Quote(reference.Table)} ({Quote(reference.Column)})";

    private protected static string Quote(string name) => SqlDialect.Quote(name);

    private void Write(SchemaChange change, StringBuilder script, StringBuilder moves, StringBuilder last)
    {
        switch (change)
        {
            case AddTable add:
                WriteTable(add.Model, script, last);
                break;
            case DropTable drop:
                Line(script, DropTable(drop.Table));
                break;
            case ParkTable park:
                WritePark(park.Parked, script);
                break;
            case RestoreTable restore:
                WriteRestore(restore, script, moves, last);
                break;
            case ParkColumn park:
                WritePark(park.Parked, script);
                break;
            case RestoreColumn restore:
                WriteRestore(restore, script, last);
                break;
            case AddColumn add:
                WriteColumn(add.Table, add.Column, script, last);
                if (add.Column.CompanionType is { } type) WriteCompanion(add.Table, add.Column.Name, type, script);
                break;
            case DropColumn drop:
                Line(script, $"ALTER TABLE {Quote(drop.Table)} DROP COLUMN {Quote(drop.Column.Name)}");
                if (drop.Column.CompanionType is not null) DropCompanion(drop.Table, drop.Column.Name, script);
                break;
            case ReplaceColumn replace:
                WriteReplacement(replace, script, last);
                break;
            case AddIndex add:
                Line(script, Create(add.Table, add.Index, ""));
                break;
            case BuildIndex:
                break;
            case DropIndex drop:
                Line(script, $"DROP INDEX IF EXISTS {Quote(drop.Index.Name)}");
                break;
            default:
                throw new InvalidOperationException($"{change.GetType().Name} has no SQL.");
        }
    }

    private protected abstract void WritePark(ParkedTable parked, StringBuilder script);

    /// <param name="moves">Statements that bring the rows, for when all tables are there.</param>
    private protected abstract void WriteRestore(RestoreTable restore, StringBuilder script, StringBuilder moves, StringBuilder last);

    private protected abstract void WritePark(ParkedColumn parked, StringBuilder script);

    /// <summary>True when a column under its old name can stay as it is to be the new one, foreign key aside.</summary>
    private protected abstract bool Serves(ColumnModel restored, ColumnModel next);

    private void WriteRestore(RestoreColumn restore, StringBuilder script, StringBuilder last)
    {
        var restored = restore.Parked.Column with { References = null };
        Rename(restore.Table, restore.Parked.Stored, restored.Name, script);
        if (Serves(restored, restore.Column)) WriteLaterReference(restore.Table, restore.Column, last);
        else WriteReplacement(new ReplaceColumn(restore.Table, restored, restore.Column, restore.Value), script, last);
    }

    private protected static void Rename(string table, ColumnModel column, string name, StringBuilder script)
    {
        Line(script, $"ALTER TABLE {Quote(table)} RENAME COLUMN {Quote(column.Name)} TO {Quote(name)}");
        if (column.CompanionType is not null)
            Line(script, $"ALTER TABLE {Quote(table)} RENAME COLUMN {Quote(SchemaNames.TypeColumn(column.Name))} TO {Quote(SchemaNames.TypeColumn(name))}");
    }

    // While a lookup was parked, rows that it pointed to may have been deleted.
    private static void Repair(SchemaChange change, StringBuilder script)
    {
        ImmutableArray<ColumnModel> lookups = change switch
        {
            RestoreTable restore => restore.Model.Columns,
            RestoreColumn restore => [restore.Column],
            _ => [],
        };
        ImmutableArray<string> ends = change is RestoreTable { Model.Ends: var pair } ? pair : [];
        foreach (var column in lookups.Where(column => column.References is not null))
        {
            var (name, reference) = (Quote(column.Name), column.References!);
            var gone = $"NOT EXISTS (SELECT 1 FROM {Quote(reference.Table)} AS x WHERE x.{Quote(reference.Column)} = {Quote(change.Table)}.{name})";
            // A pair goes with either of its rows.
            Line(script, ends.Contains(column.Name) ? $"DELETE FROM {Quote(change.Table)} WHERE {gone}" : $"UPDATE {Quote(change.Table)} SET {name} = NULL WHERE {name} IS NOT NULL AND {gone}");
        }
    }

    private protected void WriteTable(TableModel table, StringBuilder script, StringBuilder last)
    {
        var lines = new List<string>();
        foreach (var column in table.Columns)
        {
            var constraint = column.Name == table.PrimaryKey ? " NOT NULL PRIMARY KEY" : column.NotNull ? " NOT NULL" : "";
            lines.Add($"{Quote(column.Name)} {column.Type}{constraint}{InlineReference(column.References)}");
            if (column.CompanionType is { } type) lines.Add($"{Quote(SchemaNames.TypeColumn(column.Name))} {type}");
            WriteLaterReference(table.Name, column, last);
        }
        Line(script, $"CREATE TABLE {Quote(table.Name)} (\n  {string.Join(",\n  ", lines)}\n)");
    }

    private protected void WriteColumn(string table, ColumnModel column, StringBuilder script, StringBuilder last)
    {
        Line(script, $"ALTER TABLE {Quote(table)} ADD COLUMN {Quote(column.Name)} {column.Type}{InlineReference(column.References)}");
        WriteLaterReference(table, column, last);
    }

    // Neither database changes every property of a column in place (SQLite none at all): the values move to a new one.
    private void WriteReplacement(ReplaceColumn replace, StringBuilder script, StringBuilder last)
    {
        var table = Quote(replace.Table);
        var (old, next) = (replace.Old, replace.New);
        var parked = Quote(SchemaNames.Moving(next.Name));
        Line(script, $"ALTER TABLE {table} RENAME COLUMN {Quote(old.Name)} TO {parked}");
        WriteColumn(replace.Table, next, script, last);
        if (old.CompanionType is not null && next.CompanionType is null) DropCompanion(replace.Table, old.Name, script);
        if (old.CompanionType is null && next.CompanionType is { } type) WriteCompanion(replace.Table, next.Name, type, script);

        if (replace.Value is { } value)
        {
            var companion = old is { CompanionType: null, Targets: [var target] } && next.CompanionType is not null
                ? $", {Quote(SchemaNames.TypeColumn(next.Name))} = '{target}'"
                : "";
            Line(script, $"UPDATE {table} SET {Quote(next.Name)} = {value.Replace(ReplaceColumn.OldValue, parked, StringComparison.Ordinal)}{companion} WHERE {parked} IS NOT NULL");
        }
        Line(script, $"ALTER TABLE {table} DROP COLUMN {parked}");
    }

    private protected static void WriteCompanion(string table, string lookup, string type, StringBuilder script) =>
        Line(script, $"ALTER TABLE {Quote(table)} ADD COLUMN {Quote(SchemaNames.TypeColumn(lookup))} {type}");

    private static void DropCompanion(string table, string lookup, StringBuilder script) =>
        Line(script, $"ALTER TABLE {Quote(table)} DROP COLUMN {Quote(SchemaNames.TypeColumn(lookup))}");

    private protected static void Line(StringBuilder script, string statement) => script.Append(statement).Append(";\n");
}
