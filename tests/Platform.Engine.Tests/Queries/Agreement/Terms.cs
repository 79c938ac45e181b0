using System.Collections.Immutable;
using System.Globalization;
using Platform.Engine.Tests.Formulas;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>An expression of a generated query.</summary>
/// <param name="Scale">Digits after the point of a number.</param>
internal abstract record Term(PlainKind Kind, int Scale)
{
    /// <summary>As OData writes it.</summary>
    /// <param name="variable">Name of the row within <c>any</c> and <c>all</c>; empty for the row of the query.</param>
    public abstract string Text(string variable);

    protected static string Prefix(string variable) => variable.Length == 0 ? "" : variable + "/";
}

/// <summary>A column of the row, or of one that lookups lead to.</summary>
internal sealed record ColumnTerm(ImmutableArray<PlainNavigation> Path, PlainColumn Column) : Term(Column.Kind, Column.Scale)
{
    public override string Text(string variable) => Prefix(variable) + string.Concat(Path.Select(step => step.Name + "/")) + Column.Property;

    public bool IsBeside(ColumnTerm other) => Path.SequenceEqual(other.Path);
}

/// <summary>Within a collection: a column of a row outside of it.</summary>
internal sealed record OuterTerm(string Name, ColumnTerm Column) : Term(Column.Kind, Column.Scale)
{
    public override string Text(string variable) => Column.Text(Name);
}

/// <summary>A literal; <paramref name="Written"/> is how it stands in a query.</summary>
/// <param name="Value">Text, <see cref="PlainNumber"/>, bool, DateTime, DateOnly, seconds, Guid, choices; <c>null</c>.</param>
internal sealed record LiteralTerm(PlainKind Kind, object? Value, string Written, int Scale = 0) : Term(Kind, Scale)
{
    public override string Text(string variable) => Written;

    public static LiteralTerm Of(PlainKind kind, object? value) => value switch
    {
        null => new(kind, null, "null"),
        // Characters are compared as they are stored: composed.
        string text => new(kind, text.Normalize(), $"'{text.Replace("'", "''", StringComparison.Ordinal)}'"),
        bool flag => new(kind, flag, flag ? "true" : "false"),
        DateTime time => new(kind, time, time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)),
        DateOnly day => new(kind, day, day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        Guid id => new(kind, id, id.ToString("D")),
        int[] choices => new(kind, choices, $"'{string.Join(',', choices)}'"),
        TimeSpan span => new(kind, (long)span.TotalSeconds, $"duration'{System.Xml.XmlConvert.ToString(span)}'"),
        _ => throw new ArgumentException($"{value.GetType()} has no literal."),
    };

    public static LiteralTerm Number(string text)
    {
        var number = PlainNumber.Parse(text);
        return new(PlainKind.Number, number, text, number.Scale);
    }
}

/// <summary>An operator or a function over terms.</summary>
internal sealed record CallTerm(string Name, ImmutableArray<Term> Arguments, PlainKind Kind, int Scale = 0) : Term(Kind, Scale)
{
    private static readonly string[] Operators = ["add", "sub", "mul", "div", "mod"];

    public override string Text(string variable) => Name switch
    {
        "-" => $"-({Arguments[0].Text(variable)})",
        _ when Operators.Contains(Name) => $"({Arguments[0].Text(variable)} {Name} {Arguments[1].Text(variable)})",
        _ => $"{Name}({string.Join(',', Arguments.Select(argument => argument.Text(variable)))})",
    };
}

/// <summary>What <c>$compute</c> or <c>$apply</c> has named.</summary>
/// <param name="Of">What is behind the name, as it stands in the result.</param>
internal sealed record NamedTerm(string Name, Term Of) : Term(Of.Kind, Of.Kind == PlainKind.Number ? Math.Min(Of.Scale, 6) : 0)
{
    public override string Text(string variable) => Name;
}
