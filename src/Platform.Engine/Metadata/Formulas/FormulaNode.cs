using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Formulas;

/// <summary>A checked expression. Columns are named, not referred to, so that the tree is complete before the snapshot is.</summary>
public abstract record FormulaNode(FormulaType Type)
{
    /// <summary>Names of the tables whose columns it speaks of, some more than once.</summary>
    internal IEnumerable<string> Tables() => this switch
    {
        FormulaColumn column => [column.Entity],
        FormulaPath path => [path.Entity, path.Target.Entity],
        FormulaReach reach => [reach.Target.Entity],
        FormulaOperation operation => operation.Operands.SelectMany(operand => operand.Tables()),
        _ => [],
    };
}

/// <param name="Value">Of the kind's .NET type: text, decimal, bool, <see cref="System.DateTime"/> (UTC), <see cref="DateOnly"/>, seconds as long, <see cref="Guid"/>; <c>null</c>.</param>
public sealed record FormulaLiteral(FormulaType Type, object? Value) : FormulaNode(Type);

/// <summary>A column of the row that the formula is about; stored or itself calculated.</summary>
public sealed record FormulaColumn(FormulaType Type, string Entity, string Attribute) : FormulaNode(Type);

/// <summary>A column of the row that a lookup points to; empty when the lookup is, or points into another table.</summary>
/// <param name="Entity">Table of the lookup.</param>
public sealed record FormulaPath(FormulaType Type, string Entity, string Lookup, FormulaColumn Target) : FormulaNode(Type);

/// <summary>A column of the row at the end of a way over lookups; in queries only.</summary>
/// <param name="Levels">How far outside of a collection the row stands at which the way begins; 0: the row itself.</param>
public sealed record FormulaReach(FormulaType Type, ImmutableArray<Queries.LookupStep> Path, FormulaColumn Target, int Levels = 0) : FormulaNode(Type);

/// <summary>An attribute of a group; in queries only.</summary>
public sealed record FormulaGroup(FormulaType Type, AttributeDefinition Attribute) : FormulaNode(Type);

/// <summary>An operator or function over its operands.</summary>
public sealed record FormulaOperation(FormulaType Type, FormulaOperator Operator, ImmutableArray<FormulaNode> Operands) : FormulaNode(Type);

/// <summary>What operators and functions do. Arithmetic, text and date functions of nothing are nothing; conditions are always true or false.</summary>
public enum FormulaOperator
{
    Negate,
    Add,
    Subtract,
    Multiply,

    /// <summary>Carried to <see cref="FormulaType.QuotientScale"/> digits; by zero it is nothing.</summary>
    Divide,

    /// <summary>Of two whole numbers, cut off towards zero.</summary>
    DivideWhole,

    /// <summary>Remainder with the sign of the dividend.</summary>
    Modulo,

    /// <summary>To the scale of the operation's type, half away from zero.</summary>
    Round,
    Floor,
    Ceiling,

    /// <summary>Seconds of a duration.</summary>
    TotalSeconds,

    /// <summary>Duration from the second operand to the first.</summary>
    Between,

    /// <summary>Point or day that lies a duration later.</summary>
    Later,

    /// <summary>Point or day that lies a duration earlier.</summary>
    Earlier,

    And,
    Or,
    Not,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,

    Contains,
    StartsWith,
    EndsWith,
    Concat,
    Length,
    IndexOf,
    Substring,
    ToLower,
    ToUpper,
    Trim,

    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,

    /// <summary>Day of a point in time, UTC.</summary>
    Date,

    /// <summary>What clocks show in a time zone at a point in time, as a point in time.</summary>
    InZone,
    Now,

    /// <summary>Condition and value in turn; the last value stands for "otherwise".</summary>
    Case,

    /// <summary>First operand that is not empty.</summary>
    Coalesce,
}
