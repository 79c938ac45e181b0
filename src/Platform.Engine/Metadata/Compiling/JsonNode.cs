using System.Globalization;
using System.Text.Json;
using Platform.Engine.Metadata.Layers;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>A value in a file together with its place there.</summary>
/// <param name="name">Key or index under the parent; empty for the root.</param>
/// <param name="layered">The same value with the places of its parts, when several layers made it.</param>
internal sealed class JsonNode(JsonFile file, JsonNode? parent, string name, JsonElement value, LayeredValue? layered = null)
{
    /// <summary>The file in which it is written.</summary>
    public JsonFile File => layered?.Place.File ?? file;

    public string Name { get; } = name;

    public JsonElement Value { get; } = value;

    /// <summary>JSON pointer (RFC 6901) in its file.</summary>
    public string Pointer => layered is not null ? layered.Place.Pointer : parent is null ? "" : $"{parent.Pointer}/{Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public bool IsText => Value.ValueKind == JsonValueKind.String;

    public bool IsArray => Value.ValueKind == JsonValueKind.Array;

    public void Fail(string reason, string hint) => File.Fail(Pointer, reason, hint);

    /// <inheritdoc cref="ErrorList.AddUnlessStored"/>
    public void FailUnlessStored(string reason, string hint) => File.FailUnlessStored(Pointer, reason, hint);

    public JsonNode[] Members()
    {
        var members = new JsonNode[Value.GetPropertyCount()];
        var at = 0;
        foreach (var member in Value.EnumerateObject())
        {
            members[at] = new JsonNode(file, this, member.Name, member.Value, layered?.Members[at].Value);
            at++;
        }

        return members;
    }

    public JsonNode[] Items()
    {
        var items = new JsonNode[Value.GetArrayLength()];
        var at = 0;
        foreach (var item in Value.EnumerateArray())
        {
            items[at] = new JsonNode(file, this, at.ToString(CultureInfo.InvariantCulture), item, layered?.Items[at]);
            at++;
        }

        return items;
    }

    /// <summary>The text; reports anything else, the empty text included, and returns <c>null</c>.</summary>
    public string? AsText()
    {
        if (IsText && Value.GetString() is { Length: > 0 } text) return text;
        Fail(IsText ? "The text is empty." : $"A text is expected here, found {Found}.", "Write a text in double quotes.");
        return null;
    }

    /// <summary>The whole number within the range; reports anything else and returns <c>null</c>.</summary>
    public int? AsInteger(int least = int.MinValue, int most = int.MaxValue)
    {
        if (Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number) && number >= least && number <= most) return number;
        Fail($"A whole number is expected here, found {Found}.", $"Write a number from {least} to {most}.");
        return null;
    }

    public bool? AsFlag()
    {
        if (Value.ValueKind is JsonValueKind.True or JsonValueKind.False) return Value.GetBoolean();
        Fail($"true or false is expected here, found {Found}.", "Write true or false without quotes.");
        return null;
    }

    /// <summary>One of a few words; reports anything else and returns <c>default</c>.</summary>
    public T? AsOneOf<T>(params ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        if (AsText() is not { } text) return null;
        var known = new List<string>(words.Length);
        foreach (var (word, meaning) in words)
        {
            if (word == text) return meaning;
            known.Add(word);
        }

        Fail($"'{text}' is not possible here.", Spelling.Hint(text, known, ""));
        return null;
    }

    /// <summary>What stands here, for sentences.</summary>
    public string Found => Value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => Value.GetRawText() is { Length: <= 60 } raw ? raw : $"{Value.GetRawText()[..60]}…",
    };
}
