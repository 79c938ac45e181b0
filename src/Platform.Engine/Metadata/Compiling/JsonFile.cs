using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>A JSON file of a pack; knows where it stands and where its errors go.</summary>
internal sealed class JsonFile(string path, string name, ErrorList errors)
{
    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false };

    /// <summary>Origin of the pack and path inside it.</summary>
    public string Path { get; } = path;

    /// <summary>Path inside the pack.</summary>
    public string Name { get; } = name;

    /// <summary>The pack whose file it is; <c>null</c> for one that is looked at by itself.</summary>
    public PackDraft? Pack { get; private init; }

    public void Fail(string pointer, string reason, string hint) => errors.Add(Path, pointer, reason, hint);

    /// <inheritdoc cref="ErrorList.AddUnlessStored"/>
    public void FailUnlessStored(string pointer, string reason, string hint) => errors.AddUnlessStored(Path, pointer, reason, hint);

    /// <summary>Parses a file; on broken JSON reports line and column and returns <c>null</c>.</summary>
    /// <param name="owner">The pack, while packs are compiled.</param>
    public static JsonNode? Parse(PackFiles pack, string name, ErrorList errors, PackDraft? owner = null)
    {
        var file = new JsonFile($"{pack.Origin}/{name}", name, errors) { Pack = owner };
        var text = pack.Files[name].TrimStart('\uFEFF');
        try
        {
            var root = JsonElement.Parse(text, NoDuplicates);
            return file.HasBrokenEscape(text) ? null : new JsonNode(file, null, "", root);
        }
        catch (JsonException) when (TryParse(text, out var value))
        {
            // Only a key stands twice. The parser says neither where nor how often, so look for it here.
            if (file.HasBrokenEscape(text)) return null;
            var root = new JsonNode(file, null, "", value);
            ReportDuplicates(root);
            return root;
        }
        catch (JsonException broken)
        {
            var reason = broken.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];
            file.Fail(Position(text, broken.LineNumber ?? 0, broken.BytePositionInLine ?? 0), reason, "The file must be plain JSON: no comments, no trailing commas, names in double quotes.");
            return null;
        }
    }

    /// <summary>A file of a pack that was parsed before.</summary>
    public static JsonNode Of(PackDraft pack, string name, JsonElement value) => new(new JsonFile($"{pack.Files.Origin}/{name}", name, pack.Errors) { Pack = pack }, null, "", value);

    private static bool TryParse(string text, out JsonElement value)
    {
        try
        {
            value = JsonElement.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            value = default;
            return false;
        }
    }

    /// <summary>Reports a text that escapes half a surrogate pair, or the character NUL: it is valid JSON and still no text that can be kept.</summary>
    private bool HasBrokenEscape(string text)
    {
        if (!text.Contains("\\u", StringComparison.Ordinal)) return false;
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped) continue;
            string reason, hint;
            try
            {
                if (!reader.GetString()!.Contains('\0')) continue;
                (reason, hint) = ("The text holds the character NUL.", "Take \"\\u0000\" out: no text has it.");
            }
            catch (InvalidOperationException)
            {
                (reason, hint) = ("The text holds half a surrogate pair.", "Write the character itself, or both halves: \"\\ud83d\\ude00\".");
            }

            var before = bytes.AsSpan(0, (int)reader.TokenStartIndex);
            Fail(Position(text, before.Count((byte)'\n'), before.Length - before.LastIndexOf((byte)'\n') - 1), reason, hint);
            return true;
        }

        return false;
    }

    /// <summary>1-based line and column, counted in characters as editors do.</summary>
    /// <param name="bytes">Bytes of the line before the place, as the parser counts.</param>
    private static string Position(string text, long lines, long bytes)
    {
        var line = text.Split('\n').ElementAtOrDefault((int)lines) ?? "";
        var column = 1;
        foreach (var rune in line.EnumerateRunes())
        {
            if ((bytes -= rune.Utf8SequenceLength) < 0) break;
            column += rune.Utf16SequenceLength;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{lines + 1}:{column}");
    }

    private static void ReportDuplicates(JsonNode node)
    {
        if (node.Value.ValueKind == JsonValueKind.Object)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var member in node.Members())
            {
                if (!seen.Add(member.Name)) member.Fail($"The key '{member.Name}' stands twice in this object.", "Keep one of the two.");
                ReportDuplicates(member);
            }
        }
        else if (node.Value.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in node.Items()) ReportDuplicates(item);
        }
    }
}
