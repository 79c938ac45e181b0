using System.Security.Cryptography;
using System.Text;
using Platform.Engine.Metadata;

namespace Platform.OData.Metadata;

/// <summary>Entity tag of everything that the metadata API says of one version in one language. Another build may describe the same version differently.</summary>
internal static class DefinitionTag
{
    private static readonly string Build = typeof(DefinitionTag).Module.ModuleVersionId.ToString("N")[..8];

    public static string Of(MetadataSnapshot metadata, string language) => $"W/\"definitions-{metadata.Version}-{language}-{Build}{Open(metadata)}\"";

    // Keys become active under one version.
    private static string Open(MetadataSnapshot metadata) => metadata.OpenBuilds.IsEmpty
        ? ""
        : "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', metadata.OpenBuilds.Values))))[..8];
}
