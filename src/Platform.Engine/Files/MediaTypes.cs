using System.Collections.Frozen;

namespace Platform.Engine.Files;

/// <summary>What a file is, by the ending of its name and by its first bytes.</summary>
internal static class MediaTypes
{
    public const string Unknown = "application/octet-stream";

    /// <summary>Bytes that <see cref="OfContent"/> has to see.</summary>
    public const int Head = 16;

    /// <summary>Images that a browser shows and that cannot hold scripts.</summary>
    public static readonly string[] Images = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"];

    private static readonly FrozenDictionary<string, string> ByEnding = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".png"] = "image/png", [".jpg"] = "image/jpeg", [".jpeg"] = "image/jpeg", [".gif"] = "image/gif", [".webp"] = "image/webp", [".bmp"] = "image/bmp",
        [".svg"] = "image/svg+xml", [".tif"] = "image/tiff", [".tiff"] = "image/tiff", [".heic"] = "image/heic",
        [".pdf"] = "application/pdf", [".txt"] = "text/plain", [".csv"] = "text/csv", [".json"] = "application/json", [".xml"] = "application/xml",
        [".html"] = "text/html", [".htm"] = "text/html", [".md"] = "text/markdown", [".rtf"] = "application/rtf", [".eml"] = "message/rfc822",
        [".doc"] = "application/msword", [".docx"] = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [".xls"] = "application/vnd.ms-excel", [".xlsx"] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        [".ppt"] = "application/vnd.ms-powerpoint", [".pptx"] = "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        [".odt"] = "application/vnd.oasis.opendocument.text", [".ods"] = "application/vnd.oasis.opendocument.spreadsheet",
        [".hwp"] = "application/x-hwp", [".hwpx"] = "application/hwp+zip",
        [".zip"] = "application/zip", [".7z"] = "application/x-7z-compressed", [".gz"] = "application/gzip", [".tar"] = "application/x-tar",
        [".mp3"] = "audio/mpeg", [".wav"] = "audio/wav", [".mp4"] = "video/mp4", [".mov"] = "video/quicktime", [".webm"] = "video/webm",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The media type that the ending of a name stands for; <see cref="Unknown"/> for any other ending.</summary>
    public static string OfName(string name) => ByEnding.GetValueOrDefault(Path.GetExtension(name), Unknown);

    /// <summary>The image, or the document with a mark of its own, that begins with these bytes; <c>null</c> for anything else.</summary>
    public static string? OfContent(ReadOnlySpan<byte> head) => head switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "image/gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "image/bmp",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => "application/pdf",
        _ => null,
    };

    /// <summary>Types whose content says of itself what it is: a name that claims one has to hold it.</summary>
    public static bool IsMarked(string mediaType) => mediaType == "application/pdf" || Images.Contains(mediaType);

    /// <summary>A rule of <c>x-allowedTypes</c> (<c>.pdf</c>, <c>application/pdf</c>, <c>image/*</c>) lets a file pass.</summary>
    public static bool Fits(string rule, string name, string mediaType)
    {
        if (rule[0] == '.') return name.EndsWith(rule, StringComparison.OrdinalIgnoreCase);
        return rule.EndsWith("/*", StringComparison.Ordinal) ? mediaType.StartsWith(rule[..^1], StringComparison.Ordinal) : rule == mediaType;
    }
}
