using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Platform.OData.Headers;

/// <summary>Headers that every answer with a body carries; their values are made once.</summary>
internal static class WebApiHeaders
{
    private static readonly StringValues Version = "4.0";
    private static readonly StringValues NoSniff = "nosniff";
    private static readonly StringValues NoCache = "no-cache";
    private static readonly StringValues Json = "application/json; odata.metadata=minimal";

    public static void Set(HttpResponse response)
    {
        SetVersion(response);
        response.Headers.ContentType = Json;
        response.Headers.XContentTypeOptions = NoSniff;
        // Answers depend on who asks and in which language: a cache may keep them, but must ask before it uses them.
        response.Headers.CacheControl = NoCache;
    }

    /// <summary>For answers without a body.</summary>
    public static void SetVersion(HttpResponse response) => response.Headers["OData-Version"] = Version;

    /// <param name="also">A preference that not every answer honours, and this one does.</param>
    public static void SetApplied(HttpResponse response, Preferences preferences, string? also = null)
    {
        if (preferences.Applied is { } applied) response.Headers["Preference-Applied"] = also is null ? applied : $"{applied},{also}";
        else if (also is not null) response.Headers["Preference-Applied"] = also;
    }
}
