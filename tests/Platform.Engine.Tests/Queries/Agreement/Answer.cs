using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Tests.Formulas;
using Platform.Sdk;

namespace Platform.Engine.Tests.Queries.Agreement;

/// <summary>What a query was answered with.</summary>
/// <param name="Lines">A row each.</param>
internal sealed record Answer(ImmutableArray<string> Lines, long? Total)
{
    /// <summary>Why there is none.</summary>
    public string? Refusal { get; init; }

    public bool IsSame(Answer other) => Refusal == other.Refusal && Total == other.Total && Lines.SequenceEqual(other.Lines);

    public static string Value(string name, object? value) => $"{name}={Text(value)}";

    /// <summary>A value to the last digit.</summary>
    public static string Text(object? value) => value switch
    {
        null => "-",
        string text => $"'{text}'",
        bool flag => flag ? "true" : "false",
        int or long => string.Create(CultureInfo.InvariantCulture, $"{value}"),
        decimal number => Text(PlainNumber.Of(number)),
        PlainNumber number => Digits(number),
        double number => number.ToString("R", CultureInfo.InvariantCulture) + "f",
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        Guid id => id.ToString("D"),
        EntityReference reference => reference.Id.ToString("D"),
        int[] choices => string.Join(',', choices),
        ChoiceValues choices => choices.ToString(),
        _ => throw new InvalidOperationException($"{value.GetType()} is no value of a row."),
    };

    /// <summary>Without zeros at the end.</summary>
    private static string Digits(PlainNumber number)
    {
        // A sum with more digits than a decimal holds loses those at its end.
        var whole = (BigInteger.Abs(number.Units) / BigInteger.Pow(10, number.Scale)).ToString(CultureInfo.InvariantCulture).Length;
        if (whole + number.Scale > 28) number = number.At(Math.Max(0, 28 - whole));
        while (number.Scale > 0 && number.Units % 10 == 0) number = new(number.Units / 10, number.Scale - 1);
        var digits = BigInteger.Abs(number.Units).ToString(CultureInfo.InvariantCulture).PadLeft(number.Scale + 1, '0');
        return (number.Units.Sign < 0 ? "-" : "") + digits[..^number.Scale] + (number.Scale > 0 ? "." + digits[^number.Scale..] : "");
    }
}

/// <summary>Takes the rows of an engine as lines.</summary>
internal sealed class AnswerRows : IRowSink
{
    // The currency comes along with amounts; when a row was made differs between databases.
    private static readonly string[] Unasked = [SystemAttributes.TransactionCurrencyId, SystemAttributes.CreatedOn, SystemAttributes.ModifiedOn, SystemAttributes.VersionNumber];

    private ResultShape? shape;

    public List<string> Lines { get; } = [];

    public void Start(ResultShape shape) => this.shape = shape;

    public ValueTask WriteAsync(RowCursor row, CancellationToken ct)
    {
        Lines.Add(Line(shape!, row));
        return ValueTask.CompletedTask;
    }

    private static string Line(ResultShape shape, RowCursor row)
    {
        var columns = shape.Columns.Concat(shape.Links.SelectMany(link => link.Shape.Columns)).Where(column => !Unasked.Contains(column.Attribute.LogicalName));
        var values = columns.Select(column => Answer.Value(column.Name ?? column.Attribute.LogicalName, RecordReader.Value(column, row)));
        return $"{(shape.IdOrdinal < 0 ? "" : $"{row.GetGuid(shape.IdOrdinal):D}")}{{{string.Join("; ", values)}}}{string.Concat(shape.Expansions.Select(expansion => $"[{Related(expansion, row)}]"))}";
    }

    private static string Related(ResultExpansion expansion, RowCursor row)
    {
        if (expansion.Shape is { } inner) return row.IsNull(inner.IdOrdinal) ? "" : Line(inner, row);
        var related = row.Related(expansion.Expansion);
        var rows = string.Join(", ", related?.Rows.Select(one => Line(related.Shape, one)) ?? []);
        return expansion.Expansion.Rows.CountTotal ? $"{related?.Total ?? 0}: {rows}" : rows;
    }
}
