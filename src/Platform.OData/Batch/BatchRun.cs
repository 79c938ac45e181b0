using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.OData.Routing;
using Platform.OData.Writing;

namespace Platform.OData.Batch;

/// <summary>The answers to what stands at one place of a batch.</summary>
/// <param name="Answers">One for each request; of a change set that failed only that of the request which made it fail.</param>
/// <param name="Failed">The request that failed; <c>null</c> where none did.</param>
internal sealed record ItemAnswer(BatchItem Item, ImmutableArray<PartAnswer> Answers, BatchRequest? Failed) : IDisposable
{
    /// <summary>HTTP status of the failure; 200 where there is none.</summary>
    public int Status => Failed is null ? StatusCodes.Status200OK : Answers[0].Status;

    public void Dispose()
    {
        foreach (var answer in Answers) answer.Dispose();
    }
}

/// <summary>Carries out the requests of one batch, one after the other.</summary>
/// <param name="batch">The request that brought the batch.</param>
/// <param name="dispatcher">Answers each of them as if it had come alone.</param>
internal sealed class BatchRun(ApiRequest batch, PlatformEngine engine, RequestDispatcher dispatcher)
{
    /// <summary>Bytes of the answers to a request or a change set.</summary>
    private const long MostAnswered = 64 * 1024 * 1024;

    private readonly ContentIds ids = new();
    private readonly HashSet<string> failed = new(StringComparer.Ordinal);

    public async Task<ItemAnswer> RunAsync(BatchItem item)
    {
        batch.Aborted.ThrowIfCancellationRequested();
        var answer = item.IsChangeSet ? await RunChangeSetAsync(item) : await RunAloneAsync(item);
        if (answer.Failed is not null)
        {
            foreach (var request in item.Requests) Note(request.Id, hasFailed: true);
            Note(item.Group, hasFailed: true);
            answer.Answers[0].FailureId = FailureId(batch.Http);
        }
        else
        {
            foreach (var request in item.Requests) Note(request.Id, hasFailed: false);
        }
        return answer;
    }

    private async Task<ItemAnswer> RunAloneAsync(BatchItem item)
    {
        var request = item.Requests[0];
        var attempt = new Attempt(batch, request, BatchPart.Alone, new AnswerRoom(MostAnswered), batch.Aborted);
        try
        {
            DemandDependencies(request);
            await attempt.RunAsync(dispatcher, ids);
        }
        catch (Exception failure)
        {
            await attempt.FailAsync(dispatcher, failure);
            batch.Aborted.ThrowIfCancellationRequested();
        }
        return new ItemAnswer(item, [attempt.Answer], attempt.Answer.Status >= StatusCodes.Status400BadRequest ? request : null);
    }

    private async Task<ItemAnswer> RunChangeSetAsync(BatchItem item)
    {
        var room = new AnswerRoom(MostAnswered);
        var attempts = new List<Attempt>();
        var made = new ContentIds(ids);
        try
        {
            foreach (var request in item.Requests) DemandDependencies(request);
            await engine.ExecuteTogetherAsync(
                async ct =>
                {
                    // The database may have asked for a second time: of the first one nothing remains.
                    Discard(attempts);
                    made = new ContentIds(ids);
                    foreach (var request in item.Requests)
                    {
                        var attempt = new Attempt(batch, request, BatchPart.InChangeSet, room, ct);
                        attempts.Add(attempt);
                        await attempt.RunAsync(dispatcher, made);
                        if (attempt.Answer.Status >= StatusCodes.Status400BadRequest) throw new AnsweredFailureException();
                    }
                    return true;
                },
                batch.Caller,
                batch.Aborted);
        }
        catch (Exception failure)
        {
            return new ItemAnswer(item, [await FailedAsync(attempts, item, room, failure)], attempts.Count > 0 ? attempts[^1].Request : item.Requests[0]);
        }
        ids.Take(made);
        return new ItemAnswer(item, [.. attempts.Select(attempt => attempt.Answer)], null);
    }

    /// <summary>The answer to the request at which a change set failed: the last one tried.</summary>
    private async Task<PartAnswer> FailedAsync(List<Attempt> attempts, BatchItem item, AnswerRoom room, Exception failure)
    {
        batch.Aborted.ThrowIfCancellationRequested();
        if (attempts.Count == 0) attempts.Add(new Attempt(batch, item.Requests[0], BatchPart.InChangeSet, room, batch.Aborted));
        var last = attempts[^1];
        Discard(attempts[..^1]);
        if (failure is not AnsweredFailureException) await last.FailAsync(dispatcher, failure);
        return last.Answer;
    }

    private void DemandDependencies(BatchRequest request)
    {
        if (request.DependsOn.FirstOrDefault(failed.Contains) is { } missing) throw Errors.DependencyFailed(missing);
    }

    private void Note(string? id, bool hasFailed)
    {
        if (id is null) return;
        if (hasFailed) failed.Add(id);
        else failed.Remove(id);
    }

    private static void Discard(List<Attempt> attempts)
    {
        foreach (var attempt in attempts) attempt.Answer.Dispose();
        attempts.Clear();
    }

    /// <summary>What finds the failure in the server's log, in the form in which Dataverse writes it.</summary>
    private static string FailureId(HttpContext context)
    {
        var trace = ErrorWriter.TraceId(context);
        return Guid.TryParseExact(trace, "N", out var id) ? id.ToString("D") : trace;
    }

    /// <summary>A request of the batch while it is carried out.</summary>
    private sealed class Attempt
    {
        private readonly ApiRequest batch;
        private readonly HttpContext context;

        public Attempt(in ApiRequest batch, BatchRequest request, BatchPart place, AnswerRoom room, CancellationToken ct)
        {
            this.batch = batch;
            Request = request;
            Answer = new PartAnswer(room);
            context = PartContext.Create(batch.Http, request, place, Answer, ct);
        }

        public BatchRequest Request { get; }

        public PartAnswer Answer { get; }

        /// <summary>Answers the request; failures fly.</summary>
        public async Task RunAsync(RequestDispatcher dispatcher, ContentIds ids)
        {
            var url = PartUrl.Resolve(Request.Url, Request.Headers.Host.ToString(), batch.Request, batch.Path.Minor, ids);
            PartContext.SetUrl(context, url);
            PartContext.SetBody(context, ids.ExpandBody(Request.Body));
            await dispatcher.DispatchAsync(context);
            if (Request.Id is { } id && Answer.Status < StatusCodes.Status400BadRequest) ids.Add(id, MadePath() ?? url.Path);
        }

        /// <summary>Answers with a failure, in place of what was written so far.</summary>
        public async Task FailAsync(RequestDispatcher dispatcher, Exception failure)
        {
            Answer.Clear();
            Answer.Headers.Location = default;
            Answer.Headers.Remove("OData-EntityId");
            await dispatcher.RefuseAsync(context, failure);
        }

        /// <summary>The row that the request has made or changed, below the service's root.</summary>
        private string? MadePath()
        {
            var url = Answer.Headers.Location.ToString() is { Length: > 0 } location ? location : Answer.Headers["OData-EntityId"].ToString();
            var version = url.IndexOf(ResourcePath.Service, StringComparison.OrdinalIgnoreCase);
            if (version < 0) return null;
            var path = url.IndexOf('/', version + ResourcePath.Service.Length);
            return path < 0 ? null : url[(path + 1)..];
        }
    }

    /// <summary>Rolls a change set back, one of whose requests has already written why it failed.</summary>
    private sealed class AnsweredFailureException : Exception;
}
