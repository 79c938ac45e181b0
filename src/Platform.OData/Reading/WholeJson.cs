using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Platform.Engine;

namespace Platform.OData.Reading;

/// <summary>Reads JSON that is looked into later, and refuses what would only then turn out to be none.</summary>
internal static class WholeJson
{
    /// <summary>Marks a text as UTF-8. RFC 8259 has writers leave it out and lets readers pass over it.</summary>
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false };

    /// <summary>A body without the mark that some clients begin it with.</summary>
    public static ReadOnlySequence<byte> WithoutMark(ReadOnlySequence<byte> json)
    {
        Span<byte> start = stackalloc byte[3];
        if (json.Length < start.Length) return json;
        json.Slice(0, start.Length).CopyTo(start);
        return start.SequenceEqual(ByteOrderMark) ? json.Slice(start.Length) : json;
    }

    /// <summary>What reads a part of it as a node finds a member that stands twice only when it looks for one.</summary>
    /// <exception cref="JsonException">It is no JSON, or an object has a member twice.</exception>
    /// <exception cref="PlatformException">A text holds half a surrogate pair.</exception>
    public static void CheckMembers(ReadOnlySpan<byte> json)
    {
        Check(json);
        JsonElement.Parse(json, NoDuplicates);
    }

    /// <exception cref="JsonException">It is no JSON, or an object has a member twice.</exception>
    /// <exception cref="PlatformException">A text holds half a surrogate pair.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        Check(json);
        return JsonNode.Parse(json, documentOptions: NoDuplicates);
    }

    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="PlatformException">A text is no UTF-8 or holds half a surrogate pair.</exception>
    public static void Check(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json)) throw Errors.BadJson("it is not UTF-8.");
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped) continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw Errors.BadJson("a text holds half a surrogate pair.");
            }
        }
    }
}
