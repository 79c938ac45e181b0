using System.Collections.Immutable;
using System.Numerics;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>
/// Formulas in SQLite, whose own arithmetic knows 64 bits and floating point: numbers are scaled whole numbers without
/// a limit, and the functions of <see cref="SqliteFunctions"/> calculate with them.
/// </summary>
internal sealed class SqliteFormulas : FormulaDialect
{
    public override string Now => "strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";

    public override string Literal(FormulaLiteral literal) => literal.Value switch
    {
        null => "NULL",
        string text => Quoted(text),
        decimal number => Literal(new ExactNumber(number, literal.Type.Scale)),
        long seconds => Invariant($"({seconds})"),
        bool flag => flag ? "1" : "0",
        System.DateTime time => Quoted(time.ToString(SqliteDialect.DateTimeFormat, System.Globalization.CultureInfo.InvariantCulture)),
        DateOnly day => Quoted(day.ToString(SqliteDialect.DateFormat, System.Globalization.CultureInfo.InvariantCulture)),
        Guid id => Quoted(id.ToString("D")),
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no literal."),
    };

    public override string OfColumn(AttributeKind kind, string column) => kind == AttributeKind.Double ? $"exact_of_real({column})" : column;

    public override string Result(AttributeDefinition attribute, string value, FormulaType type) => attribute.Kind switch
    {
        AttributeKind.String or AttributeKind.Memo => Invariant($"nullif(substr({value}, 1, {attribute.MaxLength}), '')"),
        AttributeKind.Integer => Within(Rounded(value, type.Scale, 0, 0), int.MinValue, int.MaxValue),
        AttributeKind.BigInt => Within(Rounded(value, type.Scale, 0, 0), long.MinValue, long.MaxValue),
        AttributeKind.Choice => OneOf(attribute.Options, value),
        AttributeKind.Decimal or AttributeKind.Money =>
            Within(Rounded(value, type.Scale, attribute.Precision, attribute.StoredScale), Scaled(attribute.Minimum!.Value, attribute.StoredScale), Scaled(attribute.Maximum!.Value, attribute.StoredScale)),
        AttributeKind.Double => Invariant($"exact_to_real({value}, {type.Scale})"),
        _ => value,
    };

    public override string Exact(string number, int scale) => number;

    public override string Widen(string number, int from, int to) => from == to ? number : Invariant($"exact_widen({number}, {to - from})");

    public override string Round(string number, int from, int to) => Invariant($"exact_round({number}, {from - to})");

    public override string Negate(string number) => $"exact_sub(0, {number})";

    public override string Add(string left, string right) => $"exact_add({left}, {right})";

    public override string Subtract(string left, string right) => $"exact_sub({left}, {right})";

    public override string Multiply(string left, string right) => $"exact_mul({left}, {right})";

    public override string Divide(string left, int leftScale, string right, int rightScale, int digits) =>
        Invariant($"exact_div({left}, {right}, {digits - leftScale + rightScale})");

    public override string Modulo(string left, string right) => $"exact_mod({left}, {right})";

    public override string Floor(string number, int scale) => Invariant($"exact_floor({number}, {scale})");

    public override string Ceiling(string number, int scale) => Invariant($"exact_ceiling({number}, {scale})");

    public override string AreSame(FormulaKind kind, string left, string right) =>
        kind == FormulaKind.Text ? $"(lower({left}) IS lower({right}))" : $"({left} IS {right})";

    public override string Ordered(FormulaKind kind, string sign, string left, string right) => kind switch
    {
        FormulaKind.Text => $"((lower({left}) {sign} lower({right})) IS TRUE)",
        FormulaKind.Number or FormulaKind.Duration => $"((exact_compare({left}, {right}) {sign} 0) IS TRUE)",
        _ => $"(({left} {sign} {right}) IS TRUE)",
    };

    public override string Search(FormulaOperator search, string text, string part) => search switch
    {
        FormulaOperator.Contains => $"((instr(lower({text}), lower({part})) > 0) IS TRUE)",
        FormulaOperator.StartsWith => $"text_starts({text}, {part})",
        _ => $"text_ends({text}, {part})",
    };

    public override string Text(FormulaOperator function, ImmutableArray<string> operands) => function switch
    {
        FormulaOperator.Concat => $"nullif({string.Join(" || ", operands.Select(text => $"ifnull({text}, '')"))}, '')",
        FormulaOperator.Length => $"length({operands[0]})",
        FormulaOperator.IndexOf => $"(instr(lower({operands[0]}), lower({operands[1]})) - 1)",
        FormulaOperator.ToLower => $"lower({operands[0]})",
        FormulaOperator.ToUpper => $"upper({operands[0]})",
        FormulaOperator.Trim => $"nullif(trim({operands[0]}, char(32, 9, 13, 10)), '')",
        FormulaOperator.Substring when operands.Length == 2 => $"nullif(substr({operands[0]}, exact_position({operands[1]}) + 1), '')",
        FormulaOperator.Substring => $"nullif(substr({operands[0]}, exact_position({operands[1]}) + 1, exact_position({operands[2]})), '')",
        _ => throw new InvalidOperationException($"{function} is no function of texts."),
    };

    public override string Part(FormulaOperator part, FormulaKind kind, string time)
    {
        var (at, length) = part switch
        {
            FormulaOperator.Year => (1, 4),
            FormulaOperator.Month => (6, 2),
            FormulaOperator.Day => (9, 2),
            FormulaOperator.Hour => (12, 2),
            FormulaOperator.Minute => (15, 2),
            _ => (18, 2),
        };
        return Invariant($"CAST(substr({time}, {at}, {length}) AS INTEGER)");
    }

    public override string Day(string time) => $"substr({time}, 1, 10)";

    public override string InZone(string time, string zone) => $"in_zone({time}, {zone})";

    public override string Seconds(FormulaKind kind, string time) => $"unixepoch({time})";

    public override string Time(FormulaKind kind, string seconds) => kind == FormulaKind.Date ? $"exact_day({seconds})" : $"exact_time({seconds})";

    public override string Sum(string number) => $"exact_sum({number})";

    public override string Extreme(RollupFunction function, FormulaKind kind, string value) => $"{(function == RollupFunction.Min ? "min" : "max")}({value})";

    private string Rounded(string value, int from, int precision, int stored) =>
        from > precision ? Widen(Round(value, from, precision), precision, stored) : Widen(value, from, stored);

    private static string Within(string number, long least, long most) => Invariant($"exact_within({number}, {least}, {most})");

    private static long Scaled(decimal bound, int scale) => (long)(BigInteger)(bound * SqliteDialect.PowersOfTen[scale]);

    private static string Literal(ExactNumber number) =>
        number.TryGetInt64(out var small) ? Invariant($"({small})") : $"x'{Convert.ToHexString(number.ToBytes())}'";
}
