using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;

namespace Platform.Engine.Sql.PostgreSql;

/// <summary>Formulas in PostgreSQL: numbers are <c>numeric</c>, which is exact and has room for everything a formula can reach.</summary>
internal sealed class PostgreSqlFormulas : FormulaDialect
{
    private const string Epoch = "DATE '1970-01-01'";

    /// <summary>Largest finite double, as the digits that surely convert back to one.</summary>
    private const string LargestReal = "1.797693134862315e308";

    public override string Now => "date_trunc('second', now())";

    public override string Literal(FormulaLiteral literal) => literal.Value switch
    {
        null => $"NULL::{Type(literal.Type.Kind)}",
        string text => Quoted(text) + "::text",
        decimal number => Invariant($"({number})::numeric"),
        long seconds => Invariant($"({seconds})::numeric"),
        bool flag => flag ? "TRUE" : "FALSE",
        System.DateTime time => Invariant($"TIMESTAMPTZ '{time:yyyy-MM-dd HH:mm:ss}+00'"),
        DateOnly day => Invariant($"DATE '{day:yyyy-MM-dd}'"),
        Guid id => $"'{id:D}'::uuid",
        var other => throw new InvalidOperationException($"{other.GetType().Name} is no literal."),
    };

    // The driver stores the first and the last day that .NET knows as infinity, with which one cannot calculate.
    public override string OfStored(AttributeKind kind, string column) => kind switch
    {
        AttributeKind.DateTime => Finite(column, "TIMESTAMPTZ", " 00:00:00+00", " 23:59:59+00"),
        AttributeKind.DateOnly => Finite(column, "DATE", "", ""),
        _ => OfColumn(kind, column),
    };

    public override string OfColumn(AttributeKind kind, string column) => FormulaType.Of(kind, 0).Kind switch
    {
        // 15 significant digits: that is what the cast gives.
        FormulaKind.Number when kind == AttributeKind.Double => $"round({column}::numeric, {FormulaType.RealScale})",
        FormulaKind.Number when kind is not (AttributeKind.Decimal or AttributeKind.Money) => $"{column}::numeric",
        _ => column,
    };

    public override string Result(AttributeDefinition attribute, string value, FormulaType type) => attribute.Kind switch
    {
        AttributeKind.String or AttributeKind.Memo => Invariant($"NULLIF(left({value}, {attribute.MaxLength}), '')"),
        AttributeKind.Integer => Within($"round({value})", int.MinValue, int.MaxValue) + "::integer",
        AttributeKind.BigInt => Within($"round({value})", long.MinValue, long.MaxValue) + "::bigint",
        AttributeKind.Choice => $"{OneOf(attribute.Options, value)}::integer",
        AttributeKind.Decimal or AttributeKind.Money =>
            Invariant($"{Within(Invariant($"round({value}, {attribute.Precision})"), attribute.Minimum!.Value, attribute.Maximum!.Value, attribute.Precision)}::numeric(28,{attribute.StoredScale})"),
        AttributeKind.Double => $"NULLIF(NULLIF(GREATEST(LEAST({value}, {LargestReal}), -{LargestReal}), {LargestReal}), -{LargestReal})::double precision",
        AttributeKind.DateTime => $"(CASE {value} WHEN TIMESTAMPTZ '0001-01-01 00:00:00+00' THEN '-infinity' ELSE {value} END)",
        AttributeKind.DateOnly => $"(CASE {value} WHEN DATE '0001-01-01' THEN '-infinity' WHEN DATE '9999-12-31' THEN 'infinity' ELSE {value} END)",
        _ => value,
    };

    public override string Exact(string number, int scale) => Invariant($"({number})::numeric(60,{scale})");

    public override string Widen(string number, int from, int to) => number;

    public override string Round(string number, int from, int to) => Invariant($"round({number}, {to})");

    public override string Negate(string number) => $"(- {number})";

    public override string Add(string left, string right) => $"({left} + {right})";

    public override string Subtract(string left, string right) => $"({left} - {right})";

    public override string Multiply(string left, string right) => $"({left} * {right})";

    // div() is the one division that does not choose its own precision.
    public override string Divide(string left, int leftScale, string right, int rightScale, int digits) => digits == 0
        ? $"div({left}, NULLIF({right}, 0))"
        : Invariant($"(div({left} * 1{new string('0', digits)}, NULLIF({right}, 0)) * 0.{new string('0', digits - 1)}1)");

    public override string Modulo(string left, string right) => $"mod({left}, NULLIF({right}, 0))";

    public override string Floor(string number, int scale) => $"floor({number})";

    public override string Ceiling(string number, int scale) => $"ceil({number})";

    public override string AreSame(FormulaKind kind, string left, string right) => kind == FormulaKind.Text
        ? $"({Fold(left)} IS NOT DISTINCT FROM {Fold(right)})"
        : $"({left} IS NOT DISTINCT FROM {right})";

    public override string Ordered(FormulaKind kind, string sign, string left, string right) => kind == FormulaKind.Text
        ? $"(({Fold(left)} {sign} {Fold(right)}) IS TRUE)"
        : $"(({left} {sign} {right}) IS TRUE)";

    public override string Search(FormulaOperator search, string text, string part) => search switch
    {
        FormulaOperator.Contains => $"((strpos({Fold(text)}, {Fold(part)}) > 0) IS TRUE)",
        FormulaOperator.StartsWith => $"(starts_with({Fold(text)}, {Fold(part)}) IS TRUE)",
        // What begins backwards ends forwards; a part's length would have to be written a second time.
        _ => $"(starts_with(reverse({Fold(text)}), reverse({Fold(part)})) IS TRUE)",
    };

    public override string Text(FormulaOperator function, ImmutableArray<string> operands) => function switch
    {
        FormulaOperator.Concat => $"NULLIF(concat({string.Join(", ", operands)}), '')",
        FormulaOperator.Length => $"length({operands[0]})::numeric",
        FormulaOperator.IndexOf => $"(strpos({Fold(operands[0])}, {Fold(operands[1])}) - 1)::numeric",
        FormulaOperator.ToLower => Fold(operands[0]),
        FormulaOperator.ToUpper => $"upper({operands[0]} COLLATE \"C\")",
        FormulaOperator.Trim => $"NULLIF(btrim({operands[0]}, E' \\t\\r\\n'), '')",
        FormulaOperator.Substring when operands.Length == 2 => $"NULLIF(substr({operands[0]}, {Position(operands[1])}), '')",
        FormulaOperator.Substring => $"NULLIF(substr({operands[0]}, {Position(operands[1])}, {Position(operands[2])} - 1), '')",
        _ => throw new InvalidOperationException($"{function} is no function of texts."),
    };

    public override string Part(FormulaOperator part, FormulaKind kind, string time)
    {
        var field = part.ToString().ToLowerInvariant();
        if (kind == FormulaKind.Date) return $"extract({field} from {time})";
        var value = $"extract({field} from {time} AT TIME ZONE 'UTC')";
        return part == FormulaOperator.Second ? $"trunc({value})" : value;
    }

    public override string Day(string time) => $"({time} AT TIME ZONE 'UTC')::date";

    public override string InZone(string time, string zone) => $"({PostgreSqlDialect.Within($"({time} AT TIME ZONE {zone}::text)")} AT TIME ZONE 'UTC')";

    public override string Seconds(FormulaKind kind, string time) =>
        kind == FormulaKind.Date ? $"(({time} - {Epoch})::numeric * 86400)" : $"extract(epoch from {time})";

    public override string Time(FormulaKind kind, string seconds)
    {
        var within = Within(kind == FormulaKind.Date ? $"floor({seconds} / 86400)" : seconds, kind == FormulaKind.Date ? FirstSecond / 86400 : FirstSecond, kind == FormulaKind.Date ? LastSecond / 86400 : LastSecond);
        return kind == FormulaKind.Date ? $"({Epoch} + {within}::integer)" : $"to_timestamp({within}::double precision)";
    }

    public override string Sum(string number) => $"sum({number})";

    public override string Extreme(RollupFunction function, FormulaKind kind, string value) => $"{(function == RollupFunction.Min ? "min" : "max")}({value})";

    // GREATEST and LEAST pass nothing over: an empty number becomes the upper border, and that one becomes nothing again.
    private static string Within(string number, decimal least, decimal most, int scale = 0)
    {
        var step = new decimal(1, 0, 0, false, (byte)scale);
        var (below, above) = (Invariant($"({least - step})"), Invariant($"{most + step}"));
        return $"NULLIF(NULLIF(GREATEST(LEAST({number}, {above}), {below}), {above}), {below})";
    }

    private static string Finite(string column, string type, string first, string last) =>
        $"(CASE {column} WHEN '-infinity' THEN {type} '0001-01-01{first}' WHEN 'infinity' THEN {type} '9999-12-31{last}' ELSE {column} END)";

    // A position from 0 as one from 1; empty where it is negative. width_bucket puts 0 into the first bucket, all below into
    // bucket 0, and all beyond a billion into the last.
    private static string Position(string number) => $"NULLIF(width_bucket({number}, 0, 1000000000, 1000000000), 0)";

    private static string Fold(string text) => $"lower({text} COLLATE \"C\")";

    private static string Type(FormulaKind kind) => kind switch
    {
        FormulaKind.Number or FormulaKind.Duration => "numeric",
        FormulaKind.Boolean => "boolean",
        FormulaKind.DateTime => "timestamptz",
        FormulaKind.Date => "date",
        FormulaKind.Id => "uuid",
        _ => "text",
    };
}
