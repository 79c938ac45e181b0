using System.Xml;
using System.Xml.Linq;
using Platform.Engine;

namespace Platform.OData.Metadata.Changing;

/// <summary>The parameter of <c>PublishXml</c>: <c>&lt;importexportxml&gt;&lt;entities&gt;&lt;entity&gt;account&lt;/entity&gt;…</c>.</summary>
internal static class PublishXml
{
    /// <exception cref="PlatformException">It is no such document.</exception>
    public static void Check(string text)
    {
        try
        {
            if (XDocument.Parse(text).Root?.Name.LocalName == "importexportxml") return;
        }
        catch (XmlException broken)
        {
            throw Errors.BadRequest($"The parameter 'ParameterXml' cannot be read: {broken.Message}");
        }

        throw Errors.BadRequest("The parameter 'ParameterXml' is no importexportxml document.", "<importexportxml><entities><entity>account</entity></entities></importexportxml>");
    }
}
