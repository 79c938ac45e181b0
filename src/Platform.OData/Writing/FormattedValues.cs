using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.Engine.Security;
using Platform.Sdk;

namespace Platform.OData.Writing;

/// <summary>Values as a person reads them, in the caller's language and time zone.</summary>
internal sealed class FormattedValues(Caller caller)
{
    private const int LongestText = 128;
    private static readonly ConcurrentDictionary<string, CultureInfo> Cultures = new(StringComparer.Ordinal);

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
            case AttributeKind.Lookup when column.NameOrdinal >= 0 && !row.IsNull(column.NameOrdinal):
                json.WriteString(text.FormattedValue, row.GetUtf8(column.NameOrdinal));
                break;
            case AttributeKind.Integer or AttributeKind.BigInt:
                WriteText(json, text, row.GetInt64(at), "N0");
                break;
            case AttributeKind.Decimal or AttributeKind.Money:
                WriteText(json, text, row.GetDecimal(at, attribute.StoredScale), Digits(attribute.Precision));
                break;
            case AttributeKind.Double:
                WriteText(json, text, row.GetDouble(at), Digits(attribute.Precision));
                break;
            case AttributeKind.DateTime:
                WriteText(json, text, Local(row.GetDateTime(at), attribute), "g");
                break;
            case AttributeKind.DateOnly:
                WriteText(json, text, row.GetDate(at), "d");
                break;
        }
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

    private void WriteText<T>(Utf8JsonWriter json, AttributeJson text, T value, ReadOnlySpan<char> format)
        where T : ISpanFormattable
    {
        Span<char> buffer = stackalloc char[LongestText];
        if (value.TryFormat(buffer, out var length, format, culture)) json.WriteString(text.FormattedValue, buffer[..length]);
        else json.WriteString(text.FormattedValue, value.ToString(format.ToString(), culture));
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
