using System.Security.Cryptography;
using System.Text;
using Platform.Engine.Metadata;

namespace Platform.OData.Metadata.Projection;

/// <summary>
/// Ids of definitions. They are made of the definitions' names (UUID version 5, RFC 9562), so that they are the same in
/// every installation and after every start; clients write them into their files.
/// </summary>
internal static class MetadataIds
{
    /// <summary>Never to be changed: all ids hang on it.</summary>
    private static readonly Guid Namespace = new("5c0e2a54-6f0b-4f5e-9d3c-2f1f0c6f5a10");

    public static Guid Entity(string entity) => Of($"entity/{entity}");

    public static Guid Attribute(string entity, string attribute) => Of($"attribute/{entity}/{attribute}");

    public static Guid Key(string entity, string key) => Of($"key/{entity}/{key}");

    public static Guid Relationship(string schemaName) => Of($"relationship/{schemaName}");

    public static Guid View(string entity, string view) => Of($"view/{entity}/{view}");

    public static Guid GlobalChoice(string name) => Of($"choice/{name}");

    /// <summary>Values that belong to one attribute.</summary>
    public static Guid OptionSet(string entity, string attribute) => Of($"optionset/{entity}/{attribute}");

    public static Guid Privilege(string entity, Privilege privilege) => Of($"privilege/{entity}/{privilege}");

    /// <param name="owner">Id of what the label belongs to.</param>
    /// <param name="part">Which of its labels.</param>
    public static Guid Label(Guid owner, string part) => Of($"label/{owner:D}/{part}");

    private static Guid Of(string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        Span<byte> input = stackalloc byte[16 + text.Length];
        Namespace.TryWriteBytes(input, bigEndian: true, out _);
        text.CopyTo(input[16..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 9562 says SHA-1; nothing is protected by it.
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
