using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;

namespace Platform.Engine.Sql.Schema;

/// <summary>Compares the columns of one table: the changes each needs, and which rows would lose something by it.</summary>
/// <param name="table">Logical name of the entity.</param>
/// <param name="stored">Name under which the rows are found before the changes: another one for a table that is parked.</param>
/// <param name="parked">Columns of the table that were taken out before, the newest last.</param>
/// <param name="version">Version of the metadata that the changes lead to.</param>
internal sealed class ColumnDiff(string table, string stored, ImmutableArray<ParkedColumn> parked, SqlDialect dialect, long version)
{
    private readonly DdlWriter ddl = DdlWriter.For(dialect);

    public List<SchemaRisk> Risks { get; } = [];

    /// <summary>Names of columns whose values come back: nobody knows yet whether they suit a key.</summary>
    public HashSet<string> Restored { get; } = new(StringComparer.Ordinal);

    public SchemaChange Remove(ColumnModel column) => Park(column, "is removed");

    /// <summary>What has to be done for a column that the table does not have: make it, or bring it back with its values.</summary>
    public SchemaChange Add(ColumnModel next)
    {
        if (parked.LastOrDefault(known => known.Column.Name == next.Name && CarriesOver(known.Column.Kind, next.Kind)) is not { } known) return new AddColumn(table, next);
        var value = ValueAfter(known.Column, next);
        if (value is null) return new AddColumn(table, next);
        FindLosses(known.Column, next, known.StoredName);
        Restored.Add(next.Name);
        return new RestoreColumn(known, next, value);
    }

    /// <summary>What has to be done to the column, in order; nothing when it stays as it is.</summary>
    public ImmutableArray<SchemaChange> Compare(ColumnModel old, ColumnModel next)
    {
        if (!CarriesOver(old.Kind, next.Kind)) return [Park(old, $"changes from {Name(old.Kind)} to {Name(next.Kind)}"), Add(next)];
        FindLosses(old, next, old.Name);
        return old.IsStoredAs(next) ? [] : [new ReplaceColumn(table, old, next, ValueAfter(old, next))];
    }

    private ParkColumn Park(ColumnModel column, string what)
    {
        Risk(column, column.Name, what, isParked: true, $"{SqlDialect.Quote(column.Name)} IS NOT NULL");
        return new ParkColumn(new ParkedColumn(table, SchemaNames.Parked(column.Name, version), column, version));
    }

    /// <param name="name">Name under which the old values are stored.</param>
    private void FindLosses(ColumnModel old, ColumnModel next, string name)
    {
        var column = SqlDialect.Quote(name);
        // Counted in code points, of which a text has at most as many as the UTF-16 units that its length is limited by.
        if (next.MaxLength < old.MaxLength)
            Risk(old, name, Invariant($"shrinks from {old.MaxLength} to {next.MaxLength} characters"), isParked: false, $"length({column}) > $1", (long)next.MaxLength);

        if (old.Scale != next.Scale)
            Risk(old, name, Invariant($"changes from {old.Scale} to {next.Scale} stored digits after the point"), isParked: false, ddl.RescaleLoss(column, old.Scale, next.Scale));

        if (IsOption(next.Kind) && (!IsOption(old.Kind) || old.Options.Except(next.Options).Any()))
            Risk(old, name, "no longer has all its options", isParked: false, $"{column} NOT IN ({Parameters(next.Options.Length)})", [.. next.Options.Select(value => (object)(long)value)]);

        if (next.Kind == AttributeKind.MultiChoice) FindLostChoices(old, next, name);

        if (old.Targets.Except(next.Targets).ToArray() is { Length: > 0 } removed)
            RiskOfTargets(old, name, removed);
    }

    private void FindLostChoices(ColumnModel old, ColumnModel next, string name)
    {
        var removed = old.Options.Except(next.Options).Select(value => Invariant($"%,{value},%")).ToArray();
        if (removed.Length == 0) return;
        var held = $"',' || {SqlDialect.Quote(name)} || ','";
        Risk(old, name, "no longer has all its options", isParked: false, string.Join(" OR ", removed.Select((_, at) => Invariant($"{held} LIKE ${at + 1}"))), [.. removed]);
    }

    private void RiskOfTargets(ColumnModel old, string name, string[] removed)
    {
        var what = $"no longer refers to {string.Join(", ", removed)}";
        if (old.CompanionType is null) Risk(old, name, what, isParked: false, $"{SqlDialect.Quote(name)} IS NOT NULL");
        else Risk(old, name, what, isParked: false, $"{SqlDialect.Quote(SchemaNames.TypeColumn(name))} IN ({Parameters(removed.Length)})", [.. removed]);
    }

    private string? ValueAfter(ColumnModel old, ColumnModel next)
    {
        if (old.Scale != next.Scale) return ddl.Rescaled(old.Scale, next.Scale);
        if (IsOption(old.Kind) && next.Kind == AttributeKind.MultiChoice) return $"CAST({ReplaceColumn.OldValue} AS text)";
        var pointsElsewhere = old.Targets.Length > 0 && !old.Targets.Any(next.Targets.Contains);
        return pointsElsewhere ? null : ReplaceColumn.OldValue;
    }

    /// <summary>Every value of the one kind is a value of the other, or <see cref="FindLosses"/> finds those that are not.</summary>
    private static bool CarriesOver(AttributeKind old, AttributeKind next) => (old, next) switch
    {
        _ when old == next => true,
        (AttributeKind.String or AttributeKind.Memo, AttributeKind.String or AttributeKind.Memo) => true,
        (AttributeKind.Decimal or AttributeKind.Money, AttributeKind.Decimal or AttributeKind.Money) => true,
        (AttributeKind.Integer, AttributeKind.BigInt) => true,
        (_, AttributeKind.MultiChoice) => IsOption(old),
        (_, AttributeKind.Integer) => IsOption(old),
        (AttributeKind.Integer, _) => IsOption(next),
        _ => IsOption(old) && IsOption(next),
    };

    private static bool IsOption(AttributeKind kind) => kind is AttributeKind.Choice or AttributeKind.State or AttributeKind.Status;

    private void Risk(ColumnModel column, string name, string what, bool isParked, string condition, params ImmutableArray<object?> arguments) =>
        Risks.Add(new RowsAtRisk(
            column.Pack,
            table,
            column.Name,
            $"The attribute '{column.Name}' of '{table}' {(name == column.Name ? "" : "comes back and ")}{what}",
            new SqlStatement($"SELECT count(*) FROM {SqlDialect.Quote(stored)} WHERE {condition}", arguments)) { IsParked = isParked });

    private static string Parameters(int count) =>
        count == 0 ? "NULL" : string.Join(", ", Enumerable.Range(1, count).Select(number => Invariant($"${number}")));

    private static string Name(AttributeKind kind) => JsonName(kind.ToString());

    private static string JsonName(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
