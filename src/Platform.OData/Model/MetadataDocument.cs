using System.Text;
using System.Xml;
using Microsoft.OData.Edm.Csdl;
using Platform.Engine.Metadata;

namespace Platform.OData.Model;

/// <summary>The bytes of <c>$metadata</c> (CSDL 4.0 as XML), made once per metadata version.</summary>
internal sealed class MetadataDocument
{
    private static readonly object Key = new();

    private MetadataDocument(byte[] bytes, string entityTag)
    {
        Bytes = bytes;
        EntityTag = entityTag;
    }

    public byte[] Bytes { get; }

    public string EntityTag { get; }

    public static MetadataDocument Of(MetadataSnapshot metadata) => metadata.Once(Key, Write);

    private static MetadataDocument Write(MetadataSnapshot metadata)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
        {
            if (!CsdlWriter.TryWriteCsdl(EdmModelBuilder.CompleteOf(metadata), xml, CsdlTarget.OData, out var errors))
                throw new InvalidOperationException($"Metadata version {metadata.Version} cannot be said in CSDL: {string.Join("; ", errors)}");
        }
        return new MetadataDocument(bytes.ToArray(), $"W/\"metadata-{metadata.Version}\"");
    }
}
