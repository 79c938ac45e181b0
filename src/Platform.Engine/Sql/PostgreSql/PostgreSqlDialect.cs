using System.Globalization;
using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Sql.PostgreSql;

/// <summary>
/// PostgreSQL: native types. Text compares by <c>lower(… COLLATE "C")</c>, which folds ASCII letters only and orders by
/// code point, exactly as SQLite's NOCASE does, and never changes with the machine's locale.
/// </summary>
internal sealed class PostgreSqlDialect : SqlDialect
{
    public override string TypeNameColumnType => "text";

    public override string LockRow => " FOR UPDATE";

    internal override FormulaDialect Formulas { get; } = new PostgreSqlFormulas();

    public override string ColumnType(AttributeDefinition attribute) => attribute.Kind switch
    {
        AttributeKind.String or AttributeKind.Memo => "text",
        AttributeKind.Integer or AttributeKind.Choice or AttributeKind.State or AttributeKind.Status => "integer",
        AttributeKind.MultiChoice => "text COLLATE \"C\"",
        AttributeKind.BigInt or AttributeKind.GeoPoint => "bigint",
        AttributeKind.Decimal or AttributeKind.Money => string.Create(CultureInfo.InvariantCulture, $"numeric(28,{attribute.StoredScale})"),
        AttributeKind.Double => "double precision",
        AttributeKind.Boolean => "boolean",
        AttributeKind.DateTime => "timestamptz",
        AttributeKind.DateOnly => "date",
        AttributeKind.Lookup or AttributeKind.UniqueIdentifier or AttributeKind.File or AttributeKind.Image => "uuid",
        var kind => throw new InvalidOperationException($"Attribute kind {kind} has no column type."),
    };

    public override object? ToStorage(AttributeDefinition attribute, object? value) => value switch
    {
        EntityReference reference => reference.Id,
        ChoiceValues choices => choices.ToString(),
        GeoPoint point => StoredPoint.Of(point),
        DateTime time => DateTime.SpecifyKind(time, DateTimeKind.Utc),
        decimal number => decimal.Round(number, attribute.StoredScale, MidpointRounding.AwayFromZero),
        _ => value,
    };

    public override object ToStorage(Guid id) => id;

    public override string TextKey(string column) => $"lower({column} COLLATE \"C\")";

    public override string ComputedTextKey(string expression) => TextKey(expression);

    // With IN (SELECT …) in one of several alternatives the whole table would be walked: it is no condition of an index there.
    public override string InSet(string column, string query) => $"{column} = ANY (ARRAY({query}))";

    public override SqlStatement CreateSequence(string name, long first) =>
        new(string.Create(CultureInfo.InvariantCulture, $"CREATE SEQUENCE IF NOT EXISTS {Quote(name)} MINVALUE 0 START {first} CACHE 1"));

    public override SqlStatement TakeNumber(string sequence) => new("SELECT nextval($1::regclass)", Quote(sequence));

    public override SqlStatement PeekNumber(string sequence) => new($"SELECT CASE WHEN is_called THEN last_value + 1 ELSE last_value END FROM {Quote(sequence)}");

    public override SqlStatement SetNumber(string sequence, long next) => new("SELECT setval($1::regclass, $2, false)", Quote(sequence), next);

    public override string OrderTerm(string expression, bool descending) =>
        expression + (descending ? " DESC NULLS LAST" : " NULLS FIRST");

    internal override string FirstText(string text) => $"min({text} COLLATE \"C\")";

    internal override string MatchesSets(string key, string pattern) => $"{key} ~ {pattern}";

    internal override string SetPattern(Queries.TextPattern pattern) => pattern.ToRegex();

    // Without its type it would be a text, which goes with no other one.
    internal override string Nothing(string type) => $"NULL::{type}";

    internal override string WideValue(string number, int scale) =>
        string.Create(CultureInfo.InvariantCulture, $"round({number}, GREATEST(0, LEAST({scale}, {MostDigits} - length(trunc(abs({number}))::text))))");

    internal override string Part(Queries.DatePart part, AttributeKind kind, string value, string? zone)
    {
        var stored = Formulas.OfStored(kind, value);
        var local = kind == AttributeKind.DateOnly ? stored : zone is null ? $"({stored} AT TIME ZONE 'UTC')" : Within($"({stored} AT TIME ZONE {zone}::text)");
        return part switch
        {
            Queries.DatePart.Week => $"((extract(doy from {local})::integer - extract(dow from {local})::integer + 5) / 7 + 1)",
            Queries.DatePart.Year or Queries.DatePart.FiscalYear => $"extract(year from {local})::integer",
            Queries.DatePart.Quarter or Queries.DatePart.FiscalPeriod => $"extract(quarter from {local})::integer",
            Queries.DatePart.Month => $"extract(month from {local})::integer",
            _ => $"extract(day from {local})::integer",
        };
    }

    // At both ends of time clocks stand still, as .NET has it.
    internal static string Within(string local) =>
        $"(CASE WHEN {local} < '0001-01-01' THEN TIMESTAMP '0001-01-01' WHEN {local} > '9999-12-31 23:59:59' THEN TIMESTAMP '9999-12-31 23:59:59' ELSE {local} END)";

    // The formula of StoredPoint.Distance. LEAST passes over NULL.
    internal override string Distance(string from, string to)
    {
        var (latitude, otherLatitude) = (Radians($"({from} >> 32)", StoredPoint.SouthPole), Radians($"({to}::bigint >> 32)", StoredPoint.SouthPole));
        var (longitude, otherLongitude) = (Radians($"({from} & {uint.MaxValue})", StoredPoint.DateLine), Radians($"({to}::bigint & {uint.MaxValue})", StoredPoint.DateLine));
        var share = $"power(sin(({otherLatitude} - {latitude}) / 2), 2) + cos({latitude}) * cos({otherLatitude}) * power(sin(({otherLongitude} - {longitude}) / 2), 2)";
        return string.Create(CultureInfo.InvariantCulture, $"CASE WHEN {from} IS NOT NULL THEN round(({2 * StoredPoint.EarthRadius} * asin(sqrt(least(1, {share}))))::numeric, 3) END");
    }

    private static string Radians(string units, long zero) => string.Create(CultureInfo.InvariantCulture, $"radians(({units} - {zero}) / {StoredPoint.Unit}::double precision)");
}
