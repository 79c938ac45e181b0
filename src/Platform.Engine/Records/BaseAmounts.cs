using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>
/// Keeps the amounts of a row in the base currency. A row gets its currency and rate with its first amount; both are
/// looked up anew whenever an amount or the currency changes, as in Dataverse.
/// </summary>
internal sealed class BaseAmounts(CurrencyDirectory currencies)
{
    /// <summary>Attributes of the row as it was that <see cref="ApplyAsync"/> looks at; none when a change is not about money.</summary>
    public static IEnumerable<string> Needed(EntityDefinition entity, EntityRecord changes) =>
        IsAbout(entity, changes) ? [SystemAttributes.TransactionCurrencyId, SystemAttributes.ExchangeRate, .. entity.Amounts.SelectMany(columns => (string[])[columns.Amount, columns.Base])] : [];

    /// <summary>Completes a new row or a change with currency, rate and base amounts.</summary>
    /// <param name="before">The row as it was; <c>null</c> for a new one.</param>
    /// <exception cref="PlatformException">The currency does not exist, or an amount is too large in the base currency.</exception>
    public ValueTask ApplyAsync(EntityDefinition entity, EntityRecord row, EntityRecord? before, MessageScope scope, CancellationToken ct) =>
        IsAbout(entity, row) ? FillAsync(entity, row, before, scope, ct) : ValueTask.CompletedTask;

    private static bool IsAbout(EntityDefinition entity, EntityRecord row)
    {
        if (entity.Amounts.IsEmpty) return false;
        if (row.Contains(SystemAttributes.TransactionCurrencyId)) return true;
        foreach (var columns in entity.Amounts)
        {
            if (row.Contains(columns.Amount)) return true;
        }
        return false;
    }

    private async ValueTask FillAsync(EntityDefinition entity, EntityRecord row, EntityRecord? before, MessageScope scope, CancellationToken ct)
    {
        var table = await currencies.GetAsync(scope.Metadata, scope.InTransaction, scope.CurrenciesAreChanged, ct);
        // Another node may have made it meanwhile.
        if (Value<EntityReference>(SystemAttributes.TransactionCurrencyId, row, before) is { } named && table.Find(named.Id) is null)
            table = await currencies.ReadAgainAsync(scope.Metadata, scope.InTransaction, ct);
        var currency = CurrencyOf(entity, row, before, table, scope);
        var rate = currency?.Rate;
        var isNewRate = before is null || before.Get<decimal?>(SystemAttributes.ExchangeRate) != rate;
        if (isNewRate) row[SystemAttributes.ExchangeRate] = rate;
        foreach (var columns in entity.Amounts)
        {
            // An amount may be older than its base column.
            if (isNewRate || row.Contains(columns.Amount) || (before![columns.Base] is null && before[columns.Amount] is not null)) row[columns.Base] = Converted(entity, columns, Value<decimal?>(columns.Amount, row, before), rate);
        }
    }

    /// <summary>The row's own currency; a row with amounts that has none gets the caller's, else the base currency.</summary>
    private static Currency? CurrencyOf(EntityDefinition entity, EntityRecord row, EntityRecord? before, CurrencyTable table, MessageScope scope)
    {
        if (Value<EntityReference>(SystemAttributes.TransactionCurrencyId, row, before) is { } named)
            return table.Find(named.Id) ?? throw Errors.LookupTargetNotFound(SystemAttributes.TransactionCurrencyId, named);
        if (entity.Amounts.All(columns => Value<decimal?>(columns.Amount, row, before) is null)) return null;
        if ((table.Find(scope.Caller.CurrencyId) ?? table.Base) is not { } chosen) return null;
        row[SystemAttributes.TransactionCurrencyId] = new EntityReference(entity.Attribute(SystemAttributes.TransactionCurrencyId).Lookup!.Targets[0], chosen.Id);
        return chosen;
    }

    private static decimal? Converted(EntityDefinition entity, AmountColumns columns, decimal? amount, decimal? rate)
    {
        if (amount is not { } value || rate is not { } divisor) return null;
        var attribute = entity.Attribute(columns.Base);
        var converted = decimal.Round(value / divisor, attribute.StoredScale, MidpointRounding.AwayFromZero);
        return converted >= attribute.Minimum && converted <= attribute.Maximum
            ? converted
            : throw Errors.OutOfRange(entity.LogicalName, columns.Amount, attribute.Minimum * divisor, attribute.Maximum * divisor);
    }

    private static T? Value<T>(string attribute, EntityRecord row, EntityRecord? before) =>
        row.Contains(attribute) || before is null ? row.Get<T>(attribute) : before.Get<T>(attribute);
}
