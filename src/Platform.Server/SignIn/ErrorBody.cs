using System.Text.Json;

namespace Platform.Server.SignIn;

/// <summary>Dataverse's error shape, for answers given before the Web API is reached.</summary>
internal static class ErrorBody
{
    public static async Task WriteAsync(HttpResponse response, int status, string code, string message, string hint)
    {
        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("code", code);
        json.WriteString("message", message);
        if (hint.Length > 0) json.WriteString("@Platform.Hint", hint);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
