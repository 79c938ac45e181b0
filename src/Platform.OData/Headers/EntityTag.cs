using System.Globalization;
using Microsoft.Extensions.Primitives;
using Platform.Engine;

namespace Platform.OData.Headers;

/// <summary>A row version as HTTP carries it: <c>W/"123"</c>.</summary>
internal static class EntityTag
{
    /// <summary>The tag as a header value.</summary>
    public static string Format(long version) => string.Create(CultureInfo.InvariantCulture, $"W/\"{version}\"");

    /// <summary>Writes the tag as UTF-8 and returns its length; 26 bytes are always enough.</summary>
    public static int Format(long version, Span<byte> utf8)
    {
        "W/\""u8.CopyTo(utf8);
        version.TryFormat(utf8[3..], out var digits, default, CultureInfo.InvariantCulture);
        utf8[3 + digits] = (byte)'"';
        return digits + 4;
    }

    /// <summary>The version that <c>If-Match</c> demands; <c>null</c> when there is no such header or it is <c>*</c>.</summary>
    /// <exception cref="PlatformException">It is neither <c>*</c> nor one entity tag.</exception>
    public static long? Demanded(StringValues ifMatch)
    {
        if (ifMatch.Count == 0) return null;
        var text = ifMatch.ToString();
        if (text == "*") return null;
        return Parse(text) ?? throw Errors.BadRequest($"The If-Match header '{text}' is no entity tag.", "Send * or the @odata.etag of the row, for example W/\"123\".");
    }

    /// <summary>The version that the client already has (<c>If-None-Match</c>); anything but a tag, such as <c>null</c>, is none.</summary>
    public static long? Known(StringValues ifNoneMatch) => ifNoneMatch.Count == 0 ? null : Parse(ifNoneMatch.ToString());

    private static long? Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text.StartsWith("W/", StringComparison.Ordinal)) text = text[2..];
        if (text.Length < 3 || text[0] != '"' || text[^1] != '"') return null;
        return long.TryParse(text[1..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
    }
}
