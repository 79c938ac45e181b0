namespace Platform.Server.Hosting;

/// <summary>Which pages of other sites may call the Web API (CORS): those of the origins that the configuration names under <c>Cors:Origins</c>, by default none.</summary>
/// <remarks>They bring an access token along; cookies of the app are never sent with such a call.</remarks>
internal static class OtherOrigins
{
    private const string Policy = "OtherOrigins";

    /// <summary>What scripts may read of an answer beside its body.</summary>
    private static readonly string[] Headers =
        ["OData-EntityId", "OData-Version", "Location", "ETag", "Allow", "Preference-Applied", "Retry-After", "REQ_ID", "Content-Disposition", "x-ms-file-name", "x-ms-file-size", "mimetype",
         "x-ms-ratelimit-burst-remaining-xrm-requests", "x-ms-ratelimit-time-remaining-xrm-requests"];

    /// <exception cref="FormatException">One of them is no origin.</exception>
    public static void AddOtherOrigins(this WebApplicationBuilder builder)
    {
        var origins = builder.Configuration.GetSection("Cors:Origins").Get<string[]>() ?? [];
        if (origins.FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong)
            throw new FormatException($"Cors:Origins names '{wrong}', which is no origin. Write scheme, host and, where it is not the usual one, port: https://app.example.com.");
        builder.Services.AddCors(cors => cors.AddPolicy(Policy, policy => policy
            .WithOrigins(origins).AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(Headers).SetPreflightMaxAge(TimeSpan.FromHours(1))));
    }

    public static void UseOtherOrigins(this WebApplication app) =>
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/api") || http.Request.Path.StartsWithSegments("/connect"), api => api.UseCors(Policy));

    // "*" is everybody: without a token nobody gets anything.
    private static bool IsOrigin(string origin) =>
        origin == "*" || (Uri.TryCreate(origin, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.GetLeftPart(UriPartial.Authority) == origin);
}
