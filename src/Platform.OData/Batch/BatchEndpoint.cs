using System.Buffers;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Platform.Engine;
using Platform.OData.Reading;
using Platform.OData.Routing;

namespace Platform.OData.Batch;

/// <summary><c>$batch</c>: many requests in one, in the form of multipart/mixed or of JSON.</summary>
internal sealed class BatchEndpoint(PlatformEngine engine, IOptions<WebApiOptions> options)
{
    private readonly long limit = options.Value.MaxBatchBytes;

    /// <summary>POST on <c>$batch</c>. All of the batch is read before the first of its requests is carried out, so that one that cannot be read changes nothing.</summary>
    public async Task HandleAsync(ApiRequest request, RequestDispatcher dispatcher)
    {
        if (!HttpMethods.IsPost(request.Request.Method)) throw request.MethodNotAllowed("POST");
        var type = TypeOf(request.Request);
        var isJson = BodyForm.IsJson(type);
        var body = await ReadAsync(request.Request, request.Aborted);
        var items = isJson ? JsonBatch.Read(WithoutMark(body)) : MultipartBatch.Read(body, type);
        using var json = isJson && !WantsMultipart(request.Request) ? new JsonForm() : null;
        await AnswerAsync(request, items, (BatchForm?)json ?? new MultipartForm(), dispatcher);
    }

    private async Task AnswerAsync(ApiRequest request, ImmutableArray<BatchItem> items, BatchForm form, RequestDispatcher dispatcher)
    {
        using var answer = new BatchAnswer(request.Response, form, request.Preferences);
        var run = new BatchRun(request, engine, dispatcher);
        var status = StatusCodes.Status200OK;
        foreach (var item in items)
        {
            var one = await run.RunAsync(item);
            var failed = one.Failed is not null && !request.Preferences.ContinueOnError;
            if (failed) status = one.Status;
            await answer.AddAsync(one, request.Aborted);
            if (failed) break;
        }
        await answer.CompleteAsync(status, request.Aborted);
    }

    private static MediaTypeHeaderValue TypeOf(HttpRequest request)
    {
        var known = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && (BodyForm.IsJson(type) || type.MediaType.Equals("multipart/mixed", StringComparison.OrdinalIgnoreCase));
        return known ? type! : throw Errors.BadBatch($"it has the content type '{request.ContentType}'.", "Send multipart/mixed; boundary=… or application/json.");
    }

    /// <summary>
    /// A JSON batch is answered in the other form where its client asks for that one only. Not so the other way round:
    /// clients of Dataverse send <c>Accept: application/json</c> with everything, and read multipart.
    /// </summary>
    private static bool WantsMultipart(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        return accept.Contains("multipart/mixed", StringComparison.OrdinalIgnoreCase) && !accept.Contains("json", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The whole body: nobody waits for a slow client while a change set holds its transaction.</summary>
    private async Task<byte[]> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var buffer = await WholeBody.ReadAsync(request, limit, ct);
        var body = buffer.ToArray();
        request.BodyReader.AdvanceTo(buffer.End);
        return body;
    }

    private static ReadOnlyMemory<byte> WithoutMark(byte[] json) => json.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? json.AsMemory(3) : json;
}
