using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.OData.Writing;

/// <summary>Values as a person reads them, in the caller's language and time zone.</summary>
/// <param name="currencies">Symbols and digits of amounts; <c>null</c>: amounts are written as plain numbers.</param>
internal sealed class FormattedValues(Caller caller, ResultShape shape, CurrencyTable? currencies)
{
    private const int LongestText = 128;
    private static readonly ConcurrentDictionary<string, CultureInfo> Cultures = new(StringComparer.Ordinal);

    private static readonly Label Quarter = new("Quarter {0}", new Dictionary<string, string> { ["ko"] = "{0}분기" });

    private readonly ResultColumn? currencyColumn = shape.Columns.FirstOrDefault(column => Origin(column.Attribute)?.LogicalName == SystemAttributes.TransactionCurrencyId);
    private readonly Dictionary<Guid, NumberFormatInfo> formats = [];
    private readonly CultureInfo culture = Cultures.GetOrAdd(caller.Language, Culture);

    public void Write(Utf8JsonWriter json, RowCursor row, ResultColumn column, AttributeJson text)
    {
        var at = column.Ordinal;
        var attribute = column.Attribute;
        switch (attribute.Kind)
        {
            case AttributeKind.Choice or AttributeKind.State or AttributeKind.Status:
                WriteLabel(json, text, (int)row.GetInt64(at));
                break;
            case AttributeKind.MultiChoice:
                WriteLabels(json, text, ChoiceValues.Parse(row.GetString(at)));
                break;
            case AttributeKind.Boolean:
                WriteLabel(json, text, row.GetBoolean(at) ? 1 : 0);
                break;
            case AttributeKind.Lookup or AttributeKind.File when column.NameOrdinal >= 0 && !row.IsNull(column.NameOrdinal):
                json.WriteString(text.FormattedValue, row.GetUtf8(column.NameOrdinal));
                break;
            case AttributeKind.Integer when attribute.Computed is GroupedColumn { Part: { } part }:
                json.WriteString(text.FormattedValue, PartText(part, (int)row.GetInt64(at)));
                break;
            case AttributeKind.Integer or AttributeKind.BigInt:
                WriteText(json, text, row.GetInt64(at), "N0");
                break;
            case AttributeKind.Money when CurrencyOf(row, attribute) is { } currency:
                WriteText(json, text, row.GetDecimal(at, attribute.StoredScale), "C", FormatOf(currency));
                break;
            case AttributeKind.Decimal or AttributeKind.Money:
                WriteText(json, text, row.GetDecimal(at, attribute.StoredScale), Digits(attribute.Computed is GroupedColumn grouped ? grouped.Digits : attribute.Precision));
                break;
            case AttributeKind.Double:
                WriteText(json, text, row.GetDouble(at), Digits(attribute.Precision));
                break;
            case AttributeKind.DateTime:
                WriteText(json, text, Local(row.GetDateTime(at), attribute), "g");
                break;
            case AttributeKind.GeoPoint:
                json.WriteString(text.FormattedValue, RecordReader.Value(column, row)!.ToString());
                break;
            case AttributeKind.DateOnly:
                WriteText(json, text, row.GetDate(at), "d");
                break;
        }
    }

    /// <summary>The attribute that rows are grouped by, or the attribute itself; <c>null</c> for aggregates.</summary>
    private static AttributeDefinition? Origin(AttributeDefinition attribute) =>
        attribute.Computed is GroupedColumn grouped ? grouped.Function is null ? grouped.Source!.Attribute : null : attribute;

    // Years and their parts are no quantities: there is nothing to put a comma into.
    private string PartText(DatePart part, int number) => part switch
    {
        DatePart.FiscalYear => string.Create(CultureInfo.InvariantCulture, $"FY{number}"),
        DatePart.FiscalPeriod => Quarter.For(caller.Language).Replace("{0}", number.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
        _ => number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The currency of an amount: the row's, or the base currency.</summary>
    private Currency? CurrencyOf(RowCursor row, AttributeDefinition attribute)
    {
        if (currencies is null) return null;
        if (attribute.BaseOf is not null) return currencies.Base;
        return currencyColumn is { } column && !row.IsNull(column.Ordinal) ? currencies.Find(row.GetGuid(column.Ordinal)) : null;
    }

    /// <summary>The language says where the symbol stands, the currency what it is and how many digits there are.</summary>
    private NumberFormatInfo FormatOf(Currency currency)
    {
        if (formats.TryGetValue(currency.Id, out var known)) return known;
        var format = (NumberFormatInfo)culture.NumberFormat.Clone();
        (format.CurrencySymbol, format.CurrencyDecimalDigits) = (currency.Symbol, currency.Precision);
        return formats[currency.Id] = format;
    }

    private DateTime Local(DateTime point, AttributeDefinition attribute) =>
        attribute.DateBehavior == DateBehavior.UserLocal ? TimeZoneInfo.ConvertTimeFromUtc(point, caller.TimeZone) : point;

    private void WriteLabel(Utf8JsonWriter json, AttributeJson text, int value)
    {
        if (text.Options.TryGetValue(value, out var label)) json.WriteString(text.FormattedValue, label.For(caller.Language));
    }

    private void WriteLabels(Utf8JsonWriter json, AttributeJson text, ChoiceValues? values)
    {
        if (values is null) return;
        json.WriteString(text.FormattedValue, string.Join("; ", values.Where(text.Options.ContainsKey).Select(value => text.Options[value].For(caller.Language))));
    }

    private void WriteText<T>(Utf8JsonWriter json, AttributeJson text, T value, ReadOnlySpan<char> format, IFormatProvider? numbers = null)
        where T : ISpanFormattable
    {
        Span<char> buffer = stackalloc char[LongestText];
        if (value.TryFormat(buffer, out var length, format, numbers ?? culture)) json.WriteString(text.FormattedValue, buffer[..length]);
        else json.WriteString(text.FormattedValue, value.ToString(format.ToString(), numbers ?? culture));
    }

    private static string Digits(int precision) => precision switch
    {
        0 => "N0",
        1 => "N1",
        2 => "N2",
        3 => "N3",
        4 => "N4",
        _ => $"N{precision}",
    };

    /// <summary>The culture of a two-letter language. The narrow no-break space before AM and PM becomes a plain one, as clients of Dataverse know it.</summary>
    private static CultureInfo Culture(string language)
    {
        var culture = (CultureInfo)CultureInfo.CreateSpecificCulture(language).Clone();
        culture.DateTimeFormat.ShortTimePattern = culture.DateTimeFormat.ShortTimePattern.Replace('\u202f', ' ');
        return CultureInfo.ReadOnly(culture);
    }
}
