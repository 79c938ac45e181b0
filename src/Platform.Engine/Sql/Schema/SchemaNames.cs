using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Platform.Engine.Sql.Schema;

/// <summary>
/// Names of what the database has beside tables and columns. Parts are joined by dots, which logical names cannot
/// hold: index names are one space for the whole database, and no two of ours may meet in it.
/// </summary>
public static class SchemaNames
{
    /// <summary>Longest name in PostgreSQL, in bytes; longer ones would be cut off in silence.</summary>
    private const int Longest = 63;

    /// <summary>Column beside a polymorphic lookup that holds the logical name of the entity pointed to.</summary>
    public static string TypeColumn(string lookup) => lookup + "type";

    /// <summary>Unique index of an alternate key; the database names it when a second row has the same values.</summary>
    public static string KeyIndex(string entity, string key) => Fit($"key.{entity}.{key}");

    /// <summary>Index that a pack declares.</summary>
    public static string Index(string entity, string name) => Fit($"index.{entity}.{name}");

    /// <summary>Index that every lookup and the version of a tracked table gets.</summary>
    public static string SystemIndex(string entity, string attribute) => Fit($"system.{entity}.{attribute}");

    /// <summary>Foreign key of a lookup (PostgreSQL; on SQLite foreign keys have no name).</summary>
    public static string ForeignKey(string entity, string attribute) => Fit($"fk.{entity}.{attribute}");

    /// <summary>Table or column that was taken out by a version. Short enough for <see cref="TypeColumn"/>.</summary>
    public static string Parked(string name, long version) =>
        Fit(string.Create(CultureInfo.InvariantCulture, $"{name}.parked.{version}"), Longest - "type".Length);

    /// <summary>Column whose values move to a new one of its name.</summary>
    public static string Moving(string column) => Fit($"{column}.old");

    /// <summary>Sequence of a numbered attribute.</summary>
    public static string Sequence(string entity, string attribute) => Fit($"number.{entity}.{attribute}");

    private static string Fit(string name, int longest = Longest)
    {
        if (Encoding.UTF8.GetByteCount(name) <= longest) return name;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..10];
        return string.Create(CultureInfo.InvariantCulture, $"{name[..(longest - hash.Length - 1)]}.{hash}");
    }
}
