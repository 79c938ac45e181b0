using System.Text.Json;

namespace Platform.Sandbox.Protocol;

/// <summary>Strict forward steps over JSON of a known shape.</summary>
internal static class JsonReading
{
    public static void Next(this ref Utf8JsonReader json, JsonTokenType expected)
    {
        if (!json.Read() || json.TokenType != expected)
            throw FrameException.Unexpected($"a {json.TokenType} instead of a {expected}");
    }

    /// <summary>Steps over the name of the next property, which must be <paramref name="name"/>.</summary>
    public static void Property(this ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        json.Next(JsonTokenType.PropertyName);
        if (!json.ValueTextEquals(name)) throw FrameException.Unexpected($"the property '{json.GetString()}'");
    }

    /// <summary>Name of the next property of an object; <c>null</c> at its end.</summary>
    public static string? NextName(this ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.PropertyName ? json.GetString()! : null;
    }

    public static string NextString(this ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.String);
        return json.GetString()!;
    }

    public static Guid NextGuid(this ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.String);
        return json.GetGuid();
    }

    public static long NextInt64(this ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.Number);
        return json.GetInt64();
    }

    public static int NextInt32(this ref Utf8JsonReader json)
    {
        json.Next(JsonTokenType.Number);
        return json.GetInt32();
    }
}
