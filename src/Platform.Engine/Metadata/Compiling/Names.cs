using System.Text.RegularExpressions;

namespace Platform.Engine.Metadata.Compiling;

/// <summary>How names may look.</summary>
internal static partial class Names
{
    private const string LogicalHint = "Names are lower case: a letter, then letters, digits and underscores, at most 63 in all.";

    /// <summary>Longest identifier of PostgreSQL.</summary>
    public const int Longest = 63;

    public static bool IsLogical(string name) => Logical().IsMatch(name);

    /// <summary>A logical name that cannot be mistaken for one with a prefix.</summary>
    public static bool IsStandard(string name) => IsLogical(name) && !name.Contains('_');

    /// <summary>A name of a custom API that cannot be mistaken for one with a prefix.</summary>
    public static bool IsStandardApi(string name) => Schema().IsMatch(name) && char.IsAsciiLetterUpper(name[0]) && !name.Contains('_');

    /// <summary>Reports a name that is none, or that lacks the prefix of the pack's publisher.</summary>
    /// <param name="place">Where to report.</param>
    /// <param name="hint">What to do about a prefix that is missing, where there is more than to add it.</param>
    public static bool Check(JsonNode place, string name, PackDraft pack, bool prefixed = true, string? hint = null)
    {
        if (!IsLogical(name))
        {
            place.Fail($"'{name}' is not a valid name.", LogicalHint);
            return false;
        }

        if (!prefixed || pack.MayName(name)) return true;
        place.Fail($"'{name}' does not begin with the prefix of the pack's publisher.", hint ?? $"Call it '{pack.Prefix}_{name}'.");
        return false;
    }

    /// <summary>Schema and relationship names: letters of either case.</summary>
    public static bool CheckSchemaName(JsonNode place, string name)
    {
        if (Schema().IsMatch(name)) return true;
        place.Fail($"'{name}' is not a valid name.", "A letter, then letters, digits and underscores, at most 100 in all.");
        return false;
    }

    /// <summary>Names of forms, views, tabs, sections and roles.</summary>
    public static bool CheckPart(JsonNode place, string name)
    {
        if (Part().IsMatch(name)) return true;
        place.Fail($"'{name}' is not a valid name.", "Lower-case letters, digits, hyphens and underscores, at most 63 in all.");
        return false;
    }

    public static bool IsPackId(string name) => PackId().IsMatch(name);

    public static bool IsPrefix(string prefix) => Prefix().IsMatch(prefix);

    public static bool IsColor(string color) => Color().IsMatch(color);

    [GeneratedRegex(@"^[a-z][a-z0-9_]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Logical();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Schema();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Part();

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PackId();

    [GeneratedRegex(@"^[a-z][a-z0-9]{1,7}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^[a-z][a-z-]{0,30}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Color();
}
