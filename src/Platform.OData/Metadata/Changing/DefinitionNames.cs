using System.Text.RegularExpressions;
using Platform.Engine;

namespace Platform.OData.Metadata.Changing;

/// <summary>Names of what administrators make: they begin with a publisher's prefix, so that no later pack has the same.</summary>
internal static partial class DefinitionNames
{
    /// <summary>The logical name for a schema name.</summary>
    /// <exception cref="PlatformException">It is no name, or has no prefix.</exception>
    public static string Logical(string schemaName, string property = "SchemaName") => Prefixed().IsMatch(schemaName)
        ? schemaName.ToLowerInvariant()
        : throw Errors.BadRequest($"'{schemaName}' is not a valid {property}.", "A prefix of two to eight letters and digits, an underscore, then letters, digits and underscores, at most 63 in all: new_BankAccount.");

    [GeneratedRegex(@"^(?=.{4,63}\z)[A-Za-z][A-Za-z0-9]{1,7}_[A-Za-z0-9_]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prefixed();
}
