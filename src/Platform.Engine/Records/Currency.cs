using System.Collections.Frozen;

namespace Platform.Engine.Records;

/// <summary>A currency as amounts need it.</summary>
/// <param name="Symbol">What stands beside an amount (<c>₩</c>).</param>
/// <param name="Precision">Digits after the point that people see.</param>
/// <param name="Rate">Units of it for one unit of the base currency.</param>
public sealed record Currency(Guid Id, string Symbol, int Precision, decimal Rate);

/// <summary>All currencies at one moment.</summary>
/// <param name="Base">The one that <c>isbasecurrency</c> marks, else the first with the rate 1; <c>null</c> while there is none.</param>
public sealed record CurrencyTable(FrozenDictionary<Guid, Currency> Currencies, Currency? Base)
{
    public static CurrencyTable Empty { get; } = new(FrozenDictionary<Guid, Currency>.Empty, null);

    /// <summary>The currency with an id; <c>null</c> when there is none.</summary>
    public Currency? Find(Guid? id) => id is { } known ? Currencies.GetValueOrDefault(known) : null;
}
