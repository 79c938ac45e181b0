using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Platform.Engine;

namespace Platform.OData.Batch;

/// <summary>Takes texts of MIME and HTTP apart. Lines end with CRLF or a bare LF.</summary>
internal static class MultipartText
{
    private const int LongestBoundary = 70; // RFC 2046

    /// <summary>The boundary that a content type names.</summary>
    /// <param name="what">For messages: "the batch".</param>
    public static string BoundaryOf(MediaTypeHeaderValue type, string what)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= LongestBoundary && !boundary.AsSpan().ContainsAnyExceptInRange(' ', '~') && boundary[^1] != ' '
            ? boundary
            : throw Errors.BadBatch($"the content type of {what} names no boundary.", $"Write multipart/mixed; boundary=\"…\", 1 to {LongestBoundary} characters.");
    }

    /// <summary>The parts between the boundaries; what stands before the first and behind the last is passed over.</summary>
    /// <exception cref="PlatformException">The boundary is not there, the last one is missing, or there are more parts than a batch may have.</exception>
    public static List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> text, string boundary, string what)
    {
        var delimiter = Encoding.ASCII.GetBytes("--" + boundary);
        var span = text.Span;
        var parts = new List<ReadOnlyMemory<byte>>();
        var start = -1;
        for (var at = 0; span[at..].IndexOf(delimiter) is var distance and >= 0;)
        {
            var found = at + distance;
            at = found + delimiter.Length;
            if ((found > 0 && span[found - 1] != '\n') || !EndsLine(span, at, out var isLast, out var next)) continue;
            if (start >= 0) parts.Add(text[start..Math.Max(start, LineEndBefore(span, found))]);
            if (parts.Count > BatchLimits.MostRequests) throw Errors.BatchTooLong(BatchLimits.MostRequests);
            if (isLast) return parts;
            start = at = next;
        }
        throw start < 0
            ? Errors.BadBatch($"the boundary '{boundary}' of {what} does not occur.", $"Begin each part with a line --{boundary}.")
            : Errors.BadBatch($"the last boundary of {what} is missing.", $"End it with a line --{boundary}--.");
    }

    /// <summary>Takes the next line off the text.</summary>
    /// <returns>Without its end; <c>null</c> when the text is at its end.</returns>
    public static string? TakeLine(ref ReadOnlyMemory<byte> text)
    {
        if (text.IsEmpty) return null;
        var span = text.Span;
        var end = span.IndexOf((byte)'\n');
        var line = end < 0 ? span : span[..end];
        text = end < 0 ? default : text[(end + 1)..];
        if (line.EndsWith("\r"u8)) line = line[..^1];
        return Encoding.UTF8.GetString(line);
    }

    /// <summary>Takes headers off the text, and the empty line behind them.</summary>
    public static IHeaderDictionary TakeHeaders(ref ReadOnlyMemory<byte> text)
    {
        IHeaderDictionary headers = new HeaderDictionary();
        var lines = 0;
        while (TakeLine(ref text) is { Length: > 0 } line)
        {
            if (++lines > BatchLimits.MostHeaders) throw Errors.BadBatch($"a part has more than {BatchLimits.MostHeaders} headers.");
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) throw Errors.BadBatch("a part has a line that is no header.", "A header is 'Name: value'; an empty line ends the headers.");
            AddHeader(headers, line[..colon], line[(colon + 1)..].Trim());
        }
        return headers;
    }

    /// <exception cref="PlatformException">The name is none, or the value has control characters.</exception>
    public static void AddHeader(IHeaderDictionary headers, string name, string value)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && !"!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal)) throw Errors.BadBatch("a part has a header whose name is none.");
        }
        if (name.Length == 0 || value.Any(letter => char.IsControl(letter) && letter != '\t')) throw Errors.BadBatch($"the header '{name}' of a part has characters that it may not have.");
        headers.Append(name, value);
    }

    private static bool EndsLine(ReadOnlySpan<byte> text, int at, out bool isLast, out int next)
    {
        var end = text[at..].IndexOf((byte)'\n');
        var line = (end < 0 ? text[at..] : text[at..(at + end)]).Trim(" \t\r"u8);
        next = end < 0 ? text.Length : at + end + 1;
        isLast = line.SequenceEqual("--"u8);
        return isLast || line.IsEmpty;
    }

    /// <summary>The line end before a boundary belongs to the boundary.</summary>
    private static int LineEndBefore(ReadOnlySpan<byte> text, int boundary)
    {
        var end = Math.Max(0, boundary - 1);
        return end > 0 && text[end - 1] == '\r' ? end - 1 : end;
    }
}
