using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Platform.OData.Batch;

/// <summary>Answers as <c>multipart/mixed</c>, with the boundaries that Dataverse gives.</summary>
internal sealed class MultipartForm : BatchForm
{
    private readonly string boundary = $"batchresponse_{Guid.CreateVersion7():D}";

    public override string ContentType => $"multipart/mixed; boundary={boundary}";

    public override void Begin(PipeWriter text)
    {
    }

    public override void Write(PipeWriter text, ItemAnswer answer)
    {
        if (!answer.Item.IsChangeSet || answer.Failed is not null)
        {
            WritePart(text, boundary, answer.Answers[0], (answer.Failed ?? answer.Item.Requests[0]).Id);
            return;
        }
        var inner = $"changesetresponse_{Guid.CreateVersion7():D}";
        Write(text, $"--{boundary}\r\nContent-Type: multipart/mixed; boundary={inner}\r\n\r\n");
        for (var at = 0; at < answer.Answers.Length; at++) WritePart(text, inner, answer.Answers[at], answer.Item.Requests[at].Id);
        Write(text, $"--{inner}--\r\n");
    }

    public override void End(PipeWriter text) => Write(text, $"--{boundary}--\r\n");

    private static void WritePart(PipeWriter text, string boundary, PartAnswer answer, string? id)
    {
        Write(text, $"--{boundary}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n");
        if (id is not null) Write(text, $"Content-ID: {id}\r\n");
        if (answer.FailureId is { } failure) Write(text, $"REQ_ID: {failure}\r\n");
        Write(text, $"\r\nHTTP/1.1 {answer.Status} {ReasonPhrases.GetReasonPhrase(answer.Status)}\r\n");
        foreach (var (name, value) in HeadersOf(answer)) Write(text, $"{name}: {value}\r\n");
        Write(text, "\r\n");
        text.Write(answer.Body.Span);
        Write(text, "\r\n");
    }

    private static void Write(PipeWriter text, string line) => Encoding.UTF8.GetBytes(line, text);
}
