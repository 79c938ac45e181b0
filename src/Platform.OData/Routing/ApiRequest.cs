using Microsoft.AspNetCore.Http;
using Platform.Engine;
using Platform.Engine.Metadata;
using Platform.Engine.Security;
using Platform.OData.Batch;
using Platform.OData.Headers;
using Platform.OData.Queries;

namespace Platform.OData.Routing;

/// <summary>A request as the endpoints see it: who asks, what it addresses, under which metadata.</summary>
internal readonly struct ApiRequest(HttpContext context, ServiceRoot root, ResourcePath path, MetadataSnapshot metadata, Caller caller, Preferences preferences)
{
    public HttpContext Http => context;

    public HttpRequest Request => context.Request;

    public HttpResponse Response => context.Response;

    public ResourcePath Path => path;

    public MetadataSnapshot Metadata => metadata;

    public Caller Caller => caller;

    public Preferences Preferences => preferences;

    public CancellationToken Aborted => context.RequestAborted;

    /// <summary>The entity of a path that has one.</summary>
    public EntityDefinition Entity => path.Entity!;

    public ServiceRoot Root => root;

    /// <summary>Duplicates are looked for before a row is written (<c>MSCRM.SuppressDuplicateDetection: false</c>).</summary>
    /// <exception cref="PlatformException">The header is neither true nor false.</exception>
    public bool DetectsDuplicates => Request.Headers["MSCRM.SuppressDuplicateDetection"].ToString() switch
    {
        "" => false,
        var text when bool.TryParse(text, out var suppressed) => !suppressed,
        var text => throw Errors.BadRequest($"The header MSCRM.SuppressDuplicateDetection is '{text}'.", "true or false."),
    };

    /// <summary>Plan of the query string, which must make sense for one row.</summary>
    public QueryPlan RowPlan() => RowPlan(Entity);

    /// <summary>The same for a row of another entity than the path begins with.</summary>
    public QueryPlan RowPlan(EntityDefinition entity) => QueryPlans.Of(metadata).ForUrl(entity, context.Request.QueryString.Value ?? "").DemandSingleRow();

    /// <summary>Answers 405 with the methods that are there; OPTIONS with those alone.</summary>
    /// <param name="allowed">Value of the <c>Allow</c> header; where there is GET, there is HEAD.</param>
    public PlatformException MethodNotAllowed(string allowed)
    {
        if (allowed.StartsWith("GET", StringComparison.Ordinal) && !allowed.Contains("HEAD", StringComparison.Ordinal) && context.Features.Get<BatchPart>() is null)
            allowed = "GET, HEAD" + allowed["GET".Length..];
        context.Response.Headers.Allow = allowed;
        return Errors.MethodNotAllowed(context.Request.Method, allowed);
    }
}
