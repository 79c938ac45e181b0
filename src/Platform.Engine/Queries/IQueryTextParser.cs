using Platform.Engine.Metadata;

namespace Platform.Engine.Queries;

/// <summary>Reads OData query text into a <see cref="Query"/>; implemented by the Web API's parser, so that views, scripts and URLs mean the same.</summary>
public interface IQueryTextParser
{
    /// <param name="queryString"><c>?$select=…&amp;$filter=…</c>, percent-encoded or not; may be empty.</param>
    /// <exception cref="PlatformException">The text is wrong; the message names the part.</exception>
    Query Parse(MetadataSnapshot metadata, EntityDefinition entity, string queryString);

    /// <summary>Reads a FetchXML query.</summary>
    /// <exception cref="PlatformException">The text is wrong; the message names the element.</exception>
    Query ParseFetch(MetadataSnapshot metadata, string fetchXml);

    /// <summary>Reads one filter expression, as views hold it.</summary>
    /// <exception cref="PlatformException">The text is wrong.</exception>
    FilterNode ParseFilter(MetadataSnapshot metadata, EntityDefinition entity, string filter);
}
