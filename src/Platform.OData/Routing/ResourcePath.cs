using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.OData.Model;

namespace Platform.OData.Routing;

/// <summary>What a URL addresses.</summary>
internal enum ResourceKind
{
    ServiceDocument,
    Metadata,
    WhoAmI,
    EntitySet,
    Count,
    Row,
}

/// <summary>The path of a request below <c>/api/data/</c>, read without allocating: every request passes here.</summary>
/// <param name="Minor">The <c>2</c> of <c>v9.2</c>.</param>
/// <param name="Entity">Set for entity set, count and row.</param>
internal readonly record struct ResourcePath(ResourceKind Kind, int Minor, EntityDefinition? Entity = null, RowKey Key = default)
{
    /// <summary>Where the Web API begins.</summary>
    public const string Service = "/api/data/";

    private const string Prefix = Service + "v9.";

    /// <param name="path">Decoded path.</param>
    /// <exception cref="PlatformException">Nothing is there (404), the key cannot be read or is none (400), or the form is not offered (501).</exception>
    public static ResourcePath Parse(ReadOnlySpan<char> path, MetadataSnapshot metadata)
    {
        if (!path.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) throw UnknownVersion();
        var rest = path[Prefix.Length..];
        var end = rest.IndexOf('/');
        if (!int.TryParse(end < 0 ? rest : rest[..end], System.Globalization.NumberStyles.None, null, out var minor)) throw UnknownVersion();
        rest = end < 0 ? [] : rest[(end + 1)..];
        return rest switch
        {
            "" => new ResourcePath(ResourceKind.ServiceDocument, minor),
            "$metadata" => new ResourcePath(ResourceKind.Metadata, minor),
            "WhoAmI" or "WhoAmI()" => new ResourcePath(ResourceKind.WhoAmI, minor),
            "$batch" => throw Errors.NotOffered("$batch"),
            _ => ParseEntity(rest, minor, metadata),
        };
    }

    private static ResourcePath ParseEntity(ReadOnlySpan<char> rest, int minor, MetadataSnapshot metadata)
    {
        var end = rest.IndexOfAny('(', '/');
        var set = end < 0 ? rest : rest[..end];
        if (!EntitySets.Of(metadata).TryFind(set, out var entity)) throw Errors.UnknownEntitySet(set.ToString());
        rest = rest[set.Length..];
        if (rest is "" or "/") return new ResourcePath(ResourceKind.EntitySet, minor, entity);
        if (rest is "/$count") return new ResourcePath(ResourceKind.Count, minor, entity);
        if (rest[0] == '/') throw Errors.UnknownEntitySet(rest[1..].ToString());

        var close = EndOfKey(rest);
        var key = RowKey.Parse(rest[1..close], entity);
        rest = rest[(close + 1)..];
        if (rest is not ("" or "/")) throw Errors.NotOffered($"The path '{rest}' behind a row");
        return new ResourcePath(ResourceKind.Row, minor, entity, key);
    }

    /// <summary>Position of the parenthesis that closes the key; one inside a quoted text does not count.</summary>
    private static int EndOfKey(ReadOnlySpan<char> text)
    {
        var quoted = false;
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '\'') quoted = !quoted;
            else if (text[at] == ')' && !quoted) return at;
        }
        throw Errors.BadRequest($"The key in '{text}' is not closed by a parenthesis.");
    }

    private static PlatformException UnknownVersion() => Errors.UnknownEntitySet("api/data");
}
