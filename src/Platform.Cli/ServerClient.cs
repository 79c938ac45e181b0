using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Platform.Cli;

/// <summary>A running server as the commands see it: JSON in, JSON out, under <c>/api/platform/</c>.</summary>
internal sealed class ServerClient : IDisposable
{
    /// <summary>Environment variable with an administrator's access token.</summary>
    public const string TokenVariable = "PLATFORM_TOKEN";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // The output is read by people and editors, never by a page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private const string JsonLines = "application/x-ndjson";

    private readonly HttpClient http;
    private readonly AccessToken token;

    /// <param name="variables">Environment variables that may hold the token, the first that is set counts; none: <see cref="TokenVariable"/>.</param>
    /// <exception cref="CommandException">There is no token, or it is none.</exception>
    public ServerClient(Uri server, params string[] variables)
    {
        token = AccessToken.Read(variables.Length == 0 ? [TokenVariable] : variables, server);
        http = new HttpClient { BaseAddress = new Uri(server, "/api/platform/"), Timeout = TimeSpan.FromMinutes(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token.Text);
    }

    public Task<JsonNode> GetAsync(string path, CancellationToken ct) => AskAsync(HttpMethod.Get, path, null, ct);

    public Task<JsonNode> PostAsync(string path, JsonNode body, CancellationToken ct) => AskAsync(HttpMethod.Post, path, body, ct);

    /// <summary>Posts and hears how far the work is.</summary>
    /// <param name="progress">Takes each report: <c>{ "stage", "done", "total", "part" }</c>.</param>
    public async Task<JsonNode> PostAsync(string path, JsonNode body, Action<JsonNode> progress, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(JsonLines));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.Content.Headers.ContentType?.MediaType != JsonLines) return await AnswerOf(response, ct);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
            while (await lines.ReadLineAsync(ct) is { } line)
            {
                if (TryParse(line) is not JsonObject said) continue;
                if (said["progress"] is { } report) progress(report);
                else return (int)said["status"]! == 200 ? said["result"]!.DeepClone() : throw new CommandException(Refusal((int)said["status"]!, line));
            }
        }
        catch (Exception broken) when (IsBroken(broken, ct))
        {
            throw Unreachable(broken);
        }

        throw new CommandException("The server broke off.", "Whether the change is in force, 'platform metadata versions' tells.");
    }

    public void Dispose() => http.Dispose();

    private async Task<JsonNode> AskAsync(HttpMethod method, string path, JsonNode? body, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        try
        {
            using var response = await http.SendAsync(request, ct);
            return await AnswerOf(response, ct);
        }
        catch (Exception broken) when (IsBroken(broken, ct))
        {
            throw Unreachable(broken);
        }
    }

    private async Task<JsonNode> AnswerOf(HttpResponseMessage response, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct);
        if (response.IsSuccessStatusCode) return TryParse(text) ?? throw new CommandException($"What answers at {http.BaseAddress!.GetLeftPart(UriPartial.Authority)} is no Platform server.");
        throw new CommandException(Refusal((int)response.StatusCode, text));
    }

    /// <summary>The connection is to blame, or the server took too long; the command itself was not stopped.</summary>
    private static bool IsBroken(Exception fault, CancellationToken ct) => fault is HttpRequestException or IOException || (fault is OperationCanceledException && !ct.IsCancellationRequested);

    private CommandException Unreachable(Exception broken) => new($"The server at {http.BaseAddress!.GetLeftPart(UriPartial.Authority)} does not answer: {broken.Message}");

    /// <summary>Reads an address on the command line.</summary>
    public static Uri? ParseUrl(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        result.AddError($"'{result.Tokens[0].Value}' is not an address such as http://127.0.0.1:5080.");
        return null;
    }

    private Failure Refusal(int status, string text)
    {
        if (TryParse(text) is not JsonObject answer) return new Failure(status == 401 ? $"The token in {token.Variable} is not valid (401)." : $"The server answered {status}.");
        var error = answer["error"] as JsonObject;
        return new Failure(
            (string?)error?["message"] ?? $"The server answered {status}.",
            (string?)error?["@Platform.Hint"] ?? "",
            (string?)error?["code"],
            answer["errors"] as JsonArray,
            answer["plan"]);
    }

    private static JsonNode? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
