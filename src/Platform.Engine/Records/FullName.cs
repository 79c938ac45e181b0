using Platform.Engine.Metadata;
using Platform.Sdk;

namespace Platform.Engine.Records;

/// <summary>Puts full names together of given and family name, as long as nobody has written another.</summary>
internal static class FullName
{
    /// <summary>The attributes of an entity that are full names; for most none.</summary>
    public static IEnumerable<AttributeDefinition> Of(EntityDefinition entity) => entity.Attributes.Where(attribute => attribute.FullName is not null);

    /// <summary>Gives a new row its full name unless it brings one.</summary>
    public static void Fill(AttributeDefinition attribute, EntityRecord row)
    {
        var parts = attribute.FullName!;
        if (row[attribute.LogicalName] is null) row[attribute.LogicalName] = Compose(attribute, row.Get<string>(parts.Given), row.Get<string>(parts.Family));
    }

    /// <summary>Changes the full name along with its parts, unless it is written itself or was written by hand before.</summary>
    public static void Follow(AttributeDefinition attribute, EntityRecord changes, EntityRecord before)
    {
        var parts = attribute.FullName!;
        if (changes.Contains(attribute.LogicalName) || !(changes.Contains(parts.Given) || changes.Contains(parts.Family))) return;
        var old = before.Get<string>(attribute.LogicalName);
        if (old is not null && old != Compose(attribute, before.Get<string>(parts.Given), before.Get<string>(parts.Family))) return;
        changes[attribute.LogicalName] = Compose(attribute, Part(parts.Given, changes, before), Part(parts.Family, changes, before));
    }

    private static string? Part(string attribute, EntityRecord changes, EntityRecord before) =>
        (changes.Contains(attribute) ? changes : before).Get<string>(attribute);

    // Korean names stand family name first, without a space.
    private static string? Compose(AttributeDefinition attribute, string? given, string? family)
    {
        var name = (given, family) switch
        {
            (null, null) => null,
            (null, var only) => only,
            (var only, null) => only,
            var (first, last) when IsHangul(first) && IsHangul(last) => last + first,
            var (first, last) => $"{first} {last}",
        };
        return name?.Length > attribute.MaxLength ? name[..attribute.MaxLength] : name;
    }

    private static bool IsHangul(string text) => text.All(character => character is >= '\uac00' and <= '\ud7a3');
}
