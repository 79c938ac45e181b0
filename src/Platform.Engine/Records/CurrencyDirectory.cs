using System.Collections.Frozen;
using Platform.Engine.Metadata;
using Platform.Engine.Queries;
using Platform.Engine.Sql;

namespace Platform.Engine.Records;

/// <summary>The currencies and their rates, kept until one of them changes: amounts do not read them again for every row.</summary>
public sealed class CurrencyDirectory
{
    private const string EntityName = "transactioncurrency";
    private const string Symbol = "currencysymbol";
    private const string Precision = "currencyprecision";
    private const string IsBase = "isbasecurrency";
    private static readonly string[] Columns = [Symbol, Precision, SystemAttributes.ExchangeRate, IsBase, SystemAttributes.CreatedOn];

    private readonly Database database;
    private readonly QueryExecutor executor;
    private Known known = new();

    internal CurrencyDirectory(Database database, QueryExecutor executor)
    {
        this.database = database;
        this.executor = executor;
    }

    /// <summary>True when rows of the entity are currencies.</summary>
    internal static bool Holds(EntityDefinition entity) => entity.LogicalName == EntityName;

    /// <summary>The currencies as committed.</summary>
    public ValueTask<CurrencyTable> GetAsync(MetadataSnapshot metadata, CancellationToken ct)
    {
        var cache = Volatile.Read(ref known);
        return cache.Table is { } table ? ValueTask.FromResult(table) : LoadAsync();

        async ValueTask<CurrencyTable> LoadAsync() =>
            cache.Table = await database.ReadAsync((session, token) => ReadAsync(metadata, session, token), ct);
    }

    /// <summary>The currencies as a message sees them.</summary>
    /// <param name="changed">The message itself has changed one: what nobody else sees yet is not kept.</param>
    internal async ValueTask<CurrencyTable> GetAsync(MetadataSnapshot metadata, SqlSession session, bool changed, CancellationToken ct)
    {
        var cache = Volatile.Read(ref known);
        if (!changed && cache.Table is { } table) return table;
        // In a shared transaction others may have written a currency, and may yet fail: what is kept is read beside it.
        if (!changed && session.SharesTransaction) return await GetAsync(metadata, ct);
        var read = await ReadAsync(metadata, session, ct);
        if (!changed) cache.Table = read;
        return read;
    }

    /// <summary>The currencies as the message's transaction shows them now, whatever was kept.</summary>
    internal Task<CurrencyTable> ReadAgainAsync(MetadataSnapshot metadata, SqlSession session, CancellationToken ct)
    {
        Forget();
        return ReadAsync(metadata, session, ct);
    }

    /// <summary>Drops what is kept. A load that is under way fills what was dropped.</summary>
    internal void Forget() => Volatile.Write(ref known, new Known());

    private async Task<CurrencyTable> ReadAsync(MetadataSnapshot metadata, SqlSession session, CancellationToken ct)
    {
        if (metadata.Find(EntityName) is not { } entity || !Columns.All(name => entity.TryFind(name, out _))) return CurrencyTable.Empty;
        var rows = new RecordList();
        await executor.RunAsync(metadata, session, new Query(entity) { Columns = [.. Columns.Select(entity.Attribute)], Orders = [new OrderBy(entity.Attribute(SystemAttributes.CreatedOn))] }, QueryRights.Everything, rows, ct);
        var read = rows.Records.Select(row => (Currency: Of(row), IsBase: row.Get<bool>(IsBase))).ToList();
        var marked = read.Find(row => row.IsBase).Currency ?? read.Find(row => row.Currency.Rate == 1m).Currency;
        // One unit of the base currency is one unit of it, whatever its row says.
        if (marked is not null) marked = marked with { Rate = 1m };
        return new CurrencyTable(read.Select(row => row.Currency.Id == marked?.Id ? marked : row.Currency).ToFrozenDictionary(currency => currency.Id), marked);
    }

    private static Currency Of(Sdk.EntityRecord row) => new(row.Id, row.Get<string>(Symbol) ?? "", row.Get<int?>(Precision) ?? 2, row.Get<decimal?>(SystemAttributes.ExchangeRate) ?? 1m);

    private sealed class Known
    {
        public CurrencyTable? Table { get; set; }
    }
}
