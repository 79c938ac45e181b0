using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Model;
using Platform.OData.Routing;
using Platform.Sdk;

namespace Platform.OData.Reading;

/// <summary>A link to a row as bodies write it: <c>/contacts(id)</c>, <c>contacts(id)</c> or an absolute URL of the Web API.</summary>
internal static class RowLink
{
    private const string ServicePath = "/api/data/v9.";

    /// <param name="attribute">The lookup that is set, for the message.</param>
    /// <exception cref="PlatformException">The text is no link, or the entity set is not known (400).</exception>
    public static EntityReference Parse(ReadOnlySpan<char> text, MetadataSnapshot metadata, AttributeDefinition attribute)
    {
        var link = Relative(text);
        if (link.StartsWith('$')) throw Errors.BadRequest($"'{text}' for '{attribute}': a Content-ID has a meaning inside $batch only.");
        var open = link.IndexOf('(');
        if (open <= 0 || link[^1] != ')')
            throw Errors.BadRequest($"'{text}' for '{attribute}' is no link to a row.", "Write \"/contacts(01234567-89ab-cdef-0123-456789abcdef)\".");
        if (!EntitySets.Of(metadata).TryFind(link[..open], out var entity))
            throw Errors.BadRequest($"'{text}' for '{attribute}' names the entity set '{link[..open]}', which does not exist.", "The service document lists the entity sets.");
        return new EntityReference(entity.LogicalName, RowKey.Parse(link[(open + 1)..^1], entity));
    }

    private static ReadOnlySpan<char> Relative(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var service = text.IndexOf(ServicePath, StringComparison.OrdinalIgnoreCase);
        if (service < 0) return text.TrimStart('/');
        var rest = text[(service + ServicePath.Length)..];
        return rest[(rest.IndexOf('/') + 1)..];
    }
}
