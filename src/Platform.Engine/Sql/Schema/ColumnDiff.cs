using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;

namespace Platform.Engine.Sql.Schema;

/// <summary>Compares the columns of one table: the change each needs, and which rows would lose something by it.</summary>
internal sealed class ColumnDiff(string table, SqlDialect dialect)
{
    private readonly DdlWriter ddl = DdlWriter.For(dialect);

    public List<SchemaRisk> Risks { get; } = [];

    public SchemaChange Remove(ColumnModel column)
    {
        Risk(column, "is removed", $"{Quote(column)} IS NOT NULL");
        return new DropColumn(table, column);
    }

    /// <summary>What has to be done to the column; <c>null</c> for nothing.</summary>
    public SchemaChange? Compare(ColumnModel old, ColumnModel next)
    {
        if (!CarriesOver(old.Kind, next.Kind))
        {
            Risk(old, $"changes from {Name(old.Kind)} to {Name(next.Kind)}", $"{Quote(old)} IS NOT NULL");
            return new ReplaceColumn(table, old, next, null);
        }

        FindLosses(old, next);
        return old.IsStoredAs(next) ? null : new ReplaceColumn(table, old, next, ValueAfter(old, next));
    }

    private void FindLosses(ColumnModel old, ColumnModel next)
    {
        // Counted in code points, of which a text has at most as many as the UTF-16 units that its length is limited by.
        if (next.MaxLength < old.MaxLength)
            Risk(old, Invariant($"shrinks from {old.MaxLength} to {next.MaxLength} characters"), $"length({Quote(old)}) > $1", (long)next.MaxLength);

        if (old.Scale != next.Scale)
            Risk(old, Invariant($"changes from {old.Scale} to {next.Scale} stored digits after the point"), ddl.RescaleLoss(Quote(old), old.Scale, next.Scale));

        if (IsOption(next.Kind) && (!IsOption(old.Kind) || old.Options.Except(next.Options).Any()))
            Risk(old, $"no longer has all its options", $"{Quote(old)} NOT IN ({Parameters(next.Options.Length)})", [.. next.Options.Select(value => (object)(long)value)]);

        if (old.Targets.Except(next.Targets).ToArray() is { Length: > 0 } removed)
            RiskOfTargets(old, removed);
    }

    private void RiskOfTargets(ColumnModel old, string[] removed)
    {
        var what = $"no longer refers to {string.Join(", ", removed)}";
        if (old.CompanionType is null) Risk(old, what, $"{Quote(old)} IS NOT NULL");
        else Risk(old, what, $"{SqlDialect.Quote(SchemaNames.TypeColumn(old.Name))} IN ({Parameters(removed.Length)})", [.. removed]);
    }

    private string? ValueAfter(ColumnModel old, ColumnModel next)
    {
        if (old.Scale != next.Scale) return ddl.Rescaled(old.Scale, next.Scale);
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
        (_, AttributeKind.Integer) => IsOption(old),
        (AttributeKind.Integer, _) => IsOption(next),
        _ => IsOption(old) && IsOption(next),
    };

    private static bool IsOption(AttributeKind kind) => kind is AttributeKind.Choice or AttributeKind.State or AttributeKind.Status;

    private void Risk(ColumnModel column, string what, string condition, params ImmutableArray<object?> arguments) =>
        Risks.Add(new RowsAtRisk(
            column.Pack,
            table,
            column.Name,
            $"The attribute '{column.Name}' of '{table}' {what}",
            new SqlStatement($"SELECT count(*) FROM {SqlDialect.Quote(table)} WHERE {condition}", arguments)));

    private static string Quote(ColumnModel column) => SqlDialect.Quote(column.Name);

    private static string Parameters(int count) =>
        count == 0 ? "NULL" : string.Join(", ", Enumerable.Range(1, count).Select(number => Invariant($"${number}")));

    private static string Name(AttributeKind kind) => JsonName(kind.ToString());

    private static string JsonName(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
