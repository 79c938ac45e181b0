using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;
using Platform.Engine.Metadata;

namespace Platform.OData.Model;

/// <summary>The bytes of <c>$metadata</c> (CSDL 4.0), made once per metadata version and form.</summary>
internal sealed class MetadataDocument
{
    private static readonly object XmlKey = new();
    private static readonly object JsonKey = new();
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private MetadataDocument(byte[] bytes, string contentType, string entityTag)
    {
        Bytes = bytes;
        ContentType = contentType;
        EntityTag = entityTag;
    }

    public byte[] Bytes { get; }

    public string ContentType { get; }

    public string EntityTag { get; }

    public static MetadataDocument XmlOf(MetadataSnapshot metadata) => metadata.Once(XmlKey, WriteXml);

    /// <summary>As JSON (CSDL JSON, <see href="https://docs.oasis-open.org/odata/odata-csdl-json/v4.01/odata-csdl-json-v4.01.html"/>).</summary>
    public static MetadataDocument JsonOf(MetadataSnapshot metadata) => metadata.Once(JsonKey, WriteJson);

    private static MetadataDocument WriteXml(MetadataSnapshot metadata)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false) }))
        {
            if (!CsdlWriter.TryWriteCsdl(EdmModelBuilder.CompleteOf(metadata), xml, CsdlTarget.OData, out var errors)) throw Unsayable(metadata, errors);
        }
        return new MetadataDocument(bytes.ToArray(), "application/xml", $"W/\"metadata-{metadata.Version}\"");
    }

    private static MetadataDocument WriteJson(MetadataSnapshot metadata)
    {
        var model = EdmModelBuilder.CompleteOf(metadata);
        using var written = new MemoryStream();
        using (var json = new Utf8JsonWriter(written, Relaxed))
        {
            // Numbers of 64 bits and decimals are numbers in the rows, too.
            if (!CsdlWriter.TryWriteCsdl(model, json, new CsdlJsonWriterSettings { IsIeee754Compatible = false }, out var errors)) throw Unsayable(metadata, errors);
        }
        var document = JsonNode.Parse(written.ToArray())!.AsObject();
        CsdlJson.PutRight(document, model);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Relaxed)) document.WriteTo(json);
        return new MetadataDocument(bytes.ToArray(), "application/json", $"W/\"metadata-{metadata.Version}-json\"");
    }

    private static InvalidOperationException Unsayable(MetadataSnapshot metadata, IEnumerable<EdmError> errors) =>
        new($"Metadata version {metadata.Version} cannot be said in CSDL: {string.Join("; ", errors)}");
}
