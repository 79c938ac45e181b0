using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.OData.Headers;

namespace Platform.OData.Writing;

/// <summary>Says a failure in Dataverse's form, with our additions as annotations inside.</summary>
internal static class ErrorWriter
{
    /// <summary>The one place where the sort of a failure becomes an HTTP status.</summary>
    public static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Forbidden => StatusCodes.Status403Forbidden,
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.NotAllowed => StatusCodes.Status405MethodNotAllowed,
        ErrorKind.Precondition => StatusCodes.Status412PreconditionFailed,
        ErrorKind.TooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorKind.UnsupportedMedia => StatusCodes.Status415UnsupportedMediaType,
        ErrorKind.FailedDependency => StatusCodes.Status424FailedDependency,
        ErrorKind.Throttled => StatusCodes.Status429TooManyRequests,
        ErrorKind.NotImplemented => StatusCodes.Status501NotImplemented,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    /// <summary>Links the answer, the log and the trace of a request.</summary>
    public static string TraceId(HttpContext context) => Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier;

    public static ValueTask WriteAsync(HttpContext context, PlatformException failure)
    {
        var annotations = Preferences.Of(context.Request.Headers["Prefer"]).Annotations;
        return WriteAsync(context, StatusOf(failure.Kind), failure.Code, failure.Message, failure, annotations);
    }

    /// <summary>A failure of ours: nothing of it goes out but the trace id.</summary>
    public static ValueTask WriteUnknownAsync(HttpContext context) =>
        WriteAsync(context, StatusCodes.Status500InternalServerError, "0x80040216", "An unexpected error occurred. The trace id finds it in the server's log.", null, AnnotationSet.None);

    private static async ValueTask WriteAsync(
        HttpContext context, int status, string code, string message, PlatformException? failure, AnnotationSet annotations)
    {
        context.Response.StatusCode = status;
        WebApiHeaders.Set(context.Response);
        context.Response.Headers.Remove("ETag");
        context.Response.Headers.Remove("Preference-Applied");
        var body = JsonBody.Rent();
        try
        {
            var json = body.Json;
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("code", code);
            json.WriteString("message", message);
            if (failure is not null)
            {
                if (failure.Hint.Length > 0) json.WriteString("@Platform.Hint", failure.Hint);
                if (failure.Attribute is not null) json.WriteString("@Platform.Attribute", failure.Attribute);
                if (!string.IsNullOrEmpty(failure.SubCode)) json.WriteString("@Platform.SubCode", failure.SubCode);
                if (!string.IsNullOrEmpty(failure.SubCode) && annotations.HasFlag(AnnotationSet.SubErrorCode))
                    json.WriteString($"@{AnnotationNames.SubErrorCode}", failure.SubCode);
                if (failure.Explanation is { } explanation)
                {
                    json.WriteStartObject("@Platform.Explanation");
                    ExplanationJson.Write(json, explanation);
                    json.WriteEndObject();
                }
                if (failure.Trace.Count > 0 && annotations.HasFlag(AnnotationSet.TraceText))
                    json.WriteString($"@{AnnotationNames.TraceText}", string.Join('\n', failure.Trace));
            }
            json.WriteString("@Platform.TraceId", TraceId(context));
            json.WriteEndObject();
            json.WriteEndObject();
            await body.CompleteAsync(context.Response, context.RequestAborted);
        }
        finally
        {
            body.Return();
        }
    }
}
