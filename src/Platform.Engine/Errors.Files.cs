using Platform.Engine.Metadata;

namespace Platform.Engine;

/// <content>Failures of files and images.</content>
public static partial class Errors
{
    /// <summary>The attribute holds neither a file nor an image.</summary>
    public static PlatformException NotAFile(string entity, string attribute) =>
        new(ErrorKind.Invalid, "0x8FF00050", $"The attribute '{attribute}' of '{entity}' is no file and no image.") { Attribute = attribute };

    /// <summary>A file or image column without content.</summary>
    public static PlatformException NoFile(string entity, string attribute) =>
        new(ErrorKind.NotFound, "0x80040217", $"No file is stored in the attribute '{attribute}' of this record of '{entity}'.") { Attribute = attribute };

    /// <summary>An image of which there is no small one.</summary>
    public static PlatformException NoThumbnail(string entity, string attribute) =>
        new(ErrorKind.NotFound, "0x8FF00056", $"There is no small image of '{attribute}' of this record of '{entity}'.", "Ask for the whole image: ?size=full.") { Attribute = attribute };

    /// <summary>A name that no file can have.</summary>
    /// <param name="longest">Characters.</param>
    public static PlatformException BadFileName(string entity, string attribute, int longest) =>
        new(ErrorKind.Invalid, "0x8FF00051", $"The file for '{attribute}' of '{entity}' has no name, or one that is not possible.", $"A name has 1 to {longest} characters. The Web API takes it from the header x-ms-file-name.") { Attribute = attribute };

    /// <summary>A file of a type that its column does not take.</summary>
    public static PlatformException FileTypeNotAllowed(string entity, AttributeDefinition attribute, string name) =>
        new(ErrorKind.Invalid, "0x80043e09", $"The attribute '{attribute}' of '{entity}' does not take the file '{name}'.", $"It takes {string.Join(", ", attribute.AllowedTypes)}.") { Attribute = attribute.LogicalName };

    /// <summary>A file whose first bytes are not those of the type that its name says.</summary>
    public static PlatformException FileIsSomethingElse(string entity, string attribute, string name, string claimed) =>
        new(ErrorKind.Invalid, "0x8FF00052", $"The file '{name}' for '{attribute}' of '{entity}' is not what its name says ({claimed}).", "Give the file the ending of what it is.") { Attribute = attribute };

    /// <summary>Content that is no image.</summary>
    /// <param name="reason">Half a sentence.</param>
    public static PlatformException NoImage(string entity, string attribute, string reason) =>
        new(ErrorKind.Invalid, "0x80072553", $"The attribute '{attribute}' of '{entity}' takes an image, which this is not: {reason}.", "PNG, JPEG, GIF, WebP and BMP are possible.") { Attribute = attribute };

    /// <summary>More bytes than a column takes.</summary>
    /// <param name="most">In units of 1,024 bytes.</param>
    public static PlatformException FileTooLarge(string entity, string attribute, int most) =>
        new(ErrorKind.TooLarge, "0x80044a02", $"The file for '{attribute}' of '{entity}' is over the limit of {most} KB.") { Attribute = attribute };

    /// <summary>No upload of this id is under way, or none of this user.</summary>
    public static PlatformException NoSuchUpload(Guid id) =>
        new(ErrorKind.NotFound, "0x8FF00053", $"There is no upload {id:D} under way.", "It may be complete, or have been given up. Begin again.");

    /// <summary>A column that is set to content which its user has not uploaded for it.</summary>
    public static PlatformException NotUploaded(string entity, string attribute, Guid id) =>
        new(ErrorKind.Invalid, "0x8FF00054", $"The attribute '{attribute}' of '{entity}' cannot be set to {id:D}, which is not a complete upload of this user for it.", "Content is uploaded, never copied by its id.") { Attribute = attribute };

    /// <summary>A chunk that does not begin where the one before ended, belongs to a whole of another length, or is none.</summary>
    public static PlatformException BadChunk(string expected, string found) =>
        new(ErrorKind.Invalid, "0x8FF00055", $"The Content-Range of the chunk is '{found}', expected is '{expected}'.", "Chunks are sent one after the other, from the first byte to the last, and all say the same length of the whole.");

    /// <summary>A chunk whose body is longer or shorter than it says.</summary>
    public static PlatformException ChunkOfOtherLength(string claimed) =>
        new(ErrorKind.Invalid, "0x8FF00057", $"The body of the chunk is not as long as its Content-Range '{claimed}' says.", "Nothing of it was kept: send the chunk once more.");
}
