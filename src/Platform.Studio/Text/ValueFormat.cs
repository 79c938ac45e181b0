using System.Globalization;
using Platform.Engine.Records;
using Platform.Studio.Files;

namespace Platform.Studio.Text;

/// <summary>Values as people read them.</summary>
/// <param name="zone">Zone in which points in time are shown.</param>
/// <param name="currencies">Symbols and digits of amounts; <c>null</c>: amounts are shown as plain numbers.</param>
public sealed class ValueFormat(UiText ui, TimeZoneInfo zone, CurrencyTable? currencies = null)
{
    /// <summary>A value of a row; an amount with the symbol and digits of its currency.</summary>
    /// <param name="row">Tells the currency; <c>null</c> for a value on its own.</param>
    public string Of(AttributeDefinition attribute, object? value, EntityRecord? row) =>
        attribute.Kind == AttributeKind.File && value is Guid && row?[FileAddress.NameColumn(attribute)] is string name ? name
        : value is decimal amount && CurrencyOf(attribute, row) is { } currency ? amount.ToString("C", Format(currency)) : Of(attribute, value);

    public string Of(AttributeDefinition attribute, object? value) => value switch
    {
        null => "",
        bool flag => attribute.OptionOf(flag ? 1 : 0) is { } option ? ui[option.Label] : ui[flag ? "value.yes" : "value.no"],
        int number when attribute.IsOption => attribute.OptionOf(number) is { } option ? ui[option.Label] : number.ToString(ui.Culture),
        ChoiceValues choices => string.Join("; ", choices.Select(choice => attribute.OptionOf(choice) is { } option ? ui[option.Label] : choice.ToString(ui.Culture))),
        int or long => ((IFormattable)value).ToString("N0", ui.Culture),
        decimal number => number.ToString("N" + attribute.Precision.ToString(CultureInfo.InvariantCulture), ui.Culture),
        double number => number.ToString("#,##0.##########", ui.Culture),
        DateTime moment => Shown(attribute, moment).ToString("g", ui.Culture),
        DateOnly day => day.ToString("d", ui.Culture),
        Guid when attribute.IsFile => ui["file.stored"],
        EntityReference reference => reference.Name is { Length: > 0 } name ? name : ui["value.unnamed"],
        _ => value.ToString() ?? "",
    };

    private Currency? CurrencyOf(AttributeDefinition attribute, EntityRecord? row)
    {
        if (attribute.Kind != AttributeKind.Money || currencies is null) return null;
        return attribute.BaseOf is null ? currencies.Find((row?[SystemAttributes.TransactionCurrencyId] as EntityReference)?.Id) : currencies.Base;
    }

    private NumberFormatInfo Format(Currency currency)
    {
        var format = (NumberFormatInfo)ui.Culture.NumberFormat.Clone();
        (format.CurrencySymbol, format.CurrencyDecimalDigits) = (currency.Symbol, currency.Precision);
        return format;
    }

    /// <summary>A point in time on the user's clock; as stored where the attribute does not depend on a zone.</summary>
    public DateTime Shown(AttributeDefinition attribute, DateTime moment) =>
        attribute.DateBehavior == DateBehavior.TimeZoneIndependent ? moment : TimeZoneInfo.ConvertTimeFromUtc(moment, zone);

    /// <summary>The reverse of <see cref="Shown"/>.</summary>
    public DateTime Stored(AttributeDefinition attribute, DateTime shown)
    {
        if (attribute.DateBehavior == DateBehavior.TimeZoneIndependent) return DateTime.SpecifyKind(shown, DateTimeKind.Utc);
        var local = DateTime.SpecifyKind(shown, DateTimeKind.Unspecified);
        // The hour that a change to summer time leaves out does not exist: take the one after it.
        if (zone.IsInvalidTime(local)) local = local.AddHours(1);
        return TimeZoneInfo.ConvertTimeToUtc(local, zone);
    }
}
