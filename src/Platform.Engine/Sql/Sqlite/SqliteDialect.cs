using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Sql.Sqlite;

/// <summary>
/// SQLite: GUIDs and points in time as text, decimals as scaled integers, text columns <c>COLLATE NOCASE</c>, which is
/// the rule of both databases (ASCII case ignored, code-point order).
/// </summary>
internal sealed class SqliteDialect : SqlDialect
{
    /// <summary>Storage form of points in time: sorts as text, copies straight into JSON.</summary>
    public const string DateTimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public const string DateFormat = "yyyy-MM-dd";

    public override string TypeNameColumnType => "TEXT";

    public override string LockRow => "";

    // By its number: named parameters are numbered by where they first appear.
    public override string Placeholder(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"?{number}");

    internal override FormulaDialect Formulas { get; } = new SqliteFormulas();

    public override string ColumnType(AttributeDefinition attribute) => attribute.Kind switch
    {
        AttributeKind.String or AttributeKind.Memo => "TEXT COLLATE NOCASE",
        AttributeKind.Double => "REAL",
        AttributeKind.MultiChoice or AttributeKind.DateTime or AttributeKind.DateOnly or AttributeKind.Lookup or AttributeKind.UniqueIdentifier or AttributeKind.File or AttributeKind.Image => "TEXT",
        _ => "INTEGER",
    };

    public override object? ToStorage(AttributeDefinition attribute, object? value) => value switch
    {
        null => null,
        string text => text,
        int number => (long)number,
        long number => number,
        decimal number => Scaled(attribute, number),
        double number => number,
        bool flag => flag ? 1L : 0L,
        Guid id => ToStorage(id),
        EntityReference reference => ToStorage(reference.Id),
        ChoiceValues choices => choices.ToString(),
        GeoPoint point => StoredPoint.Of(point),
        DateTime time => time.ToString(DateTimeFormat, CultureInfo.InvariantCulture),
        DateOnly date => date.ToString(DateFormat, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"{value.GetType().Name} has no storage form.", nameof(value)),
    };

    public override object ToStorage(Guid id) => id.ToString("D");

    public override string TextKey(string column) => column;

    public override string ComputedTextKey(string expression) => $"{expression} COLLATE NOCASE";

    // What is stored is the last number given; a create that is rolled back gives its number back.
    public override SqlStatement CreateSequence(string name, long first) =>
        new("INSERT OR IGNORE INTO platform_sequence (name, value) VALUES ($1, $2)", name, first - 1);

    public override SqlStatement TakeNumber(string sequence) => new("UPDATE platform_sequence SET value = value + 1 WHERE name = $1 RETURNING value", sequence);

    public override SqlStatement PeekNumber(string sequence) => new("SELECT value + 1 FROM platform_sequence WHERE name = $1", sequence);

    public override SqlStatement SetNumber(string sequence, long next) => new("UPDATE platform_sequence SET value = $1 WHERE name = $2 RETURNING value", next - 1, sequence);

    public override string OrderTerm(string expression, bool descending) => descending ? expression + " DESC" : expression;

    internal override string FirstText(string text) => $"min({text} COLLATE BINARY)";

    internal override string MatchesSets(string key, string pattern) => $"lower({key}) GLOB {pattern}";

    internal override string SetPattern(Queries.TextPattern pattern) => pattern.ToGlob();

    internal override string WideKey(string number) => $"exact_key({number})";

    internal override string WideExtreme(string number, bool isLeast) => $"{(isLeast ? "exact_min" : "exact_max")}({number})";

    internal override object WideKey(decimal number, int scale) => new ExactNumber(number, scale).ToKey();

    internal override string Part(Queries.DatePart part, AttributeKind kind, string value, string? zone) => $"date_part({value}, '{part}', {zone ?? "''"})";

    internal override string Distance(string from, string to) => $"geo_distance({from}, {to})";

    private static long Scaled(AttributeDefinition attribute, decimal number)
    {
        var power = PowersOfTen[attribute.StoredScale];
        var most = long.MaxValue / power;
        if (Math.Abs(number) > most) throw Errors.OutOfRange("record", attribute.LogicalName, -most, most);
        return (long)decimal.Round(number * power, MidpointRounding.AwayFromZero);
    }

    internal static readonly decimal[] PowersOfTen = [1m, 10m, 100m, 1_000m, 10_000m, 100_000m, 1_000_000m, 10_000_000m, 100_000_000m, 1_000_000_000m, 10_000_000_000m];
}
