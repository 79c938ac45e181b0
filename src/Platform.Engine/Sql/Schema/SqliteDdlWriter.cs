using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Platform.Engine.Sql.Schema;

/// <summary>SQLite: a foreign key is written with its column, because it cannot be added later; the table it names need not exist yet.</summary>
internal sealed class SqliteDdlWriter : DdlWriter
{
    internal override string Rescaled(int from, int to) =>
        to > from ? $"{ReplaceColumn.OldValue} * {Power(to - from)}" : $"{ReplaceColumn.OldValue} / {Power(from - to)}";

    internal override string RescaleLoss(string column, int from, int to) => to > from
        ? string.Create(CultureInfo.InvariantCulture, $"{column} NOT BETWEEN {-(long.MaxValue / Power(to - from))} AND {long.MaxValue / Power(to - from)}")
        : $"{column} % {Power(from - to)} <> 0";

    private protected override string InlineReference(ForeignKeyModel? reference) => reference is null ? "" : " " + References(reference);

    private protected override void WriteLaterReference(string table, ColumnModel column, StringBuilder last)
    {
    }

    private protected override string DropTable(string table) => $"DROP TABLE {Quote(table)}";

    private protected override string DeferReferences => "PRAGMA defer_foreign_keys = ON;\n";

    // A foreign key cannot be taken off a table, and one of hidden rows would go on guarding the rows they point to: the
    // rows move to a table without.
    private protected override void WritePark(ParkedTable parked, StringBuilder script)
    {
        var (table, stored) = (Quote(parked.Table.Name), Quote(parked.StoredName));
        if (!HasReferences(parked.Table))
        {
            Line(script, $"ALTER TABLE {table} RENAME TO {stored}");
            return;
        }
        Line(script, $"CREATE TABLE {stored} AS SELECT * FROM {table}");
        Line(script, $"DROP TABLE {table}");
    }

    private protected override void WriteRestore(RestoreTable restore, StringBuilder script, StringBuilder moves, StringBuilder last)
    {
        var (model, stored) = (restore.Model, Quote(restore.Parked.StoredName));
        if (!HasReferences(restore.Parked.Table))
        {
            Line(script, $"ALTER TABLE {stored} RENAME TO {Quote(model.Name)}");
            return;
        }
        WriteTable(model, script, last);
        ImmutableArray<ColumnModel> hidden = [.. restore.Columns.Select(column => column.Stored)];
        foreach (var column in hidden)
        {
            WriteColumn(model.Name, column, script, last);
            if (column.CompanionType is { } type) WriteCompanion(model.Name, column.Name, type, script);
        }
        var names = string.Join(", ", ((IEnumerable<ColumnModel>)[.. model.Columns, .. hidden]).SelectMany(StoredNames).Select(Quote));
        Line(moves, $"INSERT INTO {Quote(model.Name)} ({names}) SELECT {names} FROM {stored}");
        Line(moves, $"DROP TABLE {stored}");
    }

    private protected override void WritePark(ParkedColumn parked, StringBuilder script)
    {
        if (parked.Column.References is null)
        {
            Rename(parked.Table, parked.Column, parked.StoredName, script);
            return;
        }
        var (table, stored, name) = (Quote(parked.Table), Quote(parked.StoredName), Quote(parked.Column.Name));
        WriteColumn(parked.Table, parked.Stored, script, script);
        Line(script, $"UPDATE {table} SET {stored} = {name} WHERE {name} IS NOT NULL");
        Line(script, $"ALTER TABLE {table} DROP COLUMN {name}");
    }

    private protected override bool Serves(ColumnModel restored, ColumnModel next) => restored.IsStoredAs(next);

    private static bool HasReferences(TableModel table) => table.Columns.Any(column => column.References is not null);

    private static IEnumerable<string> StoredNames(ColumnModel column) =>
        column.CompanionType is null ? [column.Name] : [column.Name, SchemaNames.TypeColumn(column.Name)];

    private static long Power(int exponent)
    {
        var power = 1L;
        for (var i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}
