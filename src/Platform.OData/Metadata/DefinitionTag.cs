using Platform.Engine.Metadata;

namespace Platform.OData.Metadata;

/// <summary>Entity tag of everything that the metadata API says of one version in one language. Another build may describe the same version differently.</summary>
internal static class DefinitionTag
{
    private static readonly string Build = typeof(DefinitionTag).Module.ModuleVersionId.ToString("N")[..8];

    public static string Of(MetadataSnapshot metadata, string language) => $"W/\"definitions-{metadata.Version}-{language}-{Build}\"";
}
