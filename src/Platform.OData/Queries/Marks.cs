using System.Security.Cryptography;

namespace Platform.OData.Queries;

/// <summary>Part of the names that stand in plainer words for what the library cannot parse; no client can know it.</summary>
internal static class Marks
{
    public static string Own { get; } = RandomNumberGenerator.GetHexString(12, lowercase: true);
}
