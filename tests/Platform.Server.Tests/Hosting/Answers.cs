using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Platform.Server.Tests.Hosting;

/// <summary>An answer of the server, read to its end.</summary>
internal sealed record Answer(HttpStatusCode Status, JsonElement Body, string Text, HttpResponseMessage Response)
{
    public string ErrorCode => Body.GetProperty("error").GetProperty("code").GetString()!;

    public string ErrorMessage => Body.GetProperty("error").GetProperty("message").GetString()!;

    /// <summary>Id of the row in <c>OData-EntityId</c>.</summary>
    public Guid EntityId
    {
        get
        {
            var address = Response.Headers.GetValues("OData-EntityId").Single();
            return Guid.Parse(address[(address.LastIndexOf('(') + 1)..^1]);
        }
    }

    /// <summary>Fails the test with the server's words unless the status is this one.</summary>
    public Answer Demand(HttpStatusCode status)
    {
        Assert.True(Status == status, $"Expected {(int)status}, got {(int)Status}: {Text}");
        return this;
    }
}

/// <summary>The Web API as tests call it.</summary>
internal static class Answers
{
    public static Task<Answer> ReadAsync(this HttpClient http, string path, params (string Name, string Value)[] headers) =>
        http.AskAsync(HttpMethod.Get, path, null, headers);

    public static Task<Answer> CreateAsync(this HttpClient http, string set, object row, params (string Name, string Value)[] headers) =>
        http.AskAsync(HttpMethod.Post, set, JsonContent.Create(row), headers);

    public static Task<Answer> UpdateAsync(this HttpClient http, string path, object row, params (string Name, string Value)[] headers) =>
        http.AskAsync(HttpMethod.Patch, path, JsonContent.Create(row), headers);

    public static Task<Answer> RemoveAsync(this HttpClient http, string path, params (string Name, string Value)[] headers) =>
        http.AskAsync(HttpMethod.Delete, path, null, headers);

    /// <summary>Calls an action with a body as it is written: its parameters are named in letters of either case.</summary>
    public static Task<Answer> CallAsync(this HttpClient http, string path, string json, params (string Name, string Value)[] headers) =>
        http.AskAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), headers);

    public static async Task<Answer> AskAsync(this HttpClient http, HttpMethod method, string path, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0;
        return new Answer(response.StatusCode, isJson ? JsonSerializer.Deserialize<JsonElement>(text) : default, text, response);
    }
}
