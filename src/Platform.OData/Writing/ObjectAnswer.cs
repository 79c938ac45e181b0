using System.Text.Json;
using Platform.OData.Headers;
using Platform.OData.Routing;

namespace Platform.OData.Writing;

/// <summary>Answers with one object, as actions and functions do.</summary>
internal static class ObjectAnswer
{
    /// <param name="context">What stands behind <c>$metadata#</c> in the context URL.</param>
    /// <param name="members">Writes the members of the object.</param>
    public static async Task WriteAsync(ApiRequest request, string context, Action<Utf8JsonWriter> members)
    {
        var body = JsonBody.Rent();
        try
        {
            body.Json.WriteStartObject();
            body.Json.WriteString(SingleRowSink.ContextName, $"{request.Root.Url}$metadata#{context}");
            members(body.Json);
            body.Json.WriteEndObject();
            WebApiHeaders.Set(request.Response);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }
}
