using System.Collections.Immutable;
using Platform.Engine.Metadata;

namespace Platform.Engine.Sql.Schema;

/// <summary>
/// Compares two versions of the schema: what to change, and what of it could lose or hide data. What metadata no longer
/// has is parked; what it has again comes back with its rows.
/// </summary>
public sealed class SchemaDiff
{
    private readonly SchemaModel old;
    private readonly SchemaModel next;
    private readonly SqlDialect dialect;
    private readonly long version;
    private readonly IReadOnlySet<string> unbuilt;
    private readonly List<SchemaChange> dropIndexes = [];
    private readonly List<SchemaChange> parks = [];
    private readonly List<SchemaChange> tables = [];
    private readonly List<SchemaChange> columns = [];
    private readonly List<SchemaChange> addIndexes = [];
    private readonly List<SchemaRisk> risks = [];
    private readonly List<KeyAtRisk> lateRisks = [];

    private SchemaDiff(SchemaModel old, SchemaModel next, SqlDialect dialect, long version, IReadOnlySet<string> unbuilt)
    {
        this.old = old;
        this.next = next;
        this.dialect = dialect;
        this.version = version;
        this.unbuilt = unbuilt;
    }

    public static SchemaPlan Between(MetadataSnapshot old, MetadataSnapshot next, SqlDialect dialect) =>
        Between(SchemaModel.Of(old, dialect), SchemaModel.Of(next, dialect), dialect, next.Version);

    /// <param name="version">Version of the metadata that <paramref name="next"/> stores; what is taken out is named after it.</param>
    /// <param name="unbuilt">Names of indexes that <paramref name="old"/> has and the database does not: they wait to be built, or rows keep them from it.</param>
    public static SchemaPlan Between(SchemaModel old, SchemaModel next, SqlDialect dialect, long version, IReadOnlySet<string>? unbuilt = null) =>
        new SchemaDiff(old, next, dialect, version, unbuilt ?? ImmutableHashSet<string>.Empty).Plan();

    private SchemaPlan Plan()
    {
        var before = old.Tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
        foreach (var table in next.Tables)
        {
            var isThere = before.Remove(table.Name, out var known);
            if (ReferenceEquals(known, table)) continue;
            if (isThere) CompareTable(known!, known!.Name, ParkedIn(known.Name), table);
            else AddTable(table);
        }

        // Lookups into a table are parked before it, and with them the foreign keys that point to it.
        foreach (var table in before.Values.OrderBy(table => table.Name, StringComparer.Ordinal)) Park(table);
        return new SchemaPlan([.. dropIndexes, .. parks, .. tables, .. columns, .. addIndexes], [.. risks]) { LateRisks = [.. lateRisks] };
    }

    private void Park(TableModel table)
    {
        risks.Add(new RowsAtRisk(table.Pack, table.Name, null, $"The entity '{table.Name}' is removed", new SqlStatement($"SELECT count(*) FROM {SqlDialect.Quote(table.Name)}")) { IsParked = true });
        dropIndexes.AddRange(table.Indexes.Select(index => new DropIndex(table.Name, index)));
        parks.Add(new ParkTable(new ParkedTable(SchemaNames.Parked(table.Name, version), table, version)));
    }

    private void AddTable(TableModel table)
    {
        if (old.ParkedTables.LastOrDefault(known => known.Table.Name == table.Name && known.Table.PrimaryKey == table.PrimaryKey) is { } parked)
        {
            var inside = ParkedIn(parked.StoredName);
            var model = parked.Table with { Indexes = [], Ends = table.Ends, Columns = [.. parked.Table.Columns.Select(column => WithReferenceOf(table, column))] };
            tables.Add(new RestoreTable(parked, model, inside));
            CompareTable(model, parked.StoredName, [.. inside.Select(column => column with { Table = table.Name })], table);
            return;
        }

        tables.Add(new AddTable(table));
        addIndexes.AddRange(table.Indexes.Select(index => new AddIndex(table.Name, index)));
    }

    // Where a lookup points elsewhere by now, or nowhere, its old foreign key does not come back.
    private static ColumnModel WithReferenceOf(TableModel next, ColumnModel column) =>
        column.References is not null && next.Find(column.Name)?.References == column.References ? column : column with { References = null };

    private ImmutableArray<ParkedColumn> ParkedIn(string table) => [.. old.ParkedColumns.Where(column => column.Table == table)];

    /// <param name="stored">Name under which the rows are found today.</param>
    private void CompareTable(TableModel before, string stored, ImmutableArray<ParkedColumn> parked, TableModel after)
    {
        var comparison = new ColumnDiff(after.Name, stored, parked, dialect, version);
        var moved = new HashSet<string>(StringComparer.Ordinal);
        foreach (var column in before.Columns)
        {
            ImmutableArray<SchemaChange> changes = after.Find(column.Name) is { } still ? comparison.Compare(column, still) : [comparison.Remove(column)];
            if (changes.IsEmpty) continue;
            moved.Add(column.Name);
            foreach (var change in changes) AddColumnChange(change, isThere: before.Name == stored);
        }
        foreach (var column in after.Columns.Where(column => before.Find(column.Name) is null)) columns.Add(comparison.Add(column));
        risks.AddRange(comparison.Risks);
        CompareIndexes(before, stored, after, moved, comparison.Restored);
    }

    // A column is parked first, to make way for another of its name; in a table that has to come back itself, after that.
    private void AddColumnChange(SchemaChange change, bool isThere) => (change is ParkColumn && isThere ? parks : columns).Add(change);

    private void CompareIndexes(TableModel before, string stored, TableModel after, HashSet<string> moved, HashSet<string> restored)
    {
        foreach (var index in before.Indexes.Where(index => !Stays(index, after.Indexes)))
            dropIndexes.Add(new DropIndex(before.Name, index));

        foreach (var index in after.Indexes.Where(index => !Stays(index, before.Indexes)))
        {
            // What was left for later stays there; what rows make of it is seen where they were seen before.
            if (before.Indexes.Any(known => unbuilt.Contains(known.Name) && known.Name == index.Name && known.Columns.SequenceEqual(index.Columns)))
            {
                addIndexes.Add(new BuildIndex(after.Name, index));
                continue;
            }

            var isNewKey = index.Unique && !before.Indexes.Any(known => known.Unique && !unbuilt.Contains(known.Name) && known.Columns.All(index.Columns.Contains));
            var returns = index.Columns.Any(restored.Contains);
            // A key that is there, or comes back with its table, and has to be made anew holds at every moment.
            addIndexes.Add(new AddIndex(after.Name, index) { CanWait = !returns && (!index.Unique || (isNewKey && before.Name == stored)), Stored = stored });
            if (!isNewKey) continue;
            if (returns) lateRisks.Add(KeyAtRisk.Of(after, after.Name, index));
            // A column without values cannot break a key: rows with an empty part are exempt.
            else if (index.Columns.All(column => before.Find(column) is not null)) risks.Add(KeyAtRisk.Of(after, stored, index));
        }

        bool Stays(IndexModel index, ImmutableArray<IndexModel> others) =>
            !index.Columns.Any(moved.Contains) && others.Any(index.IsSameAs);
    }
}
