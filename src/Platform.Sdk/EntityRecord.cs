using System.Diagnostics.CodeAnalysis;

namespace Platform.Sdk;

/// <summary>
/// A row, or the part of a row that a message carries: attribute values by logical name. An attribute that is absent
/// is not touched by an update; an attribute that is present with <c>null</c> is cleared.
/// </summary>
/// <remarks>
/// The .NET type of a value is fixed by the attribute's kind:
/// <list type="table">
/// <item><term>string, memo</term><description><see cref="string"/></description></item>
/// <item><term>integer, choice, state, status</term><description><see cref="int"/></description></item>
/// <item><term>multiChoice</term><description><see cref="ChoiceValues"/></description></item>
/// <item><term>bigint</term><description><see cref="long"/></description></item>
/// <item><term>decimal, money</term><description><see cref="decimal"/> (the currency of money is the row's <c>transactioncurrencyid</c>)</description></item>
/// <item><term>double</term><description><see cref="double"/></description></item>
/// <item><term>boolean</term><description><see cref="bool"/></description></item>
/// <item><term>date-time</term><description><see cref="DateTime"/>, UTC, whole seconds; <see cref="DateOnly"/> for date-only attributes</description></item>
/// <item><term>lookup</term><description><see cref="EntityReference"/></description></item>
/// <item><term>geoPoint</term><description><see cref="GeoPoint"/></description></item>
/// <item><term>uniqueidentifier</term><description><see cref="Guid"/></description></item>
/// </list>
/// </remarks>
public sealed class EntityRecord
{
    private readonly Dictionary<string, object?> attributes = new(StringComparer.Ordinal);

    /// <param name="logicalName">Logical name of the entity.</param>
    /// <param name="id">Primary key; <see cref="Guid.Empty"/> lets Create choose one (UUIDv7).</param>
    public EntityRecord(string logicalName, Guid id = default)
    {
        LogicalName = logicalName;
        Id = id;
    }

    /// <summary>Logical name of the entity.</summary>
    public string LogicalName { get; }

    /// <summary>Primary key; <see cref="Guid.Empty"/> before Create has chosen one.</summary>
    public Guid Id { get; set; }

    /// <summary>Version of the row as read (<c>versionnumber</c>, the number inside the ETag); <c>null</c> when the record was not read from the store.</summary>
    public long? Version { get; set; }

    /// <summary>The attributes present, in the order in which they were set.</summary>
    public IReadOnlyDictionary<string, object?> Attributes => attributes;

    /// <summary>Value of an attribute; <c>null</c> when it is absent or empty.</summary>
    public object? this[string attribute]
    {
        get => attributes.GetValueOrDefault(attribute);
        set => attributes[attribute] = value;
    }

    /// <summary>This row as the value of a lookup.</summary>
    public EntityReference ToReference() => new(LogicalName, Id);

    /// <summary>A record with the same values that can be changed on its own.</summary>
    public EntityRecord Copy()
    {
        var copy = new EntityRecord(LogicalName, Id) { Version = Version };
        foreach (var (attribute, value) in attributes)
            copy.attributes[attribute] = value;
        return copy;
    }

    /// <summary>True when the attribute is present, even with the value <c>null</c>.</summary>
    public bool Contains(string attribute) => attributes.ContainsKey(attribute);

    /// <summary>Sets or clears an attribute.</summary>
    public void Set(string attribute, object? value) => attributes[attribute] = value;

    /// <summary>Takes the attribute out, so that it is left untouched. Returns false when it was absent.</summary>
    public bool Remove(string attribute) => attributes.Remove(attribute);

    /// <summary>Value of a lookup attribute; <c>null</c> when it is absent or empty.</summary>
    /// <exception cref="InvalidCastException">The attribute is not a lookup.</exception>
    public EntityReference? GetLookup(string attribute) => Get<EntityReference>(attribute);

    /// <summary>Value of an attribute as <typeparamref name="T"/>; <c>default</c> when it is absent or empty. Numbers convert where nothing is lost.</summary>
    /// <exception cref="InvalidCastException">The value has another type; the message names the attribute and both types.</exception>
    public T? Get<T>(string attribute)
    {
        var value = this[attribute];
        if (value is null) return default;
        if (value is T same) return same;
        if (TryWiden(value, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), out var widened)) return (T)widened;
        throw new InvalidCastException($"'{attribute}' of {LogicalName} holds a {value.GetType().Name}, not a {typeof(T).Name}.");
    }

    private static bool TryWiden(object value, Type target, [NotNullWhen(true)] out object? widened)
    {
        widened = (value, target) switch
        {
            (int number, _) when target == typeof(long) => (long)number,
            (int number, _) when target == typeof(decimal) => (decimal)number,
            (int number, _) when target == typeof(double) => (double)number,
            (long number, _) when target == typeof(int) && number is >= int.MinValue and <= int.MaxValue => (int)number,
            (long number, _) when target == typeof(decimal) => (decimal)number,
            (decimal number, _) when target == typeof(double) => (double)number,
            (decimal number, _) when target == typeof(int) && decimal.Truncate(number) == number && number is >= int.MinValue and <= int.MaxValue => (int)number,
            (double number, _) when target == typeof(int) && double.IsInteger(number) && number is >= int.MinValue and <= int.MaxValue => (int)number,
            _ => null,
        };
        return widened is not null;
    }
}
