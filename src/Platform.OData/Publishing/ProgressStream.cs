using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Platform.Engine.Packs;

namespace Platform.OData.Publishing;

/// <summary>
/// An answer of JSON lines: <c>{ "progress" }</c> while a publish runs, and at its end one line with <c>status</c>, the
/// HTTP status that the answer would have had by itself, and its content.
/// </summary>
internal sealed class ProgressStream : IProgress<PublishProgress>
{
    private const string MediaType = "application/x-ndjson";

    // A client that reads slowly misses some of the reports; the publish never waits for it.
    private const int MostWaiting = 64;

    private readonly Channel<PublishProgress> reports =
        Channel.CreateBounded<PublishProgress>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>The client reads JSON lines.</summary>
    public static bool IsAskedFor(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(accepted => accepted.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase));

    public void Report(PublishProgress value) => reports.Writer.TryWrite(value);

    /// <summary>Runs the work, which reports here, and answers with what it reports and returns.</summary>
    /// <param name="work">Gives the last line.</param>
    public async Task RunAsync(HttpContext http, JsonSerializerOptions json, Func<Task<JsonObject>> work)
    {
        http.Response.ContentType = $"{MediaType}; charset=utf-8";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        // Planning computes for long stretches: lines go out meanwhile.
        var running = Task.Run(FinishAsync);
        try
        {
            await foreach (var report in reports.Reader.ReadAllAsync(http.RequestAborted))
                await WriteAsync(http, new JsonObject { ["progress"] = JsonSerializer.SerializeToNode(report, json) }, json);
        }
        finally
        {
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await WriteAsync(http, await running, json);

        async Task<JsonObject> FinishAsync()
        {
            try
            {
                return await work();
            }
            finally
            {
                reports.Writer.Complete();
            }
        }
    }

    private static async Task WriteAsync(HttpContext http, JsonObject line, JsonSerializerOptions json)
    {
        await http.Response.WriteAsync(line.ToJsonString(json) + "\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }
}
