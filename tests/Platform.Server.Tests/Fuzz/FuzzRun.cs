using System.Net.Http.Headers;
using System.Text;

namespace Platform.Server.Tests.Fuzz;

/// <summary>Sends cases to a server, several at a time, and waits for none forever.</summary>
internal sealed class FuzzRun(HttpClient administrator, int atATime) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, MaxConnectionsPerServer = atATime }) { Timeout = Patience };
    private readonly AuthenticationHeaderValue authorization = administrator.DefaultRequestHeaders.Authorization!;

    /// <summary>How many answers to cases sent for the first time had which status.</summary>
    public SortedDictionary<int, int> Statuses { get; } = [];

    public async Task<IReadOnlyList<FuzzAnswer>> SendAsync(IReadOnlyList<FuzzRequest> requests, bool isRepeated = false)
    {
        var answers = new FuzzAnswer[requests.Count];
        await Parallel.ForAsync(0, requests.Count, new ParallelOptions { MaxDegreeOfParallelism = atATime }, async (at, _) => answers[at] = await SendAsync(requests[at]));
        if (isRepeated) return answers;
        foreach (var answer in answers) Statuses[answer.Status] = Statuses.GetValueOrDefault(answer.Status) + 1;
        return answers;
    }

    /// <summary>A case whose answer is not what it must be, in words.</summary>
    public string? Describe(FuzzAnswer answer) =>
        FuzzJudge.Fault(answer) is { } fault ? $"{fault}: {answer.Status} {(answer.Text.Length > 1500 ? answer.Text[..1500] + "…" : answer.Text)}\n{answer.Request}" : null;

    public void Dispose() => http.Dispose();

    private async Task<FuzzAnswer> SendAsync(FuzzRequest request)
    {
        try
        {
            using var message = request.Message(administrator.BaseAddress!);
            message.Headers.Authorization = authorization;
            using var response = await http.SendAsync(message);
            return new FuzzAnswer(request, (int)response.StatusCode, response.Content.Headers.ContentType?.MediaType ?? "", await response.Content.ReadAsStringAsync());
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException)
        {
            return new FuzzAnswer(request, 0, "", $"no whole answer: {failure.GetType().Name} {failure.Message} {failure.InnerException?.Message}");
        }
    }
}
