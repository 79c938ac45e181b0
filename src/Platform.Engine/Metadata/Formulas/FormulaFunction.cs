using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Platform.Engine.Metadata.Formulas;

/// <summary>A function of formulas.</summary>
/// <param name="Arguments">Kinds that each argument may have; the last one counts for all further ones.</param>
/// <param name="Result">Type of its value; for numbers that depend on the argument see <see cref="FormulaBuilder"/>.</param>
internal sealed record FormulaFunction(string Name, FormulaOperator Operator, int Least, int Most, FormulaType Result, params ImmutableArray<FormulaKind[]> Arguments)
{
    private const int MostArguments = 50;

    private static readonly FormulaKind[] Text = [FormulaKind.Text], Number = [FormulaKind.Number], Time = [FormulaKind.DateTime], Day = [FormulaKind.DateTime, FormulaKind.Date], Duration = [FormulaKind.Duration];

    /// <summary>All functions by name. <c>case</c> has a syntax of its own.</summary>
    public static FrozenDictionary<string, FormulaFunction> All { get; } = new FormulaFunction[]
    {
        new("concat", FormulaOperator.Concat, 2, MostArguments, FormulaType.Text, Text),
        new("contains", FormulaOperator.Contains, 2, 2, FormulaType.Boolean, Text),
        new("startswith", FormulaOperator.StartsWith, 2, 2, FormulaType.Boolean, Text),
        new("endswith", FormulaOperator.EndsWith, 2, 2, FormulaType.Boolean, Text),
        new("length", FormulaOperator.Length, 1, 1, FormulaType.Whole, Text),
        new("indexof", FormulaOperator.IndexOf, 2, 2, FormulaType.Whole, Text),
        new("substring", FormulaOperator.Substring, 2, 3, FormulaType.Text, Text, Number),
        new("tolower", FormulaOperator.ToLower, 1, 1, FormulaType.Text, Text),
        new("toupper", FormulaOperator.ToUpper, 1, 1, FormulaType.Text, Text),
        new("trim", FormulaOperator.Trim, 1, 1, FormulaType.Text, Text),
        new("round", FormulaOperator.Round, 1, 2, FormulaType.Whole, Number),
        new("floor", FormulaOperator.Floor, 1, 1, FormulaType.Whole, Number),
        new("ceiling", FormulaOperator.Ceiling, 1, 1, FormulaType.Whole, Number),
        new("year", FormulaOperator.Year, 1, 1, FormulaType.Whole, Day),
        new("month", FormulaOperator.Month, 1, 1, FormulaType.Whole, Day),
        new("day", FormulaOperator.Day, 1, 1, FormulaType.Whole, Day),
        new("hour", FormulaOperator.Hour, 1, 1, FormulaType.Whole, Time),
        new("minute", FormulaOperator.Minute, 1, 1, FormulaType.Whole, Time),
        new("second", FormulaOperator.Second, 1, 1, FormulaType.Whole, Time),
        new("date", FormulaOperator.Date, 1, 1, new(FormulaKind.Date), Time),
        new("totimezone", FormulaOperator.InZone, 2, 2, new(FormulaKind.DateTime), Time, Text),
        new("now", FormulaOperator.Now, 0, 0, new(FormulaKind.DateTime)),
        new("totalseconds", FormulaOperator.TotalSeconds, 1, 1, FormulaType.Whole, Duration),
        new("coalesce", FormulaOperator.Coalesce, 2, MostArguments, new(FormulaKind.Unknown)),
    }.ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>Kinds that the argument at a position may have.</summary>
    public FormulaKind[] KindsAt(int position) => Arguments[Math.Min(position, Arguments.Length - 1)];
}
