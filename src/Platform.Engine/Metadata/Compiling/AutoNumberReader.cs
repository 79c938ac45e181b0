using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>Reads <c>x-autoNumber</c>. What Dataverse finds at the first row is found here.</summary>
internal static partial class AutoNumberReader
{
    private const int WidestSequence = 18;
    private const int LongestRandom = 6;
    private const string Tokens = "Tokens are {SEQNUM:5} (width), {RANDSTRING:4} (1 to 6 characters) and {DATETIMEUTC:yyyyMMdd} (a date format).";

    /// <param name="maxLength">Most characters of the column.</param>
    /// <returns><c>null</c> for an ordinary column, or when the file is wrong.</returns>
    public static AutoNumber? Read(JsonObject column, int maxLength)
    {
        if (column.Object("x-autoNumber") is not { } node) return null;
        var format = node.Demand("format", Tokens);
        var seed = node.Find("seed") is { } written ? ReadSeed(written) : AutoNumber.DefaultSeed;
        node.Close();
        foreach (var key in (string[])["default", "x-fullName"]) column.Find(key)?.Fail($"'{key}' does not go with x-autoNumber, which fills the column.", "Keep one of the two.");
        if (format?.AsText() is not { } text || ReadParts(format, text) is not { } parts) return null;
        var shortest = parts.Sum(Length);
        if (shortest > maxLength) format.Fail($"The number has at least {shortest} characters, the column holds {maxLength}.", "Shorten the format, or raise maxLength.");
        return new AutoNumber(parts, seed);
    }

    private static long ReadSeed(JsonNode node)
    {
        if (node.Value.ValueKind == System.Text.Json.JsonValueKind.Number && node.Value.TryGetInt64(out var seed) && seed is >= 0 and <= AutoNumber.LargestSeed) return seed;
        node.Fail($"A whole number from 0 to 999999999999999999 is expected here, found {node.Found}.", "Write the first number, for example 1000.");
        return AutoNumber.DefaultSeed;
    }

    private static ImmutableArray<AutoNumberPart>? ReadParts(JsonNode node, string format)
    {
        var parts = ImmutableArray.CreateBuilder<AutoNumberPart>();
        foreach (Match piece in Pieces().Matches(format))
        {
            if (piece.Groups["literal"].Success) parts.Add(new LiteralPart(piece.Value));
            else if (ReadToken(piece.Groups["name"].Value, piece.Groups["argument"].Value) is { } part) parts.Add(part);
            else
            {
                node.Fail($"'{piece.Value}' is not a token.", Tokens);
                return null;
            }
        }

        if (parts.All(part => part is LiteralPart)) node.Fail("The format has no token: every row would get the same text.", Tokens);
        return parts.ToImmutable();
    }

    private static AutoNumberPart? ReadToken(string name, string argument) => name switch
    {
        "SEQNUM" when Number(argument, WidestSequence) is { } width => new SequencePart(width),
        "RANDSTRING" when Number(argument, LongestRandom) is { } length => new RandomPart(length),
        "DATETIMEUTC" when IsDateFormat(argument) => new TimePart(argument),
        _ => null,
    };

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number : null;

    private static bool IsDateFormat(string format)
    {
        try
        {
            return DateTime.UnixEpoch.ToString(format, CultureInfo.InvariantCulture).Length > 0 && format.Length > 0;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static int Length(AutoNumberPart part) => part switch
    {
        LiteralPart literal => literal.Text.Length,
        SequencePart sequence => sequence.Width,
        RandomPart random => random.Length,
        TimePart time => DateTime.UnixEpoch.ToString(time.Format, CultureInfo.InvariantCulture).Length,
        _ => 0,
    };

    /// <summary>Text without braces, a token, or whatever else holds a brace.</summary>
    [GeneratedRegex(@"(?<literal>[^{}]+)|\{(?<name>[A-Z]+):(?<argument>[^{}]*)\}|\{[^{}]*\}?|\}", RegexOptions.CultureInvariant)]
    private static partial Regex Pieces();
}
