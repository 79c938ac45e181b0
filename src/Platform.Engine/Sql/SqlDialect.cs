using Platform.Engine.Metadata;
using Platform.Engine.Records;

namespace Platform.Engine.Sql;

/// <summary>
/// What differs between the two databases. Text compares ignoring ASCII case, by code point, on both; empty values
/// sort first ascending (docs/decisions/0008).
/// </summary>
public abstract class SqlDialect
{
    /// <summary>The place of an argument in a statement, whose parameters may appear in any order.</summary>
    /// <param name="number">From 1.</param>
    public virtual string Placeholder(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"${number}");

    /// <summary>A name in double quotes. Names come from metadata, never from a request.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Digits of a number that surely go into a decimal.</summary>
    internal const int MostDigits = 28;

    /// <summary>Column type of an attribute (without constraints).</summary>
    public abstract string ColumnType(AttributeDefinition attribute);

    /// <summary>Column type of the companion <c>&lt;name&gt;type</c> of a polymorphic lookup.</summary>
    public abstract string TypeNameColumnType { get; }

    /// <summary>Turns a value of the attribute's .NET type into what is stored and bound. A lookup's <see cref="Sdk.EntityReference"/> becomes its id.</summary>
    public abstract object? ToStorage(AttributeDefinition attribute, object? value);

    /// <summary>An id as it is stored and bound.</summary>
    public abstract object ToStorage(Guid id);

    /// <summary>An expression by which a text column is compared, sorted and indexed.</summary>
    /// <param name="column">Quoted column.</param>
    public abstract string TextKey(string column);

    /// <summary>The same for text that is computed, such as the name of a lookup's target, and so carries no collation of its own.</summary>
    public abstract string ComputedTextKey(string expression);

    /// <summary>A text value in the form that compares with <see cref="TextKey"/>: composed, as it is stored, and ASCII letters in lower case.</summary>
    public static string FoldText(string text)
    {
        var composed = NormalForm.Of(text);
        return string.Create(composed.Length, composed, static (target, source) =>
        {
            for (var at = 0; at < source.Length; at++)
                target[at] = char.IsAsciiLetterUpper(source[at]) ? (char)(source[at] | 0x20) : source[at];
        });
    }

    /// <summary><c>ORDER BY</c> term with empty values first ascending and last descending.</summary>
    public abstract string OrderTerm(string expression, bool descending);

    /// <summary>The first text of a group, by code point: of spellings that compare as one both databases take the same.</summary>
    internal abstract string FirstText(string text);

    /// <summary>The expression by which a number that may have more digits than a column stores is compared and sorted.</summary>
    internal virtual string WideKey(string number) => number;

    /// <summary>The least or greatest of such numbers in a group.</summary>
    internal virtual string WideExtreme(string number, bool isLeast) => $"{(isLeast ? "min" : "max")}({number})";

    /// <summary>A number in the form that compares with it.</summary>
    /// <param name="scale">Digits after the point of what it is compared with; the number has no more.</param>
    internal virtual object WideKey(decimal number, int scale) => number;

    /// <summary>Such a number as it is read: with at most 28 digits in all, of which those after the point give way.</summary>
    internal virtual string WideValue(string number, int scale) => number;

    /// <summary>A text has the form of a pattern with sets of characters.</summary>
    /// <param name="key">Expression by which the text is compared.</param>
    /// <param name="pattern">Placeholder of what <see cref="SetPattern"/> has made.</param>
    internal abstract string MatchesSets(string key, string pattern);

    /// <summary>A pattern with sets of characters in the database's own words.</summary>
    internal abstract string SetPattern(Queries.TextPattern pattern);

    /// <summary>No value in a column of a list that others have behind each other.</summary>
    /// <param name="type">Column type of the value.</param>
    internal virtual string Nothing(string type) => "NULL";

    /// <summary>Column type of such a number.</summary>
    internal virtual string WideType => "numeric";

    /// <summary>Part of a date or a point in time, as a whole number.</summary>
    /// <param name="value">Stored value.</param>
    /// <param name="zone">Parameter with the IANA name of the time zone whose days count; <c>null</c>: those of the value.</param>
    internal abstract string Part(Queries.DatePart part, AttributeKind kind, string value, string? zone);

    /// <summary>A column equals one of the values that a query finds, such that the index of the column can serve it beside other conditions.</summary>
    /// <param name="query">A query of one column that does not speak of the row.</param>
    public virtual string InSet(string column, string query) => $"{column} IN ({query})";

    /// <summary>How this database spells the operations of formulas.</summary>
    internal abstract FormulaDialect Formulas { get; }

    /// <summary>Metres over the surface of the earth between two stored points, to the millimetre, as a decimal of three digits is stored.</summary>
    /// <param name="from">Column of a geo point.</param>
    /// <param name="to">Parameter that holds a stored point.</param>
    internal abstract string Distance(string from, string to);

    /// <summary>Appended to a <c>SELECT</c> of one row so that nobody changes it before the transaction ends; empty where the writer is alone.</summary>
    public abstract string LockRow { get; }

    /// <summary>Makes a sequence unless it is there; its first number is given.</summary>
    public abstract SqlStatement CreateSequence(string name, long first);

    /// <summary>Takes the next number of a sequence, in a row with one column.</summary>
    public abstract SqlStatement TakeNumber(string sequence);

    /// <summary>Looks at the next number of a sequence and leaves it there.</summary>
    public abstract SqlStatement PeekNumber(string sequence);

    /// <summary>Sets the next number of a sequence, and answers one row.</summary>
    public abstract SqlStatement SetNumber(string sequence, long next);

    /// <summary>Name of the column that holds the target entity of a polymorphic lookup.</summary>
    public static string TypeColumn(AttributeDefinition attribute) => attribute.LogicalName + "type";
}
