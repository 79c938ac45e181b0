using System.Globalization;
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
    public string Script(IEnumerable<SchemaChange> changes)
    {
        var script = new StringBuilder();
        var last = new StringBuilder();
        foreach (var change in changes) Write(change, script, last);
        return script.Append(last).ToString();
    }

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

    private void Write(SchemaChange change, StringBuilder script, StringBuilder last)
    {
        switch (change)
        {
            case AddTable add:
                WriteTable(add.Model, script, last);
                break;
            case DropTable drop:
                Line(script, DropTable(drop.Table));
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
                Line(script, $"CREATE {(add.Index.Unique ? "UNIQUE " : "")}INDEX {Quote(add.Index.Name)} ON {Quote(add.Table)} ({string.Join(", ", add.Index.Terms)})");
                break;
            case DropIndex drop:
                Line(script, $"DROP INDEX {Quote(drop.Index.Name)}");
                break;
            default:
                throw new InvalidOperationException($"{change.GetType().Name} has no SQL.");
        }
    }

    private void WriteTable(TableModel table, StringBuilder script, StringBuilder last)
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

    private void WriteColumn(string table, ColumnModel column, StringBuilder script, StringBuilder last)
    {
        Line(script, $"ALTER TABLE {Quote(table)} ADD COLUMN {Quote(column.Name)} {column.Type}{InlineReference(column.References)}");
        WriteLaterReference(table, column, last);
    }

    // Neither database changes every property of a column in place (SQLite none at all): the values move to a new one.
    private void WriteReplacement(ReplaceColumn replace, StringBuilder script, StringBuilder last)
    {
        var table = Quote(replace.Table);
        var (old, next) = (replace.Old, replace.New);
        var parked = Quote(next.Name + ".old");
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

    private static void WriteCompanion(string table, string lookup, string type, StringBuilder script) =>
        Line(script, $"ALTER TABLE {Quote(table)} ADD COLUMN {Quote(SchemaNames.TypeColumn(lookup))} {type}");

    private static void DropCompanion(string table, string lookup, StringBuilder script) =>
        Line(script, $"ALTER TABLE {Quote(table)} DROP COLUMN {Quote(SchemaNames.TypeColumn(lookup))}");

    private protected static void Line(StringBuilder script, string statement) => script.Append(statement).Append(";\n");
}

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

    private static long Power(int exponent)
    {
        var power = 1L;
        for (var i = 0; i < exponent; i++) power *= 10;
        return power;
    }
}

/// <summary>PostgreSQL: foreign keys are added after all tables, which may point at each other in a circle.</summary>
internal sealed class PostgreSqlDdlWriter : DdlWriter
{
    /// <summary>Digits of <c>numeric(28, scale)</c>: those of .NET's decimal.</summary>
    private const int Digits = 28;

    internal override string Rescaled(int from, int to) => ReplaceColumn.OldValue;

    internal override string RescaleLoss(string column, int from, int to) => to > from
        ? string.Create(CultureInfo.InvariantCulture, $"abs({column}) >= 1e{Digits - to}")
        : string.Create(CultureInfo.InvariantCulture, $"{column} <> round({column}, {to})");

    private protected override string InlineReference(ForeignKeyModel? reference) => "";

    private protected override void WriteLaterReference(string table, ColumnModel column, StringBuilder last)
    {
        if (column.References is not { } reference) return;
        Line(last, $"ALTER TABLE {Quote(table)} ADD CONSTRAINT {Quote(reference.Name)} FOREIGN KEY ({Quote(column.Name)}) {References(reference)}");
    }

    // Only foreign keys of tables that go in the same plan can still point here.
    private protected override string DropTable(string table) => $"DROP TABLE {Quote(table)} CASCADE";
}
