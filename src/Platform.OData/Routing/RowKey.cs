using Platform.Engine;
using Platform.Engine.Metadata;

namespace Platform.OData.Routing;

/// <summary>The text between the parentheses of <c>accounts(…)</c>.</summary>
internal static class RowKey
{
    /// <exception cref="PlatformException">No id (400), or an alternate key (501).</exception>
    public static Guid Parse(ReadOnlySpan<char> text, EntityDefinition entity)
    {
        if (Guid.TryParseExact(text, "D", out var id)) return id;
        var equals = text.IndexOf('=');
        if (equals < 0) throw NoId(text, entity);
        if (!text[..equals].SequenceEqual(entity.PrimaryIdAttribute)) throw Errors.NotOffered($"The alternate key '{text}' of '{entity.EntitySetName}'");
        return Guid.TryParseExact(text[(equals + 1)..], "D", out id) ? id : throw NoId(text[(equals + 1)..], entity);
    }

    private static PlatformException NoId(ReadOnlySpan<char> text, EntityDefinition entity) =>
        Errors.BadRequest($"'{text}' is not the id of a row of '{entity.EntitySetName}'.", $"Write {entity.EntitySetName}(01234567-89ab-cdef-0123-456789abcdef).");
}
