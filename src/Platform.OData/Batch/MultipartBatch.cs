using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Platform.Engine;

namespace Platform.OData.Batch;

/// <summary>Reads a batch of the form <c>multipart/mixed</c>.</summary>
internal sealed class MultipartBatch
{
    private const string ContentId = "Content-ID";
    private int requests;

    private MultipartBatch()
    {
    }

    /// <exception cref="PlatformException">It cannot be read as a whole, and nothing of it is to be carried out.</exception>
    public static ImmutableArray<BatchItem> Read(ReadOnlyMemory<byte> body, MediaTypeHeaderValue type) =>
        new MultipartBatch().Items(body, MultipartText.BoundaryOf(type, "the batch"));

    private ImmutableArray<BatchItem> Items(ReadOnlyMemory<byte> body, string boundary)
    {
        var items = ImmutableArray.CreateBuilder<BatchItem>();
        foreach (var part in MultipartText.Split(body, boundary, "the batch"))
        {
            var text = part;
            var headers = MultipartText.TakeHeaders(ref text);
            items.Add(TypeOf(headers) is { } type && type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase)
                ? new BatchItem(ChangeSet(text, MultipartText.BoundaryOf(type, "a change set")), IsChangeSet: true)
                : new BatchItem([Request(headers, text)], IsChangeSet: false));
        }
        return items.Count > 0 ? items.ToImmutable() : throw Errors.BadBatch("it holds no request.");
    }

    private ImmutableArray<BatchRequest> ChangeSet(ReadOnlyMemory<byte> text, string boundary)
    {
        var set = ImmutableArray.CreateBuilder<BatchRequest>();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in MultipartText.Split(text, boundary, "a change set"))
        {
            var rest = part;
            var request = Request(MultipartText.TakeHeaders(ref rest), rest);
            BatchLimits.DemandWrite(request.Method);
            if (request.Id is not null && !ids.Add(request.Id)) throw Errors.BadBatch($"a change set has the Content-ID '{request.Id}' twice.");
            set.Add(request);
        }
        return set.Count > 0 ? set.ToImmutable() : throw Errors.BadBatch("a change set holds no request.");
    }

    /// <param name="mime">Headers of the part itself.</param>
    private BatchRequest Request(IHeaderDictionary mime, ReadOnlyMemory<byte> text)
    {
        if (++requests > BatchLimits.MostRequests) throw Errors.BatchTooLong(BatchLimits.MostRequests);
        if (TypeOf(mime)?.MediaType.Equals("application/http", StringComparison.OrdinalIgnoreCase) != true)
            throw Errors.BadBatch($"a part has the content type '{mime.ContentType}'.", "A request has Content-Type: application/http, a change set multipart/mixed; an empty line ends the headers of a part.");
        var encoding = mime["Content-Transfer-Encoding"].ToString();
        if (encoding.Length > 0 && encoding.ToUpperInvariant() is not ("BINARY" or "8BIT" or "7BIT")) throw Errors.BadBatch($"a part has the transfer encoding '{encoding}'; only binary is read.");

        var (method, url) = RequestLine(ref text);
        var headers = MultipartText.TakeHeaders(ref text);
        var id = mime[ContentId].ToString() is { Length: > 0 } outer ? outer : headers[ContentId].ToString();
        return new BatchRequest(id.Length > 0 ? BatchLimits.DemandId(id) : null, method, url, headers, Body(headers, text), []);
    }

    private static (string Method, string Url) RequestLine(ref ReadOnlyMemory<byte> text)
    {
        string? line;
        do line = MultipartText.TakeLine(ref text);
        while (line is not null && string.IsNullOrWhiteSpace(line));
        var first = line?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        var last = line?.LastIndexOf(" HTTP/", StringComparison.Ordinal) ?? -1;
        if (first <= 0 || last <= first || !line![..first].All(char.IsAsciiLetter))
            throw Errors.BadBatch("a part does not begin with the line of a request.", "Write 'GET accounts?$top=1 HTTP/1.1'.");
        return (line[..first].ToUpperInvariant(), line[(first + 1)..last].Trim());
    }

    /// <summary>
    /// The boundary ends a body. A Content-Length counts only where it leaves nothing but line ends over, which is how a
    /// client keeps them out of content that is no text: some clients count characters, and mean bytes.
    /// </summary>
    private static ReadOnlyMemory<byte> Body(IHeaderDictionary headers, ReadOnlyMemory<byte> text)
    {
        var told = headers.ContentLength;
        headers.ContentLength = null;
        return told is { } length && length <= text.Length && text.Span[(int)length..].Trim("\r\n"u8).IsEmpty ? text[..(int)length] : text;
    }

    private static MediaTypeHeaderValue? TypeOf(IHeaderDictionary headers) =>
        MediaTypeHeaderValue.TryParse(headers.ContentType.ToString(), out var type) && type.MediaType.HasValue ? type : null;
}
