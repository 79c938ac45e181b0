using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Engine.Packs;

namespace Platform.Engine.Tests.Packs;

/// <summary>Kinds of columns by table and column.</summary>
internal sealed class TableSpec : SortedDictionary<string, SortedDictionary<string, string>>
{
    public TableSpec()
        : base(StringComparer.Ordinal)
    {
    }

    public TableSpec(IEnumerable<KeyValuePair<string, SortedDictionary<string, string>>> tables)
        : this()
    {
        foreach (var (table, columns) in tables) this[table] = columns;
    }

    public override string ToString() => string.Join("; ", this.Select(table => $"{table.Key}: {string.Join(", ", table.Value.Select(column => $"{column.Key} {column.Value}"))}"));
}

/// <summary>What tables, rows and parked data have to be, told in the words of docs/decisions/0012: what holds something is parked, the newest of its name and kind comes back.</summary>
internal sealed class HistoryModel
{
    private readonly SortedDictionary<string, Table> live = new(StringComparer.Ordinal);
    private readonly List<Table> parkedTables = [];
    private int lastRow;

    public TableSpec Spec => new(live.Select(table => KeyValuePair.Create(
        table.Key, new SortedDictionary<string, string>(table.Value.Columns.ToDictionary(column => column.Key, column => column.Value.Kind), StringComparer.Ordinal))));

    public bool WouldPark(TableSpec next) => live.Any(table => next.TryGetValue(table.Key, out var columns)
        ? table.Value.Columns.Any(column => column.Value.Values.Count > 0 && !(columns.TryGetValue(column.Key, out var kind) && CarriesOver(column.Value.Kind, kind)))
        : table.Value.Rows.Count > 0);

    public void Become(TableSpec next, long version)
    {
        foreach (var name in live.Keys.Except(next.Keys).ToList())
        {
            live.Remove(name, out var table);
            if (table!.Rows.Count == 0) continue;
            table.ParkedBy = version;
            parkedTables.Add(table);
        }

        foreach (var (name, columns) in next)
        {
            if (!live.TryGetValue(name, out var table))
            {
                table = parkedTables.FindLast(known => known.Name == name);
                if (table is not null) parkedTables.Remove(table);
                live[name] = table ??= new Table(name);
            }

            table.Become(columns, version);
        }
    }

    public void Purge(ParkedComponent purged)
    {
        var parts = purged.Component.Split('/');
        if (parts is ["entity", var name])
            parkedTables.RemoveAll(table => table.Name == name && table.ParkedBy == purged.Version);
        else
            foreach (var table in live.Values.Concat(parkedTables).Where(table => StoredName(table) == parts[1])) table.Purge(parts[2], purged);
    }

    /// <summary>Statements that add, change and delete rows, which the model has made already.</summary>
    public IEnumerable<string> ChangeRows(Random random)
    {
        foreach (var table in live.Values.Where(_ => random.Next(3) > 0))
        {
            if (table.Rows.Count > 0 && random.Next(4) == 0)
            {
                var gone = table.Rows.ElementAt(random.Next(table.Rows.Count));
                table.Delete(gone);
                yield return $"DELETE FROM {table.Name} WHERE {table.Name}id = '{gone}'";
            }

            var id = $"0197a000-0000-7000-8000-{++lastRow:x12}";
            table.Rows.Add(id);
            yield return $"INSERT INTO {table.Name} ({table.Name}id, versionnumber) VALUES ('{id}', {lastRow})";
            foreach (var (name, column) in table.Columns.Where(_ => random.Next(3) > 0))
            {
                var row = table.Rows.ElementAt(random.Next(table.Rows.Count));
                var value = column.Kind switch
                {
                    "string" or "memo" => $"text {random.Next(100)}",
                    "uniqueidentifier" => $"0197a000-0000-7000-8000-{random.Next(100):x12}",
                    _ => random.Next(1, 3).ToString(CultureInfo.InvariantCulture),
                };
                column.Values[row] = value;
                yield return $"UPDATE {table.Name} SET {name} = {(column.Kind is "string" or "memo" or "uniqueidentifier" ? $"'{value}'" : value)} WHERE {table.Name}id = '{row}'";
            }
        }
    }

    public IEnumerable<string> Describe()
    {
        foreach (var table in live.Values)
        {
            yield return $"{table.Name} ({string.Join(", ", table.Columns.Select(column => $"{column.Key} {column.Value.Kind}"))})";
            foreach (var row in table.Rows)
                yield return row + string.Concat(table.Columns.Select(column => $" {column.Key}={column.Value.Values.GetValueOrDefault(row, "")}"));
        }
    }

    public IEnumerable<string> DescribeParked() => parkedTables.Select(table => $"entity/{table.Name} {table.ParkedBy}")
        .Concat(live.Values.Concat(parkedTables).SelectMany(table => table.Parked.Select(column => $"attribute/{StoredName(table)}/{column.Name} {column.ParkedBy}")))
        .Order(StringComparer.Ordinal);

    private string StoredName(Table table) => live.ContainsValue(table) ? table.Name : table.StoredName;

    public static string WordOf(AttributeKind kind) => kind switch
    {
        AttributeKind.BigInt => "bigint",
        AttributeKind.UniqueIdentifier => "uniqueidentifier",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static bool CarriesOver(string old, string next) => old == next || (old, next) switch
    {
        ("string" or "memo", "string" or "memo") => true,
        ("integer", "bigint" or "choice") => true,
        ("choice", "integer") => true,
        _ => false,
    };

    private sealed class Table(string name)
    {
        public string Name { get; } = name;

        /// <summary>Name while it is parked.</summary>
        public string StoredName => $"{Name}.parked.{ParkedBy}";

        public long ParkedBy { get; set; }

        public SortedSet<string> Rows { get; } = new(StringComparer.Ordinal);

        public SortedDictionary<string, Column> Columns { get; } = new(StringComparer.Ordinal);

        public List<Column> Parked { get; } = [];

        public void Become(SortedDictionary<string, string> next, long version)
        {
            var before = Parked.ToList();
            foreach (var (name, column) in Columns.ToList())
            {
                if (next.TryGetValue(name, out var kind) && CarriesOver(column.Kind, kind))
                {
                    column.Kind = kind;
                    continue;
                }

                Columns.Remove(name);
                if (column.Values.Count == 0) continue;
                column.ParkedBy = version;
                Parked.Add(column);
            }

            foreach (var (name, kind) in next.Where(column => !Columns.ContainsKey(column.Key)).ToList())
            {
                var known = before.FindLast(column => column.Name == name && CarriesOver(column.Kind, kind));
                if (known is not null) Parked.Remove(known);
                Columns[name] = known ?? new Column(name);
                Columns[name].Kind = kind;
            }
        }

        public void Delete(string row)
        {
            Rows.Remove(row);
            foreach (var column in Columns.Values.Concat(Parked)) column.Values.Remove(row);
        }

        public void Purge(string column, ParkedComponent purged) => Parked.RemoveAll(known => known.Name == column && known.ParkedBy == purged.Version);
    }

    private sealed class Column(string name)
    {
        public string Name { get; } = name;

        public string Kind { get; set; } = "string";

        public long ParkedBy { get; set; }

        /// <summary>By row; rows without a value are not there.</summary>
        public Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);
    }
}
