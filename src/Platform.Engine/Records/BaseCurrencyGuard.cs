using Platform.Engine.Metadata;
using Platform.Engine.Pipeline;
using Platform.Engine.Sql;

namespace Platform.Engine.Records;

/// <summary>Keeps the currency against which all rates are: no write takes the mark from the last one that has it.</summary>
internal sealed class BaseCurrencyGuard
{
    private const string IsBase = "isbasecurrency";

    private readonly MessageScope scope;
    private readonly EntityDefinition entity;
    private readonly bool wasThere;

    private BaseCurrencyGuard(EntityDefinition entity, MessageScope scope, bool wasThere) => (this.entity, this.scope, this.wasThere) = (entity, scope, wasThere);

    /// <summary>Looks before a write; ask again behind it with <see cref="DemandAsync"/>. Costs nothing for rows that are no currencies.</summary>
    public static async Task<BaseCurrencyGuard> WatchAsync(EntityDefinition entity, MessageScope scope, CancellationToken ct) =>
        new(entity, scope, CurrencyDirectory.Holds(entity) && entity.TryFind(IsBase, out _) && await IsThereAsync(entity, scope, ct));

    /// <exception cref="PlatformException">There was a base currency and now there is none.</exception>
    public async Task DemandAsync(CancellationToken ct)
    {
        if (wasThere && !await IsThereAsync(entity, scope, ct)) throw Errors.LastBaseCurrency();
    }

    private static async Task<bool> IsThereAsync(EntityDefinition entity, MessageScope scope, CancellationToken ct)
    {
        var marked = await RecordStore.FindAsync(scope.Metadata, scope.InTransaction, entity, new Queries.Compare(entity.Attribute(IsBase), Queries.Comparison.Equal, true), most: 1, ct);
        return marked.Count > 0;
    }
}
