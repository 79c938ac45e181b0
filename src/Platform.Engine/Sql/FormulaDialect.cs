using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Engine.Metadata.Formulas;

namespace Platform.Engine.Sql;

/// <summary>
/// Spells the operations of formulas in one database's SQL, so that both give the same values. Expressions are text;
/// what they hold while a formula is calculated is the dialect's matter, and <see cref="Result"/> brings it into the
/// form of a column. Every operand is written once: formulas over formulas must not double at each level.
/// </summary>
/// <remarks>Literals stand in the text, because expressions are made once per metadata version. They come from metadata, never from a request.</remarks>
internal abstract class FormulaDialect
{
    /// <summary>First and last second that a <see cref="System.DateTime"/> holds, from 1970 on.</summary>
    protected const long FirstSecond = -62135596800, LastSecond = 253402300799;

    /// <summary>Whether an expression is a condition that is true or false, never empty.</summary>
    public static bool IsDefinite(FormulaNode node) => node switch
    {
        FormulaLiteral { Value: bool } => true,
        FormulaOperation operation => operation.Operator is >= FormulaOperator.And and <= FormulaOperator.EndsWith,
        _ => false,
    };

    /// <summary>A literal.</summary>
    public abstract string Literal(FormulaLiteral literal);

    /// <summary>The value of an attribute as formulas calculate with it.</summary>
    public virtual string OfStored(AttributeKind kind, string column) => OfColumn(kind, column);

    /// <summary>A value in a column's form as formulas calculate with it.</summary>
    public abstract string OfColumn(AttributeKind kind, string column);

    /// <summary>The value in the form in which the attribute would be stored: rounded, cut to length, empty where it does not fit.</summary>
    public abstract string Result(AttributeDefinition attribute, string value, FormulaType type);

    /// <summary>A number of so many digits after the point as the result of an aggregate, which has no limit.</summary>
    public abstract string Exact(string number, int scale);

    /// <summary>The same number with more digits after the point.</summary>
    public abstract string Widen(string number, int from, int to);

    /// <summary>A number with fewer digits after the point, rounded half away from zero.</summary>
    public abstract string Round(string number, int from, int to);

    public abstract string Negate(string number);

    /// <summary>Numbers of one scale.</summary>
    public abstract string Add(string left, string right);

    /// <summary>Numbers of one scale.</summary>
    public abstract string Subtract(string left, string right);

    /// <summary>A number whose scale is the sum of the operands' scales.</summary>
    public abstract string Multiply(string left, string right);

    /// <summary>Quotient cut off after so many digits; empty when the divisor is 0.</summary>
    public abstract string Divide(string left, int leftScale, string right, int rightScale, int digits);

    /// <summary>Numbers of one scale.</summary>
    public abstract string Modulo(string left, string right);

    public abstract string Floor(string number, int scale);

    public abstract string Ceiling(string number, int scale);

    /// <summary>Equality that holds between two empty values, too. Numbers have one scale.</summary>
    public abstract string AreSame(FormulaKind kind, string left, string right);

    /// <summary>An order; false when an operand is empty. Numbers have one scale.</summary>
    /// <param name="sign"><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c></param>
    public abstract string Ordered(FormulaKind kind, string sign, string left, string right);

    /// <summary>A search in a text, ignoring ASCII case; false when an operand is empty.</summary>
    public abstract string Search(FormulaOperator search, string text, string part);

    /// <summary>A function of one or more texts (and positions).</summary>
    public abstract string Text(FormulaOperator function, ImmutableArray<string> operands);

    /// <summary>Year to second.</summary>
    public abstract string Part(FormulaOperator part, FormulaKind kind, string time);

    /// <summary>Day of a point in time, UTC.</summary>
    public abstract string Day(string time);

    /// <summary>What clocks show in a time zone, as a point in time; at both ends of time they stand still.</summary>
    /// <param name="zone">IANA name.</param>
    public abstract string InZone(string time, string zone);

    public abstract string Now { get; }

    /// <summary>Seconds from 1970 on, a whole number.</summary>
    public abstract string Seconds(FormulaKind kind, string time);

    /// <summary>The point or day so many seconds after 1970; empty outside the years 1 to 9999.</summary>
    public abstract string Time(FormulaKind kind, string seconds);

    /// <summary>An aggregate over numbers; empty without values.</summary>
    public abstract string Sum(string number);

    /// <summary>Least or greatest value of a column.</summary>
    public abstract string Extreme(RollupFunction function, FormulaKind kind, string value);

    protected static string Quoted(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    protected static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The value where it is one of a choice's options; else empty.</summary>
    protected static string OneOf(ImmutableArray<ChoiceOption> options, string value) =>
        $"(CASE {value}{string.Concat(options.Select(option => Invariant($" WHEN {option.Value} THEN {option.Value}")))} END)";
}
