using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Platform.OData.Headers;

namespace Platform.OData.Batch;

/// <summary>One of the two forms in which a batch is answered.</summary>
internal abstract class BatchForm
{
    public abstract string ContentType { get; }

    public abstract void Begin(PipeWriter text);

    public abstract void Write(PipeWriter text, ItemAnswer answer);

    public abstract void End(PipeWriter text);

    /// <summary>Headers of an answer that go out with it; the length is that of the body as it stands here.</summary>
    protected static IEnumerable<(string Name, string Value)> HeadersOf(PartAnswer answer) =>
        from header in answer.Headers
        where !header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
        let value = header.Value.ToString()
        where value.Length > 0
        select (header.Key, value.Any(char.IsControl) ? throw new InvalidOperationException($"The header {header.Key} has control characters.") : value);
}

/// <summary>
/// The answer to a batch. Its status is that of the first failure, which is known at the end: so answers are kept until
/// then, as long as there is room.
/// </summary>
internal sealed class BatchAnswer(HttpResponse response, BatchForm form, Preferences preferences) : IDisposable
{
    /// <summary>Bytes kept; then what is there is sent, and the status is 200 whatever follows.</summary>
    private const int MostKept = 16 * 1024 * 1024;

    private readonly List<ItemAnswer> kept = [];
    private long keptBytes;
    private bool begun;

    public async Task AddAsync(ItemAnswer answer, CancellationToken ct)
    {
        kept.Add(answer);
        keptBytes += answer.Answers.Sum(part => (long)part.Body.Length);
        if (keptBytes > MostKept) await SendAsync(StatusCodes.Status200OK, ct);
    }

    /// <param name="status">Of the first failure, where the batch ends with it; else 200.</param>
    public async Task CompleteAsync(int status, CancellationToken ct)
    {
        await SendAsync(status, ct);
        form.End(response.BodyWriter);
        await response.BodyWriter.FlushAsync(ct);
    }

    public void Dispose()
    {
        foreach (var answer in kept) answer.Dispose();
        kept.Clear();
    }

    private async Task SendAsync(int status, CancellationToken ct)
    {
        if (!begun) Begin(status);
        foreach (var answer in kept)
        {
            form.Write(response.BodyWriter, answer);
            await response.BodyWriter.FlushAsync(ct);
        }
        Dispose();
        keptBytes = 0;
    }

    private void Begin(int status)
    {
        begun = true;
        response.StatusCode = status;
        WebApiHeaders.Set(response);
        response.ContentType = form.ContentType;
        if (preferences.ContinueOnError) response.Headers["Preference-Applied"] = "odata.continue-on-error";
        form.Begin(response.BodyWriter);
    }
}
