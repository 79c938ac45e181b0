using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Engine;
using Platform.Engine.Catalog;
using Platform.OData.Headers;
using Platform.OData.Metadata.Model;
using Platform.OData.Model;
using Platform.OData.Writing;

namespace Platform.OData.Routing;

/// <summary>What the service says of itself: its entity sets, its model, and who is asking.</summary>
internal sealed class ServiceEndpoints(OrganizationIdentity organization, ILogger<ServiceEndpoints> logger)
{
    private long loggedVersion = -1;

    /// <summary>The service document.</summary>
    public static async Task DocumentAsync(ApiRequest request)
    {
        DemandGet(request);
        var body = JsonBody.Rent();
        try
        {
            var json = body.Json;
            json.WriteStartObject();
            json.WriteString(SingleRowSink.ContextName, request.Root.Url + "$metadata");
            json.WriteStartArray("value");
            foreach (var set in request.Metadata.Entities.Select(entity => entity.EntitySetName).Concat(MetadataModel.Sets))
            {
                json.WriteStartObject();
                json.WriteString("name", set);
                json.WriteString("kind", "EntitySet");
                json.WriteString("url", set);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            WebApiHeaders.Set(request.Response);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    /// <summary><c>$metadata</c>, as XML unless <c>$format</c> asks for JSON: clients of Dataverse that accept JSON from every address expect XML of this one.</summary>
    public async Task MetadataAsync(ApiRequest request)
    {
        DemandGet(request);
        var document = IsJson(request) ? MetadataDocument.JsonOf(request.Metadata) : MetadataDocument.XmlOf(request.Metadata);
        if (Interlocked.Exchange(ref loggedVersion, request.Metadata.Version) != request.Metadata.Version)
            Log.MetadataWritten(logger, request.Metadata.Version, request.Metadata.Entities.Length, document.Bytes.Length);
        var response = request.Response;
        WebApiHeaders.SetVersion(response);
        response.Headers.ETag = document.EntityTag;
        if (request.Request.Headers.IfNoneMatch == document.EntityTag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        WebApiHeaders.Set(response);
        response.ContentType = document.ContentType;
        response.ContentLength = document.Bytes.Length;
        await response.BodyWriter.WriteAsync(document.Bytes, request.Aborted);
    }

    /// <summary><c>WhoAmI()</c>.</summary>
    public async Task WhoAmIAsync(ApiRequest request)
    {
        DemandGet(request);
        var organizationId = await organization.IdAsync(request.Aborted);
        var body = JsonBody.Rent();
        try
        {
            var json = body.Json;
            json.WriteStartObject();
            json.WriteString(SingleRowSink.ContextName, request.Root.Url + "$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse");
            json.WriteString("BusinessUnitId", request.Caller.BusinessUnitId);
            json.WriteString("UserId", request.Caller.UserId);
            json.WriteString("OrganizationId", organizationId);
            json.WriteEndObject();
            WebApiHeaders.Set(request.Response);
            await body.CompleteAsync(request.Response, request.Aborted);
        }
        finally
        {
            body.Return();
        }
    }

    private static bool IsJson(in ApiRequest request) => request.Request.Query["$format"].ToString().Split(';')[0].Trim() switch
    {
        "" or "xml" or "application/xml" => false,
        "json" or "application/json" => true,
        var other => throw Errors.NotOffered($"$format={other} of $metadata"),
    };

    private static void DemandGet(in ApiRequest request)
    {
        if (!HttpMethods.IsGet(request.Request.Method)) throw request.MethodNotAllowed("GET");
    }
}
