using Platform.Engine.Metadata;
using Platform.Engine.Records;
using Platform.OData.Headers;
using Platform.OData.Routing;

namespace Platform.OData.Writing;

/// <summary>The currencies for formatted amounts.</summary>
internal sealed class AmountFormats(CurrencyDirectory currencies)
{
    /// <summary>What formatted amounts need; <c>null</c> where there are none.</summary>
    /// <param name="entities">Of the rows in the answer.</param>
    public async ValueTask<CurrencyTable?> CurrenciesAsync(ApiRequest request, IEnumerable<EntityDefinition> entities) =>
        request.Preferences.Annotations.HasFlag(AnnotationSet.FormattedValue) && entities.Any(entity => !entity.Amounts.IsEmpty)
            ? await currencies.GetAsync(request.Metadata, request.Aborted)
            : null;
}
