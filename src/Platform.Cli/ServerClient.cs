using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
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
    private readonly string variable;

    /// <param name="variables">Environment variables that may hold the token, the first that is set counts; none: <see cref="TokenVariable"/>.</param>
    /// <exception cref="CommandException">There is no token.</exception>
    public ServerClient(Uri server, params string[] variables)
    {
        if (variables.Length == 0) variables = [TokenVariable];
        variable = variables.FirstOrDefault(name => Environment.GetEnvironmentVariable(name) is { Length: > 0 })
            ?? throw new CommandException($"{string.Join(" or ", variables)} is not set. It holds an administrator's access token: POST {new Uri(server, "/connect/token")}.");
        var token = Environment.GetEnvironmentVariable(variable);
        http = new HttpClient { BaseAddress = new Uri(server, "/api/platform/"), Timeout = TimeSpan.FromMinutes(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
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
                else return (int)said["status"]! == 200 ? said["result"]!.DeepClone() : throw new CommandException(Sentence((int)said["status"]!, line));
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw Unreachable(broken);
        }

        throw new CommandException("The server broke off. Whether the change is in force, 'platform metadata versions' tells.");
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
        catch (HttpRequestException unreachable)
        {
            throw Unreachable(unreachable);
        }
    }

    private async Task<JsonNode> AnswerOf(HttpResponseMessage response, CancellationToken ct)
    {
        var text = await response.Content.ReadAsStringAsync(ct);
        if (response.IsSuccessStatusCode) return TryParse(text) ?? throw new CommandException($"What answers at {http.BaseAddress!.GetLeftPart(UriPartial.Authority)} is no Platform server.");
        throw new CommandException(Sentence((int)response.StatusCode, text));
    }

    private CommandException Unreachable(Exception broken) => new($"The server at {http.BaseAddress!.GetLeftPart(UriPartial.Authority)} does not answer: {broken.Message}");

    /// <summary>Reads an address on the command line.</summary>
    public static Uri? ParseUrl(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") return url;
        result.AddError($"'{result.Tokens[0].Value}' is not an address such as http://127.0.0.1:5080.");
        return null;
    }

    private string Sentence(int status, string text)
    {
        if (TryParse(text) is not JsonObject answer) return status == 401 ? $"The token in {variable} is not valid (401)." : $"The server answered {status}.";
        var sentence = new StringBuilder((string?)answer["error"]?["message"] ?? $"The server answered {status}.");
        if ((string?)answer["error"]?["@Platform.Hint"] is { } hint) sentence.Append(' ').Append(hint);
        foreach (var error in answer["errors"] as JsonArray ?? [])
            sentence.AppendLine().Append(PlanText.Error(error!));
        if (answer["plan"] is { } plan) sentence.AppendLine().Append("What it would do now:").AppendLine().Append(PlanText.Of(plan));
        return sentence.ToString();
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

/// <summary>The command cannot be carried out; the message says why. Exit code 1.</summary>
internal sealed class CommandException(string message) : Exception(message);
