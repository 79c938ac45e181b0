using System.Globalization;
using System.Text;

namespace Platform.Engine.Sql.Schema;

/// <summary>PostgreSQL: foreign keys are added after all tables, which may point at each other in a circle.</summary>
internal sealed class PostgreSqlDdlWriter : DdlWriter
{
    /// <summary>Digits of <c>numeric(28, scale)</c>: those of .NET's decimal.</summary>
    private const int Digits = 28;

    internal override string Rescaled(int from, int to) => ReplaceColumn.OldValue;

    internal override string RescaleLoss(string column, int from, int to) => to > from
        ? string.Create(CultureInfo.InvariantCulture, $"abs({column}) >= 1e{Digits - to}")
        : string.Create(CultureInfo.InvariantCulture, $"{column} <> round({column}, {to})");

    private protected override string Aside() => "CONCURRENTLY ";

    private protected override string InlineReference(ForeignKeyModel? reference) => "";

    private protected override void WriteLaterReference(string table, ColumnModel column, StringBuilder last)
    {
        if (column.References is not { } reference) return;
        Line(last, $"ALTER TABLE {Quote(table)} ADD CONSTRAINT {Quote(reference.Name)} FOREIGN KEY ({Quote(column.Name)}) {References(reference)}");
    }

    private protected override void WritePark(ParkedTable parked, StringBuilder script)
    {
        foreach (var column in parked.Table.Columns) DropReference(parked.Table.Name, column, script);
        Line(script, $"ALTER TABLE {Quote(parked.Table.Name)} RENAME TO {Quote(parked.StoredName)}");
    }

    private protected override void WriteRestore(RestoreTable restore, StringBuilder script, StringBuilder moves, StringBuilder last)
    {
        var model = restore.Model;
        Line(script, $"ALTER TABLE {Quote(restore.Parked.StoredName)} RENAME TO {Quote(model.Name)}");
        foreach (var column in model.Columns) WriteLaterReference(model.Name, column, last);
    }

    private protected override void WritePark(ParkedColumn parked, StringBuilder script)
    {
        DropReference(parked.Table, parked.Column, script);
        Rename(parked.Table, parked.Column, parked.StoredName, script);
    }

    private protected override bool Serves(ColumnModel restored, ColumnModel next) => restored.IsStoredAs(next with { References = null });

    private static void DropReference(string table, ColumnModel column, StringBuilder script)
    {
        // A table without rows that it pointed to may have been dropped before it, and the foreign key with that.
        if (column.References is { } reference) Line(script, $"ALTER TABLE {Quote(table)} DROP CONSTRAINT IF EXISTS {Quote(reference.Name)}");
    }

    // Only foreign keys of tables that go in the same plan can still point here.
    private protected override string DropTable(string table) => $"DROP TABLE {Quote(table)} CASCADE";
}
