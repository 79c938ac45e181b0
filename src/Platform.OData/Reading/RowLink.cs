using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Model;
using Platform.OData.Routing;

namespace Platform.OData.Reading;

/// <summary>A link to a row as bodies write it: <c>/contacts(id)</c>, <c>contacts(id)</c>, <c>contacts(key='value')</c> or an absolute URL of the Web API.</summary>
internal sealed record RowLink(EntityDefinition Entity, RowKey Key)
{
    private const string ServicePath = "/api/data/v9.";

    /// <param name="place">The lookup or the property that holds the link, for the message.</param>
    /// <exception cref="PlatformException">The text is no link, or the entity set or key is not known (400).</exception>
    public static RowLink Parse(ReadOnlySpan<char> text, MetadataSnapshot metadata, string place)
    {
        var link = Relative(text);
        if (link.StartsWith('$')) throw Errors.BadRequest($"'{text}' for '{place}': a Content-ID has a meaning inside $batch only.");
        var open = link.IndexOf('(');
        if (open <= 0 || link[^1] != ')')
            throw Errors.BadRequest($"'{text}' for '{place}' is no link to a row.", "Write \"/contacts(01234567-89ab-cdef-0123-456789abcdef)\".");
        if (!EntitySets.Of(metadata).TryFind(link[..open], out var entity))
            throw Errors.BadRequest($"'{text}' for '{place}' names the entity set '{link[..open]}', which does not exist.", "The service document lists the entity sets.");
        return new RowLink(entity, RowKey.Parse(Decoded(link[(open + 1)..^1]), entity));
    }

    // A link is a URL, so its key may be percent-encoded; a percent sign that encodes nothing stands for itself.
    private static ReadOnlySpan<char> Decoded(ReadOnlySpan<char> key) => key.Contains('%') ? Uri.UnescapeDataString(key) : key;

    private static ReadOnlySpan<char> Relative(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var service = text.IndexOf(ServicePath, StringComparison.OrdinalIgnoreCase);
        if (service < 0) return text.TrimStart('/');
        var rest = text[(service + ServicePath.Length)..];
        return rest[(rest.IndexOf('/') + 1)..];
    }
}
