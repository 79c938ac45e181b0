using System.Text.Json;
using Platform.Sdk;

namespace Platform.Sandbox.Execution;

/// <summary>Reads a step's <c>config</c>: whole numbers become <see cref="int"/> (or <see cref="long"/>), others <see cref="decimal"/>.</summary>
internal static class StepConfiguration
{
    public static PluginParameters Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return (PluginParameters)Value(document.RootElement)!;
    }

    private static object? Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => Number(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Value).ToList(),
        JsonValueKind.Object => new PluginParameters(element.EnumerateObject().Select(property => KeyValuePair.Create(property.Name, Value(property.Value)))),
        _ => null,
    };

    private static object Number(JsonElement element)
    {
        if (element.TryGetInt32(out var small)) return small;
        if (element.TryGetInt64(out var large)) return large;
        return element.TryGetDecimal(out var exact) ? exact : element.GetDouble();
    }
}
