using Platform.Engine.Metadata;

namespace Platform.Engine.Files;

/// <summary>What a file or image column takes.</summary>
internal static class FileRules
{
    private const int LongestName = 255;

    /// <summary>The file name without the folders that some browsers send along.</summary>
    /// <exception cref="PlatformException">Nothing that could be a name is left.</exception>
    public static string Name(EntityDefinition entity, AttributeDefinition attribute, string given)
    {
        var name = given[(given.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        if (name.Length is 0 or > LongestName || name is "." or ".." || name.Any(char.IsControl) || !Records.NormalForm.IsText(name)) throw Errors.BadFileName(entity.LogicalName, attribute.LogicalName, LongestName);
        return Records.NormalForm.Of(name);
    }

    /// <exception cref="PlatformException">The column does not take files of this name.</exception>
    public static void DemandType(EntityDefinition entity, AttributeDefinition attribute, string name, string mediaType)
    {
        // What an image is, its bytes tell.
        if (attribute.Kind == AttributeKind.Image) return;
        if (!attribute.AllowedTypes.IsEmpty && !attribute.AllowedTypes.Any(rule => MediaTypes.Fits(rule, name, mediaType))) throw Errors.FileTypeNotAllowed(entity.LogicalName, attribute, name);
    }

    /// <exception cref="PlatformException">The bytes are something else than the column takes, or than the name says.</exception>
    /// <returns>What the bytes are, where they tell.</returns>
    public static string? DemandContent(EntityDefinition entity, AttributeDefinition attribute, string name, ReadOnlySpan<byte> head)
    {
        var found = MediaTypes.OfContent(head);
        if (attribute.Kind == AttributeKind.Image)
        {
            if (found is null || !MediaTypes.Images.Contains(found)) throw Errors.NoImage(entity.LogicalName, attribute.LogicalName, "its first bytes are those of no known image");
            if (!attribute.AllowedTypes.IsEmpty && !attribute.AllowedTypes.Any(rule => MediaTypes.Fits(rule, name, found))) throw Errors.FileTypeNotAllowed(entity.LogicalName, attribute, name);
            return found;
        }
        var claimed = MediaTypes.OfName(name);
        if (MediaTypes.IsMarked(claimed) && claimed != found) throw Errors.FileIsSomethingElse(entity.LogicalName, attribute.LogicalName, name, claimed);
        return found;
    }

    /// <exception cref="PlatformException">So many bytes are more than the column takes.</exception>
    public static void DemandSize(EntityDefinition entity, AttributeDefinition attribute, long bytes)
    {
        if (bytes > attribute.MaxSizeInKB * 1024L) throw Errors.FileTooLarge(entity.LogicalName, attribute.LogicalName, attribute.MaxSizeInKB);
    }
}
