namespace Platform.Sdk;

/// <summary>Named values of a message or a step. Values have the types of <see cref="EntityRecord"/>; a configuration may also hold lists and nested parameters.</summary>
public sealed class PluginParameters
{
    private readonly Dictionary<string, object?> values;

    public PluginParameters() => values = new(StringComparer.Ordinal);

    public PluginParameters(IEnumerable<KeyValuePair<string, object?>> values) => this.values = new(values, StringComparer.Ordinal);

    /// <summary>All values.</summary>
    public IReadOnlyDictionary<string, object?> Values => values;

    /// <summary>A value; <c>null</c> when it is absent.</summary>
    public object? this[string name]
    {
        get => values.GetValueOrDefault(name);
        set => values[name] = value;
    }

    public bool Contains(string name) => values.ContainsKey(name);

    public void Set(string name, object? value) => values[name] = value;

    /// <summary>A value as <typeparamref name="T"/>; <c>default</c> when it is absent. Numbers convert where nothing is lost.</summary>
    /// <exception cref="InvalidCastException">The value has another type.</exception>
    public T? Get<T>(string name)
    {
        var carrier = new EntityRecord("parameters") { [name] = this[name] };
        return carrier.Get<T>(name);
    }
}
