using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Sql.Schema;

/// <summary>Compares two versions of the schema: what to change, and what of it could lose data.</summary>
public sealed class SchemaDiff
{
    private readonly SchemaModel old;
    private readonly SchemaModel next;
    private readonly SqlDialect dialect;
    private readonly List<SchemaChange> dropIndexes = [];
    private readonly List<SchemaChange> addTables = [];
    private readonly List<SchemaChange> columns = [];
    private readonly List<SchemaChange> dropColumns = [];
    private readonly List<SchemaChange> dropTables = [];
    private readonly List<SchemaChange> addIndexes = [];
    private readonly List<SchemaRisk> risks = [];

    private SchemaDiff(SchemaModel old, SchemaModel next, SqlDialect dialect)
    {
        this.old = old;
        this.next = next;
        this.dialect = dialect;
    }

    public static SchemaPlan Between(MetadataSnapshot old, MetadataSnapshot next, SqlDialect dialect) =>
        Between(SchemaModel.Of(old, dialect), SchemaModel.Of(next, dialect), dialect);

    public static SchemaPlan Between(SchemaModel old, SchemaModel next, SqlDialect dialect) => new SchemaDiff(old, next, dialect).Plan();

    private SchemaPlan Plan()
    {
        var before = old.Tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        foreach (var table in next.Tables)
        {
            if (before.Remove(table.Name, out var known)) CompareTable(known, table);
            else AddTable(table);
        }

        foreach (var table in before.Values.OrderBy(table => table.Name, StringComparer.Ordinal))
        {
            risks.Add(new RowsAtRisk(table.Pack, table.Name, null, $"The entity '{table.Name}' is removed", new SqlStatement($"SELECT count(*) FROM {SqlDialect.Quote(table.Name)}")));
            dropTables.Add(new DropTable(table.Name));
        }

        return new SchemaPlan([.. dropIndexes, .. addTables, .. columns, .. dropColumns, .. dropTables, .. addIndexes], [.. risks]);
    }

    private void AddTable(TableModel table)
    {
        addTables.Add(new AddTable(table));
        addIndexes.AddRange(table.Indexes.Select(index => new AddIndex(table.Name, index)));
    }

    private void CompareTable(TableModel before, TableModel after)
    {
        var comparison = new ColumnDiff(after.Name, dialect);
        var moved = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in before.Columns)
        {
            var change = after.Find(column.Name) is { } still ? comparison.Compare(column, still) : comparison.Remove(column);
            if (change is null) continue;
            moved.Add(column.Name);
            (change is DropColumn ? dropColumns : columns).Add(change);
        }
        columns.AddRange(after.Columns.Where(column => before.Find(column.Name) is null).Select(column => new AddColumn(after.Name, column)));
        risks.AddRange(comparison.Risks);
        CompareIndexes(before, after, moved);
    }

    private void CompareIndexes(TableModel before, TableModel after, HashSet<string> moved)
    {
        foreach (var index in before.Indexes.Where(index => !Stays(index, after.Indexes)))
            dropIndexes.Add(new DropIndex(before.Name, index));

        foreach (var index in after.Indexes.Where(index => !Stays(index, before.Indexes)))
        {
            addIndexes.Add(new AddIndex(after.Name, index));
            var isNewKey = index.Unique && !before.Indexes.Any(known => known.Unique && known.Columns.All(index.Columns.Contains));
            // A column without values cannot break a key: rows with an empty part are exempt.
            if (isNewKey && index.Columns.All(column => before.Find(column) is not null)) risks.Add(KeyRisk(after, index));
        }

        bool Stays(IndexModel index, ImmutableArray<IndexModel> others) =>
            !index.Columns.Any(moved.Contains) && others.Any(index.IsSameAs);
    }

    private static KeyAtRisk KeyRisk(TableModel table, IndexModel index)
    {
        var terms = string.Join(", ", index.Terms);
        var filled = string.Join(" AND ", index.Columns.Select(column => $"{SqlDialect.Quote(column)} IS NOT NULL"));
        var values = string.Join(", ", index.Terms.Select(term => $"CAST({term} AS text)"));
        return new KeyAtRisk(
            table.Pack,
            table.Name,
            $"The key '{index.Name}' of '{table.Name}' ({string.Join(", ", index.Columns)}) is new",
            index.Columns,
            new SqlStatement($"SELECT count(*), {values} FROM {SqlDialect.Quote(table.Name)} WHERE {filled} GROUP BY {terms} HAVING count(*) > 1 ORDER BY 1 DESC LIMIT 5"));
    }
}
